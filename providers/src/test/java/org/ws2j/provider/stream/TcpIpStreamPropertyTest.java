package org.ws2j.provider.stream;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.WinsockException;

final class TcpIpStreamPropertyTest extends StreamProperty {
    @Override
    WinsockBuilder host() {
        return Winsock.builder().module(new TcpIpModule());
    }

    @Override
    Arbitrary<Script> scripts() {
        return Scripts.scripts(true, 0, 4_096);
    }

    @Property(tries = 200)
    void bytesComeInOrderOnceAndAllOfThem(@ForAll("scripts") Script script) throws WinsockException {
        check(script);
    }

    @Property(tries = 10_000)
    @Tag("full")
    void bytesComeInOrderOnceAndAllOfThemInManyCases(@ForAll("scripts") Script script) throws WinsockException {
        check(script);
    }
}
