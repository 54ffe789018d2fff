package org.ws2j.cli.demo.tee;

import org.ws2j.layer.LayeredSocket;
import org.ws2j.spi.SocketHandle;

/** A socket of the layer, with the stream of its copies once there is one. */
final class TeeSocket extends LayeredSocket {
    /** Guarded by this. */
    private TeeStream stream;

    TeeSocket(TeeLayer layer, SocketHandle lower) {
        super(layer, lower);
    }

    synchronized TeeStream stream(TeeLayer layer) {
        if (stream == null) {
            stream = new TeeStream(layer);
        }
        return stream;
    }

    /** {@return the stream; null if nothing was copied} */
    synchronized TeeStream stream() {
        return stream;
    }
}
