package org.ws2j.host.fake;

import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** A base provider whose handles come from WPUCreateSocketHandle. */
public class NonIfsTable extends BaseTable {
    public NonIfsTable(FakeStart start) {
        super(start);
    }

    @Override
    public FakeSocket socket(SocketHandle s) throws WinsockException {
        return (FakeSocket) upcalls().wpuQuerySocketHandleContext(s);
    }

    @Override
    protected SocketHandle handle(int catalogEntryId, FakeSocket socket) throws WinsockException {
        return upcalls().wpuCreateSocketHandle(catalogEntryId, socket);
    }

    @Override
    protected void release(SocketHandle s) throws WinsockException {
        upcalls().wpuCloseSocketHandle(s);
    }

    @Override
    public void complete(FakeSocket.Request request, int error, int bytes) throws WinsockException {
        upcalls().wpuCompleteOverlappedRequest(request.socket(), request.overlapped(), error, bytes);
    }
}
