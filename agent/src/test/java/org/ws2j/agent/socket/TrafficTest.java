package org.ws2j.agent.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ws2j.agent.TestNetwork;

final class TrafficTest {
    @Test
    void aClosedSocketHoldsNoOther() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AgentSocket first = network.stream(null);
            AgentSocket second = network.stream(null);
            AgentSocket third = network.stream(null);
            second.close(false);
            assertThat(second.next).isNull();
            assertThat(second.previous).isNull();
            assertThat(network.traffic().channels()).containsExactly(third.channel(), first.channel());
        }
    }

    @Test
    void whatIsClosedTwiceCountsOnce() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AgentSocket first = network.stream(null);
            AgentSocket second = network.stream(null);
            AgentSocket third = network.stream(null);
            for (int i = 0; i < 2; i++) {
                second.close(false);
                assertThat(network.traffic().sums().open()).isEqualTo(2);
                assertThat(network.traffic().channels()).containsExactly(third.channel(), first.channel());
            }
            third.close(false);
            first.close(false);
            first.close(false);
            assertThat(network.traffic().sums().open()).isZero();
            assertThat(network.traffic().channels()).isEmpty();
        }
    }
}
