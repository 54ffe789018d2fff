package org.ws2j.cli.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;

/** What a client says to the HTTP server, and what it has heard. */
final class HttpConversation {
    private final InetSocketAddress server;
    private final ByteBuffer request;
    private final CountDownLatch gate;
    private final HttpMessage answer = new HttpMessage();

    HttpConversation(InetSocketAddress server, ByteBuffer request, CountDownLatch gate) {
        this.server = server;
        this.request = request;
        this.gate = gate;
    }

    InetSocketAddress server() {
        return server;
    }

    /** {@return what is still to be sent, from position to limit} */
    ByteBuffer request() {
        return request;
    }

    /** The client is about to wait: the server may answer. */
    void letServerAnswer() {
        gate.countDown();
    }

    /** Takes a piece of the answer, from position 0 to the given length. */
    void received(ByteBuffer buffer, int length) throws IOException {
        answer.add(buffer.duplicate().position(0).limit(length));
    }

    /** {@return the answer's body, after the end of the stream} */
    Fingerprint answer() throws IOException {
        return answer.body();
    }
}
