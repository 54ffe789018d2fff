package org.ws2j.host;

import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.Reports;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** A host with a base provider of each kind of handle, both started. */
final class TwoKinds implements AutoCloseable {
    final FakeHost host = new FakeHost();
    final FakeModule nonIfs = FakeModule.nonIfs("nonifs");
    final FakeModule ifs = FakeModule.ifs("ifs");
    final WsaProtocolInfo nonIfsEntry;
    final WsaProtocolInfo ifsEntry;
    final Winsock winsock;
    final NonIfsTable nonIfsTable;
    final IfsTable ifsTable;
    final Upcalls upcalls;

    TwoKinds() throws WinsockException {
        nonIfsEntry = host.base(nonIfs, FakeHost.tcp());
        ifsEntry = host.base(ifs, FakeHost.udp());
        winsock = host.start();
        winsock.closesocket(host.socket(nonIfsEntry));
        winsock.closesocket(host.socket(ifsEntry));
        nonIfsTable = nonIfs.table(NonIfsTable.class);
        ifsTable = ifs.table(IfsTable.class);
        upcalls = nonIfs.upcalls();
    }

    /** A client's socket of the non-IFS provider. */
    SocketHandle created() throws WinsockException {
        return host.socket(nonIfsEntry);
    }

    /** A client's socket of the IFS provider. */
    SocketHandle file() throws WinsockException {
        return host.socket(ifsEntry);
    }

    /** A handle that the client does not know. */
    SocketHandle handle(Object context) throws WinsockException {
        return upcalls.wpuCreateSocketHandle(nonIfsEntry.catalogEntryId(), context);
    }

    Reports reports() {
        return host.reports();
    }

    @Override
    public void close() {
        host.close();
    }
}
