package org.ws2j.provider.memory;

import org.ws2j.provider.extension.ExtensionBase;
import org.ws2j.provider.extension.ExtensionSocket;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WspProcTable;

/** The provider as its extension functions see it. */
record MemoryExtensions(MemoryStack stack) implements ExtensionBase {
    @Override
    public HostServices services() {
        return stack.services();
    }

    @Override
    public Upcalls upcalls() {
        return stack.upcalls();
    }

    @Override
    public WspProcTable table() {
        return stack.table();
    }

    @Override
    public boolean isDown() {
        return stack.isDown();
    }

    @Override
    public ExtensionSocket socket(SocketHandle s) throws WinsockException {
        return new MemoryExtensionSocket(stack.descriptor(s));
    }
}
