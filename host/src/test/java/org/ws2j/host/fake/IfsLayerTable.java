package org.ws2j.host.fake;

import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** A layer that passes the handles of an IFS base provider through, and has them registered as its own. */
public class IfsLayerTable extends LayerTable {
    public IfsLayerTable(FakeStart start) throws WinsockException {
        super(start, 0);
    }

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        SocketHandle below = lower().wspSocket(af, type, protocol, lowerInfo(), g, dwFlags);
        return upcalls().wpuModifyIfsHandle(lpProtocolInfo.catalogEntryId(), below);
    }
}
