package org.ws2j.host.fake;

import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * A layer with handles of its own; the context of each is the handle below. Overlapped
 * requests go down as they are, and so complete on the handle below.
 */
public class NonIfsLayerTable extends LayerTable {
    public NonIfsLayerTable(FakeStart start) throws WinsockException {
        this(start, 0);
    }

    /** The layer at a place of its chain, 0 for the top. */
    public NonIfsLayerTable(FakeStart start, int place) throws WinsockException {
        super(start, place);
    }

    @Override
    public SocketHandle lower(SocketHandle s) throws WinsockException {
        return (SocketHandle) upcalls().wpuQuerySocketHandleContext(s);
    }

    /** The catalog entry id to create handles with; the chain's, as layers do it today. */
    protected int ownId(WsaProtocolInfo info) {
        return info.catalogEntryId();
    }

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        SocketHandle below = lower().wspSocket(af, type, protocol, lowerInfo(), g, dwFlags);
        return upcalls().wpuCreateSocketHandle(ownId(lpProtocolInfo), below);
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        lower().wspCloseSocket(lower(s));
        upcalls().wpuCloseSocketHandle(s);
    }

    @Override
    public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException {
        FdSet[] above = {readfds, writefds, exceptfds};
        FdSet[] below = {lower(readfds), lower(writefds), lower(exceptfds)};
        int n = lower().wspSelect(below[0], below[1], below[2], timeout);
        for (int i = 0; i < above.length; i++) {
            keep(above[i], below[i]);
        }
        return n;
    }

    private FdSet lower(FdSet set) throws WinsockException {
        if (set == null) {
            return null;
        }
        FdSet below = new FdSet(set.capacity());
        for (int i = 0; i < set.fdCount(); i++) {
            below.fdSet(lower(set.get(i)));
        }
        return below;
    }

    private void keep(FdSet above, FdSet below) throws WinsockException {
        for (int i = above == null ? -1 : above.fdCount() - 1; i >= 0; i--) {
            SocketHandle s = above.get(i);
            if (!upcalls().wpuFdIsSet(lower(s), below)) {
                above.fdClr(s);
            }
        }
    }
}
