package org.ws2j.bench.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/** An end by the streams of a blocking java.net.Socket; for buffers on the heap, whose arrays the streams take. */
public final class SocketEnd implements End {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private SocketEnd(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    public static Connection connection() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            return new Connection(new SocketEnd(client), new SocketEnd(listener.accept()));
        }
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        out.write(source.array(), source.arrayOffset() + source.position(), source.remaining());
        source.position(source.limit());
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int n = in.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
        if (n > 0) {
            target.position(target.position() + n);
        }
        return n;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
