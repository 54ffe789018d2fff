package org.ws2j.provider.extension;

import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaOverlapped;

/** What a WSARecvMsg writes into its message: the source, the flags, and that there is no control information. */
final class ReceivedMessage {
    private final WsaMsg message;
    private final ReceiveResult result;

    /** A message that was filled is its client's again; it is filled once. Written by one thread after the other. */
    private boolean filled;

    ReceivedMessage(WsaMsg message) {
        this.message = message;
        this.result = new ReceiveResult(message.flags());
    }

    ReceiveResult result() {
        return result;
    }

    int flags() {
        return message.flags();
    }

    /** Fills it, if something was received. */
    void fill(int error) {
        boolean truncated = error == WsaError.WSAEMSGSIZE.code();
        if (filled || (error != 0 && !truncated)) {
            return;
        }
        filled = true;
        message.name(result.from());
        message.flags(result.flags() | (truncated ? MessageFlag.MSG_TRUNC : 0));
        if (message.control() != null) {
            message.control().limit(message.control().position());
        }
    }

    /** The overlapped receive of a message, whose client waits for an event or a packet. */
    static final class Operation extends ClientOperation implements CompletionSink {
        private final ReceivedMessage received;
        private final InnerBlock inner;

        Operation(Extensions extensions, ExtensionSocket socket, ReceivedMessage received, WsaOverlapped block) {
            super(extensions, socket, block);
            this.received = received;
            this.inner = new InnerBlock(this);
        }

        InnerBlock inner() {
            return inner;
        }

        @Override
        int flags() {
            return received.flags();
        }

        @Override
        public void completed(WsaOverlapped overlapped, int error, int bytesTransferred) {
            received.fill(error);
            WinsockException why = failure(error);
            finish(why, bytesTransferred);
        }
    }
}
