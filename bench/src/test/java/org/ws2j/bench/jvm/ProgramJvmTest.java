package org.ws2j.bench.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Plan;
import org.ws2j.bench.program.HelloProgram;
import org.ws2j.bench.program.Load;

final class ProgramJvmTest {
    @Test
    void programThatEndsByItselfIsTold() throws Exception {
        try (ProgramJvm program = ProgramJvm.start(List.of(), HelloProgram.class)) {
            assertThat(program.answer()).isEqualTo("hello");
            assertThatIOException().isThrownBy(program::answer).withMessageContaining("has ended");
        }
    }

    @Test
    void agentIsInAProgramThatHasItsOption() throws Exception {
        try (ProgramJvm program =
                ProgramJvm.start(List.of(ProgramCommand.agent(1) + ";strict"), HelloProgram.class, "socket")) {
            assertThat(program.answer()).isEqualTo("hello");
        }
        // A layer that does not exist is refused by the agent, and by nobody else.
        try (ProgramJvm program = ProgramJvm.start(List.of(ProgramCommand.agent(1) + "-less"), HelloProgram.class)) {
            assertThatIOException().isThrownBy(program::answer);
        }
    }

    @Test
    void sideTellsTheTimeThatItHasTakenItselfAndWhatItAllocates() throws Exception {
        try (ProgramSide side = ProgramSide.start("side", Load.NIO_STREAM, List.of())) {
            assertThat(side.name()).isEqualTo("side");
            assertThat(side.time(3)).isPositive();
            Interval bytes = side.allocated(Plan.QUICK);
            assertThat(bytes.isFinite()).isTrue();
            assertThat(bytes.low()).isNotNegative().isLessThanOrEqualTo(bytes.high());
        }
    }
}
