package org.ws2j.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

final class ResolvedNamesTest {
    private final ResolvedNames names = new ResolvedNames();

    private static InetAddress address(int n) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, (byte) (n >>> 16), (byte) (n >>> 8), (byte) n});
    }

    @Test
    void theNameThatResolvedMostRecentlyIsKnown() throws Exception {
        assertThat(names.nameOf(address(1))).isEmpty();
        names.resolved("first.example", address(1));
        names.resolved("second.example", address(1));
        assertThat(names.nameOf(address(1))).contains("second.example");
        assertThat(names.nameOf(address(2))).isEmpty();
    }

    @Test
    void theEldestNameGoesWhenThereAreTenThousandOthers() throws Exception {
        for (int i = 0; i <= 10_000; i++) {
            names.resolved("host" + i, address(i));
        }
        assertThat(names.nameOf(address(0))).isEmpty();
        assertThat(names.nameOf(address(1))).contains("host1");
        assertThat(names.nameOf(address(10_000))).contains("host10000");
    }

    @Test
    void aNameThatIsResolvedAgainIsTheNewest() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            names.resolved("host" + i, address(i));
        }
        names.resolved("again", address(0));
        names.resolved("new", address(10_000));
        assertThat(names.nameOf(address(0))).contains("again");
        assertThat(names.nameOf(address(1))).isEmpty();
    }
}
