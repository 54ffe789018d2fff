package org.ws2j.provider.extension;

import java.nio.ByteBuffer;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;

/** A ConnectEx. */
public final class ConnectOperation extends ClientOperation implements CompletionSink {
    private final ByteBuffer data;

    ConnectOperation(Extensions extensions, ExtensionSocket socket, ByteBuffer data, WsaOverlapped block) {
        super(extensions, socket, block);
        this.data = data == null ? null : data.slice();
    }

    /** The socket is connected: the first data follows. */
    public void connected() {
        if (data == null || !data.hasRemaining()) {
            finish(null, 0);
            return;
        }
        try {
            socket().send(data, new InnerBlock(this));
        } catch (WinsockException e) {
            finish(e, 0);
        }
    }

    /**
     * The connection could not be made.
     *
     * @param why the reason
     */
    public void failed(WinsockException why) {
        finish(why, 0);
    }

    /** The first data is sent. */
    @Override
    public void completed(WsaOverlapped overlapped, int error, int bytesTransferred) {
        finish(failure(error), bytesTransferred);
    }
}
