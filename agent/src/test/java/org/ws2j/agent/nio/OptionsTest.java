package org.ws2j.agent.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.TreeMap;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The options of channels, and what else a provider opens. */
final class OptionsTest extends ChannelTest {
    /** {@return every option that can be read, by name: equal for equal channels} */
    private static Map<String, String> values(NetworkChannel channel) {
        Map<String, String> values = new TreeMap<>();
        for (SocketOption<?> option : channel.supportedOptions()) {
            values.put(option.name(), value(channel, option));
        }
        return values;
    }

    private static String value(NetworkChannel channel, SocketOption<?> option) {
        try {
            return String.valueOf(channel.getOption(option));
        } catch (IOException | RuntimeException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @EnumSource
    void freshChannelsHaveTheOptionsOfTheJdksOwn(Way way) throws IOException {
        use(way);
        SelectorProvider jdk = SelectorProvider.provider();
        assertThat(values(socket())).isEqualTo(values(closing(jdk.openSocketChannel())));
        assertThat(values(datagrams())).isEqualTo(values(closing(jdk.openDatagramChannel())));
        assertThat(values(unboundServer())).isEqualTo(values(closing(jdk.openServerSocketChannel())));
        assertThat(socket().supportedOptions()).isEqualTo(closing(jdk.openSocketChannel()).supportedOptions());
        assertThat(unboundServer().supportedOptions())
                .isEqualTo(closing(jdk.openServerSocketChannel()).supportedOptions());
    }

    @ParameterizedTest
    @EnumSource
    void connectedChannelsDoToo(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        Map<String, String> client = values(pair.client());
        Map<String, String> server = values(pair.server());
        ServerSocketChannel listener = server();
        Map<String, String> listening = values(listener);
        use(Way.JDK);
        Pair jdks = pair();
        client.keySet().removeIf(name -> name.endsWith("BUF") || name.startsWith("SO_INCOMING"));
        server.keySet().removeIf(name -> name.endsWith("BUF") || name.startsWith("SO_INCOMING"));
        assertThat(values(jdks.client())).containsAllEntriesOf(client);
        assertThat(values(jdks.server())).containsAllEntriesOf(server);
        assertThat(listening).isEqualTo(values(server()));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSetIsTheValueFromThenOn(Way way) throws IOException {
        use(way);
        SocketChannel channel = pair().client();
        assertSettable(channel, StandardSocketOptions.TCP_NODELAY, true);
        assertSettable(channel, StandardSocketOptions.TCP_NODELAY, false);
        assertSettable(channel, StandardSocketOptions.SO_KEEPALIVE, true);
        assertSettable(channel, StandardSocketOptions.SO_REUSEADDR, true);
        assertSettable(channel, StandardSocketOptions.SO_REUSEADDR, false);
        assertSettable(channel, StandardSocketOptions.SO_REUSEPORT, true);
        assertSettable(channel, StandardSocketOptions.SO_LINGER, 7);
        assertSettable(channel, StandardSocketOptions.SO_LINGER, 0);
        assertSettable(channel, StandardSocketOptions.SO_LINGER, -1);
        assertSettable(channel, StandardSocketOptions.IP_TOS, 0x10);
        assertSettable(channel, ExtendedSocketOptions.TCP_KEEPIDLE, 33);
        assertSettable(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
        assertSettable(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, 5);
        assertSettable(channel, ExtendedSocketOptions.TCP_QUICKACK, true);
        channel.setOption(StandardSocketOptions.SO_LINGER, -9);
        assertThat(channel.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
        channel.setOption(StandardSocketOptions.SO_LINGER, 70_000);
        assertThat(channel.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(65_535);
        channel.setOption(StandardSocketOptions.SO_LINGER, -1);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 50_000);
        assertThat(channel.getOption(StandardSocketOptions.SO_SNDBUF)).isGreaterThanOrEqualTo(50_000);
    }

    private static <T> void assertSettable(NetworkChannel channel, SocketOption<T> option, T value)
            throws IOException {
        assertThat(channel.setOption(option, value)).isSameAs(channel);
        assertThat(channel.getOption(option)).as(option.name()).isEqualTo(value);
    }

    @ParameterizedTest
    @EnumSource
    void optionsOfDatagramsAreSetToo(Way way) throws IOException {
        use(way);
        DatagramChannel channel = datagrams();
        assertSettable(channel, StandardSocketOptions.SO_BROADCAST, true);
        assertSettable(channel, StandardSocketOptions.IP_MULTICAST_TTL, 9);
        assertSettable(channel, StandardSocketOptions.IP_MULTICAST_LOOP, false);
        assertSettable(channel, StandardSocketOptions.SO_REUSEADDR, true);
        assertSettable(channel, StandardSocketOptions.SO_REUSEPORT, true);
        assertThat(channel.getOption(StandardSocketOptions.IP_MULTICAST_IF)).isNull();
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 256))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid TTL/hop value");
    }

    @ParameterizedTest
    @EnumSource
    void wrongOptionsAndValuesAreRefused(Way way) throws IOException {
        use(way);
        SocketChannel channel = socket();
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1))
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("'IP_MULTICAST_TTL' not supported");
        assertThatThrownBy(() -> channel.getOption(StandardSocketOptions.SO_BROADCAST))
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("'SO_BROADCAST' not supported");
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.SO_RCVBUF, null))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid value 'null'");
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.SO_RCVBUF, -1))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid send/receive buffer size");
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.IP_TOS, 256))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid IP_TOS value");
        assertThatThrownBy(() -> channel.setOption(null, null)).isExactlyInstanceOf(NullPointerException.class);
    }

    @ParameterizedTest
    @EnumSource
    void listenersShareAPortWhereTheyAgree(Way way) throws IOException {
        use(way);
        ServerSocketChannel first = unboundServer();
        first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        first.bind(loopback(0));
        ServerSocketChannel second = unboundServer();
        second.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        second.bind(first.getLocalAddress());
        assertThat(second.getLocalAddress()).isEqualTo(first.getLocalAddress());
    }

    @ParameterizedTest
    @EnumSource
    void aListenersReceiveBufferIsThatOfItsConnections(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = unboundServer();
        server.setOption(StandardSocketOptions.SO_RCVBUF, 20_000);
        server.bind(loopback(0));
        int set = server.getOption(StandardSocketOptions.SO_RCVBUF);
        socket().connect(server.getLocalAddress());
        SocketChannel accepted = closing(server.accept());
        assertThat(accepted.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(set);
        assertThat(accepted.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aProviderOpensFamiliesAndKinds(Way way) throws IOException {
        use(way);
        SelectorProvider provider = stack().provider();
        assertThat(socket().provider()).isSameAs(provider);
        closing(provider.openSocketChannel(StandardProtocolFamily.INET)).bind(loopback(0));
        closing(provider.openServerSocketChannel(StandardProtocolFamily.INET6)).bind(loopback(0));
        closing(provider.openDatagramChannel(StandardProtocolFamily.INET)).bind(null);
        SocketChannel unix = closing(provider.openSocketChannel(StandardProtocolFamily.UNIX));
        assertThatThrownBy(unix::socket).isExactlyInstanceOf(UnsupportedOperationException.class);
        closing(provider.openServerSocketChannel(StandardProtocolFamily.UNIX));
        assertThatThrownBy(() -> provider.openDatagramChannel(StandardProtocolFamily.UNIX))
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("Protocol family not supported");
        assertThatThrownBy(() -> provider.openSocketChannel(null)).isExactlyInstanceOf(NullPointerException.class)
                .hasMessage("'family' is null");
        assertThat(provider.inheritedChannel()).isNull();
    }
}
