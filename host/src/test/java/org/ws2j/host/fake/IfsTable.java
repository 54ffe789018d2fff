package org.ws2j.host.fake;

import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** A base provider whose handles are the file system's, registered by WPUModifyIFSHandle. */
public class IfsTable extends BaseTable {
    public IfsTable(FakeStart start) {
        super(start);
    }

    @Override
    public FakeSocket socket(SocketHandle s) throws WinsockException {
        return (FakeSocket) services().files().fileObject(s);
    }

    @Override
    protected SocketHandle handle(int catalogEntryId, FakeSocket socket) throws WinsockException {
        return upcalls().wpuModifyIfsHandle(catalogEntryId, services().files().createFileHandle(socket));
    }

    @Override
    protected void release(SocketHandle s) throws WinsockException {
        services().files().closeHandle(s);
    }

    @Override
    public void complete(FakeSocket.Request request, int error, int bytes) throws WinsockException {
        services().files().completeRequest(request.socket(), request.overlapped(), error, bytes);
    }
}
