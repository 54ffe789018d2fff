package org.ws2j.agent.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The two streams of a socket. */
final class SocketStreams {
    private SocketStreams() {}

    /** What comes in. */
    static final class Input extends InputStream {
        private final AgentSocketImpl socket;

        Input(AgentSocketImpl socket) {
            this.socket = socket;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return socket.read(one, 0, 1) > 0 ? one[0] & 0xFF : -1;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            return socket.read(b, off, len);
        }

        @Override
        public int available() throws IOException {
            return socket.available();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** What goes out. */
    static final class Output extends OutputStream {
        private final AgentSocketImpl socket;

        Output(AgentSocketImpl socket) {
            this.socket = socket;
        }

        @Override
        public void write(int b) throws IOException {
            socket.write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            socket.write(b, off, len);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
