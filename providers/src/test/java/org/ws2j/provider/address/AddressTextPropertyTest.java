package org.ws2j.provider.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.provider.memory.MemoryModule;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;

/** An address and its numeric text stand for each other, with both providers. */
final class AddressTextPropertyTest {
    private final Map<Provider, Winsock> hosts = new EnumMap<>(Provider.class);

    enum Provider {
        TCPIP, MEMORY
    }

    @BeforeProperty
    void start() throws WinsockException {
        hosts.put(Provider.TCPIP, host(new TcpIpModule()));
        hosts.put(Provider.MEMORY, host(new MemoryModule()));
    }

    /** With a GUID of the installer's, which the provider does not know beforehand. */
    private static Winsock host(TransportModule module) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        catalog.wscInstallProvider(UUID.randomUUID(), "builtin:" + module.name(), module.protocols(), Map.of());
        Winsock winsock = Winsock.builder().module(module).catalog(catalog).build();
        winsock.wsaStartup(WinsockVersion.V2_2);
        return winsock;
    }

    @AfterProperty
    void close() {
        hosts.values().forEach(Winsock::close);
    }

    @Property
    void aTextOfAnIpv4AddressMeansThatAddress(
            @ForAll Provider provider, @ForAll("addresses4") InetSocketAddress address) throws WinsockException {
        InetSocketAddress parsed = parse(provider, text(provider, address), AddressFamily.AF_INET);
        assertThat(parsed).isEqualTo(address);
    }

    @Property
    void aTextOfAnIpv6AddressMeansThatAddressAndThatScope(
            @ForAll Provider provider, @ForAll("addresses6") InetSocketAddress address) throws WinsockException {
        String text = text(provider, address);
        InetSocketAddress parsed = parse(provider, text, AddressFamily.AF_INET6);
        assertThat(parsed).as(text).isEqualTo(address);
        assertThat(scopeOf(parsed)).as(text).isEqualTo(scopeOf(address));
        assertThat(text.startsWith("[")).as("brackets around %s", text).isEqualTo(address.getPort() != 0);
    }

    @Property
    void everyWayToWriteAnIpv6AddressMeansTheSame(
            @ForAll Provider provider, @ForAll("addresses6") InetSocketAddress address) throws WinsockException {
        String port = address.getPort() == 0 ? "" : ":" + address.getPort();
        // The JDK writes all eight groups.
        String host = address.getAddress().getHostAddress();
        for (String text : List.of("[" + host + "]" + port, "[" + host.toUpperCase(Locale.ROOT) + "]" + port)) {
            InetSocketAddress parsed = parse(provider, text, AddressFamily.AF_INET6);
            assertThat(parsed).as(text).isEqualTo(address);
            assertThat(scopeOf(parsed)).as(text).isEqualTo(scopeOf(address));
        }
    }

    @Property
    void aTextIsWrittenInOneWay(
            @ForAll Provider provider, @ForAll("addresses6") InetSocketAddress address) throws WinsockException {
        String text = text(provider, address);
        assertThat(text(provider, parse(provider, text, AddressFamily.AF_INET6))).isEqualTo(text);
        assertThat(text).isEqualTo(text.toLowerCase(Locale.ROOT)).doesNotContain(":::");
    }

    @Property
    void anyOtherTextIsRefused(@ForAll Provider provider, @ForAll("almostAddresses") String text) {
        for (int family : new int[] {AddressFamily.AF_INET, AddressFamily.AF_INET6}) {
            try {
                InetSocketAddress parsed = parse(provider, text, family);
                assertThat(parse(provider, text(provider, parsed), family)).as(text).isEqualTo(parsed);
            } catch (WinsockException e) {
                assertThat(e.is(WsaError.WSAEINVAL)).as("%s: %s", text, e.getMessage()).isTrue();
            }
        }
    }

    @Provide
    Arbitrary<InetSocketAddress> addresses4() {
        return Combinators.combine(Arbitraries.bytes().array(byte[].class).ofSize(4), ports())
                .as((bytes, port) -> new InetSocketAddress(address4(bytes), port));
    }

    /** Groups of zeros are frequent, as they are what the text leaves out. */
    @Provide
    Arbitrary<InetSocketAddress> addresses6() {
        Arbitrary<Integer> group = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(0)), Tuple.of(1, Arbitraries.integers().between(0, 0xFFFF)));
        Arbitrary<Integer> scope = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(0)), Tuple.of(1, Arbitraries.integers().between(1, Integer.MAX_VALUE)));
        return Combinators.combine(group.list().ofSize(8).filter(groups -> !isMapped(groups)), scope, ports())
                .as((groups, id, port) -> new InetSocketAddress(address6(groups, id), port));
    }

    /** ::ffff:1.2.3.4 is, for the JDK, an address of the other family. */
    private static boolean isMapped(List<Integer> groups) {
        return groups.subList(0, 5).stream().allMatch(group -> group == 0) && groups.get(5) == 0xFFFF;
    }

    @Provide
    Arbitrary<String> almostAddresses() {
        return Arbitraries.strings().withChars("01259afF.:[]%x -+").ofMaxLength(24);
    }

    private static Arbitrary<Integer> ports() {
        return Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(0)), Tuple.of(3, Arbitraries.integers().between(1, 65_535)));
    }

    private static InetAddress address4(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return fail(e);
        }
    }

    private static Inet6Address address6(List<Integer> groups, int scope) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < groups.size(); i++) {
            bytes[2 * i] = (byte) (groups.get(i) >>> 8);
            bytes[2 * i + 1] = (byte) (int) groups.get(i);
        }
        try {
            return Inet6Address.getByAddress(null, bytes, scope == 0 ? -1 : scope);
        } catch (UnknownHostException e) {
            return fail(e);
        }
    }

    private static int scopeOf(InetSocketAddress address) {
        return ((Inet6Address) address.getAddress()).getScopeId();
    }

    private String text(Provider provider, InetSocketAddress address) throws WinsockException {
        return hosts.get(provider).wsaAddressToString(address, null);
    }

    private InetSocketAddress parse(Provider provider, String text, int family) throws WinsockException {
        return (InetSocketAddress) hosts.get(provider).wsaStringToAddress(text, family, null);
    }
}
