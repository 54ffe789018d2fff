package org.ws2j.agent.behaviour;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketImpl;

/** An application's own implementation, which is connected to everybody and says one byte. */
final class RecordingSocketImpl extends SocketImpl {
    private static final int GREETING = 42;

    @Override
    protected void create(boolean stream) {
        // There is nothing to be made.
    }

    @Override
    protected void connect(String host, int newPort) {
        port = newPort;
    }

    @Override
    protected void connect(InetAddress newAddress, int newPort) {
        address = newAddress;
        port = newPort;
    }

    @Override
    protected void connect(SocketAddress to, int timeout) {
        connect(((InetSocketAddress) to).getAddress(), ((InetSocketAddress) to).getPort());
    }

    @Override
    protected void bind(InetAddress host, int newPort) {
        localport = newPort;
    }

    @Override
    protected void listen(int backlog) {
        // Nobody comes.
    }

    @Override
    protected void accept(SocketImpl s) {
        // Nobody comes.
    }

    @Override
    protected InputStream getInputStream() {
        return new ByteArrayInputStream(new byte[] {GREETING});
    }

    @Override
    protected OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    protected int available() {
        return 1;
    }

    @Override
    protected void close() {
        // There is nothing to be closed.
    }

    @Override
    protected void sendUrgentData(int data) {
        // Nobody listens.
    }

    @Override
    public void setOption(int id, Object value) {
        // It has none.
    }

    @Override
    public Object getOption(int id) {
        return null;
    }
}
