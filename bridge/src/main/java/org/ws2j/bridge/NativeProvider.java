package org.ws2j.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspStartup;

/** WSPStartup of a library, for one host. */
final class NativeProvider implements TransportProvider {
    private static final int DATA = 516;
    private static final int DESCRIPTION = 4;
    private static final int DESCRIPTION_UNITS = 256;

    private final NativeLibrary library;
    private final Session session;
    private final HostServices services;

    NativeProvider(NativeLibrary library, Session session, HostServices services) {
        this.library = library;
        this.session = session;
        this.services = services;
    }

    @Override
    public WspStartup wspStartup(WinsockVersion requested, WsaProtocolInfo protocolInfo, Upcalls upcalls)
            throws WinsockException {
        library.claim(session, services, upcalls);
        boolean started = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(DATA, 8);
            MemorySegment info = arena.allocate(ProtocolInfos.SIZE, 8);
            MemorySegment table = arena.allocate(NativeProcTable.SIZE, 8);
            ProtocolInfos.put(info.address(), protocolInfo);
            int error = Downcalls.call(
                    library.startup(), version(requested), data.address(), info.address(),
                    library.upcalls(upcalls).segment(), table.address());
            if (error != 0) {
                throw new WinsockException(error, "WSPStartup of " + library, null);
            }
            WspStartup startup = new WspStartup(data(data.address()), new NativeProcTable(library, session, table));
            started = true;
            return startup;
        } finally {
            if (!started) {
                library.release();
            }
        }
    }

    static short version(WinsockVersion version) {
        return (short) version.word();
    }

    private static WspData data(long address) {
        return new WspData(
                WinsockVersion.ofWord(Memory.getShort(address)),
                WinsockVersion.ofWord(Memory.getShort(address + 2)),
                Texts.getWide(address + DESCRIPTION, DESCRIPTION_UNITS));
    }

    static void putData(long address, WspData data) {
        Memory.putShort(address, version(data.version()));
        Memory.putShort(address + 2, version(data.highVersion()));
        Texts.putWide(address + DESCRIPTION, data.description(), DESCRIPTION_UNITS);
    }
}
