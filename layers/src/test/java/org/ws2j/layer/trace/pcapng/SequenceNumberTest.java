package org.ws2j.layer.trace.pcapng;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SequenceNumberTest {

    @Test
    void orderHoldsAcrossTheSignAndAcrossTheWrap() {
        assertThat(SequenceNumber.isBefore(1, 2)).isTrue();
        assertThat(SequenceNumber.isBefore(2, 1)).isFalse();
        assertThat(SequenceNumber.isBefore(5, 5)).isFalse();
        assertThat(SequenceNumber.isBefore(Integer.MAX_VALUE, Integer.MIN_VALUE))
                .isTrue();
        assertThat(SequenceNumber.isBefore(-1, 0)).isTrue();
        assertThat(SequenceNumber.isBefore(0xFFFF_FFF0, 0x10)).isTrue();
        assertThat(SequenceNumber.isBefore(0x10, 0xFFFF_FFF0)).isFalse();
    }

    @Test
    void initialNumberIsTheSameForTheSameConversation() {
        assertThat(SequenceNumber.initial(3, 50_000, 80)).isEqualTo(SequenceNumber.initial(3, 50_000, 80));
    }

    @Test
    void initialNumbersOfOnePortPairDifferFromConversationToConversation() {
        Set<Integer> starts = new HashSet<>();
        for (int ordinal = 0; ordinal < 100_000; ordinal++) {
            starts.add(SequenceNumber.initial(ordinal, 50_000, 80));
        }

        assertThat(starts).hasSize(100_000);
    }
}
