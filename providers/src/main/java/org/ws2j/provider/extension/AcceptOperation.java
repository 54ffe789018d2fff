package org.ws2j.provider.extension;

import java.net.InetSocketAddress;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/** An AcceptEx. Its client hears of it on the listening socket. */
public final class AcceptOperation extends ClientOperation implements CompletionSink {
    private final ExtensionSocket target;
    private final AcceptBuffer buffer;
    private final InnerBlock receive;
    private volatile Runnable atEnd;

    AcceptOperation(Extensions extensions, ExtensionSocket listener, ExtensionSocket target, AcceptBuffer buffer,
            WsaOverlapped block) {
        super(extensions, listener, block);
        this.target = target;
        this.buffer = buffer;
        this.receive = new InnerBlock(this);
    }

    /** {@return whether the addresses will fit into the buffer; if not, a connection that comes ends the operation} */
    public boolean hasRoom() {
        return buffer.hasRoom(socket().info());
    }

    /** {@return the block of the receive of the first data} */
    public InnerBlock receiveBlock() {
        return receive;
    }

    /**
     * Sets what the provider does when it is over, before its client is told; without a lock.
     *
     * @param action runs once
     */
    public void whenOver(Runnable action) {
        atEnd = action;
    }

    @Override
    void over() {
        Runnable action = atEnd;
        if (action != null) {
            action.run();
        }
    }

    /** A connection has come, for which there is no room; it stays where it is. */
    public void tooShort() {
        finish(new WinsockException(WsaError.ERROR_INSUFFICIENT_BUFFER, "an address does not fit into its room"), 0);
    }

    /**
     * Nothing comes of it.
     *
     * @param why the reason
     */
    public void failed(WinsockException why) {
        finish(why, 0);
    }

    /**
     * The socket is connected.
     *
     * @param local its address
     * @param remote the peer's
     */
    public void accepted(InetSocketAddress local, InetSocketAddress remote) {
        buffer.put(local, remote);
        if (!buffer.data().hasRemaining()) {
            finish(null, 0);
            return;
        }
        try {
            target.receive(buffer.data(), receive);
        } catch (WinsockException e) {
            finish(e, 0);
        }
    }

    /** The first data has come, or will not. */
    @Override
    public void completed(WsaOverlapped overlapped, int error, int bytesTransferred) {
        finish(failure(error), bytesTransferred);
    }
}
