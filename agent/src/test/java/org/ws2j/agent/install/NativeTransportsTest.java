package org.ws2j.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NativeTransportsTest {
    private static final String RELOCATED = "test.shaded.netty.transport.noNative";

    private final List<String> lines = new ArrayList<>();
    private final NativeTransports transports = new NativeTransports(lines::add);

    @AfterEach
    void forget() {
        System.clearProperty(RELOCATED);
    }

    @Test
    void nettyIsToldToDoWithoutWhereverItHasBeenRelocatedTo() {
        transports.loading("test/shaded/netty/channel/epoll/Epoll");
        assertThat(System.getProperty(RELOCATED)).isEqualTo("true");
        assertThat(lines).isEmpty();
        assertThat(transports.found()).containsExactly(
                "native transports of test.shaded.netty, turned off by " + RELOCATED);
    }

    @Test
    void nettysIncubatorAsksForThePropertyOfNettyItself() {
        transports.loading("test/shaded/netty/incubator/channel/uring/IOUring");
        assertThat(System.getProperty(RELOCATED)).isEqualTo("true");
        assertThat(transports.found()).containsExactly(
                "native transports of test.shaded.netty, turned off by " + RELOCATED);
    }

    @Test
    void whatTheUserHasSaidToNettyStays() {
        System.setProperty(RELOCATED, "false");
        transports.loading("test/shaded/netty/channel/uring/IoUring");
        assertThat(System.getProperty(RELOCATED)).isEqualTo("false");
        assertThat(transports.found()).isEmpty();
    }

    @Test
    void aLibraryThatBypassesTheLayersIsToldOfOnce() {
        transports.loading("io/netty/channel/epoll/Native");
        transports.loading("io/netty/channel/epoll/Native");
        assertThat(lines).singleElement().asString().contains("epoll", "-Dio.netty.transport.noNative=true");
    }

    @Test
    void otherClassesMeanNothing() {
        transports.loading("java/lang/String");
        transports.loading(null);
        assertThat(lines).isEmpty();
        assertThat(transports.found()).isEmpty();
    }
}
