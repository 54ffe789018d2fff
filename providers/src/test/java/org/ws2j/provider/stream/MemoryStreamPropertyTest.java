package org.ws2j.provider.stream;

import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.provider.memory.MemoryModule;
import org.ws2j.spi.WinsockException;

final class MemoryStreamPropertyTest extends StreamProperty {
    @Override
    WinsockBuilder host() throws WinsockException {
        MemoryModule module = new MemoryModule();
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        catalog.wscInstallProvider(UUID.randomUUID(), "builtin:memory", module.protocols(), Map.of());
        return Winsock.builder().module(module).catalog(catalog);
    }

    @Override
    Arbitrary<Script> scripts() {
        return Scripts.scripts(true, 0, 1, 7, 100);
    }

    @Property(tries = 2_000)
    void bytesComeInOrderOnceAndAllOfThem(@ForAll("scripts") Script script) throws WinsockException {
        check(script);
    }

    @Property(tries = 100_000)
    @Tag("full")
    void bytesComeInOrderOnceAndAllOfThemInManyCases(@ForAll("scripts") Script script) throws WinsockException {
        check(script);
    }
}
