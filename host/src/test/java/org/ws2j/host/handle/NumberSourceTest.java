package org.ws2j.host.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class NumberSourceTest {
    private static final int QUARANTINE = 1_024;

    private final NumberSource numbers = new NumberSource();

    @Test
    void numbersArePositiveMultiplesOfFourAboveFileDescriptors() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(numbers.take()).isGreaterThan(1 << 22).satisfies(n -> assertThat(n % 4).isZero());
        }
    }

    @Test
    void numbersInUseAreDistinct() {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(seen.add(numbers.take())).isTrue();
        }
    }

    @Test
    void aNumberGivenUpRestsInQuarantineAndComesBackWithAnotherGeneration() {
        Set<Integer> ever = new HashSet<>();
        int first = numbers.take();
        ever.add(first);
        numbers.giveUp(first);
        for (int i = 0; i < QUARANTINE * 100; i++) {
            int number = numbers.take();
            assertThat(ever.add(number)).as("0x%x", number).isTrue();
            numbers.giveUp(number);
        }
    }

    @Test
    void asManyNumbersAsThereCanBeHandlesAreThere() {
        int last = 0;
        for (int i = 0; i < NumberSource.MOST; i++) {
            last = numbers.take();
        }
        assertThat(last).isPositive();
        for (int i = 0; i < QUARANTINE * 100; i++) {
            numbers.giveUp(last);
            last = numbers.take();
            assertThat(last).isPositive();
        }
    }

    @Test
    void theLastIndexIsGivenOutBeforeAnyComesBack() {
        int most = (1 << 20) - 1;
        int first = numbers.take();
        numbers.giveUp(first);
        int last = first;
        for (int i = 1; i < most; i++) {
            last = numbers.take();
        }
        assertThat(last >>> 22).as("generation of the last one").isEqualTo(1);
        assertThat(numbers.take()).as("the first one, in the next generation").isEqualTo(first + (1 << 22));
    }

    @Test
    void aNumberComesBackOnceMoreThanTheQuarantineHoldsAreFree() {
        int first = numbers.take();
        numbers.giveUp(first);
        for (int i = 1; i < QUARANTINE; i++) {
            numbers.giveUp(numbers.take());
        }
        int another = numbers.take();
        assertThat(another >>> 22).as("as many as it holds are not more").isEqualTo(1);
        numbers.giveUp(another);
        assertThat(numbers.take()).isEqualTo(first + (1 << 22));
    }
}
