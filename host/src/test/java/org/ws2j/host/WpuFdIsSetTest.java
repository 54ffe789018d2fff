package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

@Timeout(30)
final class WpuFdIsSetTest {
    private final TwoKinds hosts;

    WpuFdIsSetTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void membersOfTheSetAreInItAndOthersAreNot() throws Exception {
        SocketHandle first = hosts.handle(null);
        SocketHandle last = hosts.file();
        FdSet set = FdSet.of(first, hosts.created(), last);
        assertThat(hosts.upcalls.wpuFdIsSet(first, set)).isTrue();
        assertThat(hosts.upcalls.wpuFdIsSet(last, set)).isTrue();
        assertThat(hosts.upcalls.wpuFdIsSet(hosts.handle(null), set)).isFalse();
        set.fdClr(first);
        assertThat(hosts.upcalls.wpuFdIsSet(first, set)).isFalse();
        assertThat(hosts.upcalls.wpuFdIsSet(last, set)).isTrue();
    }

    @Test
    void nothingIsInAnEmptySetOrInNone() throws Exception {
        SocketHandle s = hosts.handle(null);
        assertThat(hosts.upcalls.wpuFdIsSet(s, new FdSet())).isFalse();
        assertThat(hosts.upcalls.wpuFdIsSet(s, null)).isFalse();
        assertThat(hosts.upcalls.wpuFdIsSet(null, FdSet.of(s))).isFalse();
        assertThat(hosts.upcalls.wpuFdIsSet(null, null)).isFalse();
    }

    @Test
    void aMemberNeedNotBeOpen() throws Exception {
        SocketHandle s = hosts.handle(null);
        FdSet set = FdSet.of(s);
        hosts.upcalls.wpuCloseSocketHandle(s);
        assertThat(hosts.upcalls.wpuFdIsSet(s, set)).isTrue();
    }
}
