package org.ws2j.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ws2j.programs.run.Chain;
import org.ws2j.programs.run.Outcome;
import org.ws2j.programs.run.OutcomeCheck;
import org.ws2j.programs.run.ProgramRun;
import org.ws2j.programs.run.UnmodifiedProgram;

/** The programs on the JDK alone, and then under the agent. Each runs for seconds, in a JVM of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class UnmodifiedProgramsTest {
    private final ProgramRun runs = new ProgramRun(Path.of(System.getProperty("ws2j.agent")));
    private final Map<UnmodifiedProgram, Outcome> plain = new EnumMap<>(UnmodifiedProgram.class);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void programDoesItsWorkOnTheJdkAlone(UnmodifiedProgram program) throws Exception {
        assumeServer(program);
        assertThat(OutcomeCheck.ofPlain(onTheJdkAlone(program))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void traceHoldsWhatTheProgramSendsAndReceives(UnmodifiedProgram program) throws Exception {
        assertSameThrough(Chain.TRACE, program);
    }

    @ParameterizedTest
    @EnumSource
    void programDoesNotNoticeThreeLayers(UnmodifiedProgram program) throws Exception {
        assertSameThrough(Chain.THREE_PASS_THROUGHS, program);
    }

    @ParameterizedTest
    @EnumSource
    void programDoesNotNoticeALayerInC(UnmodifiedProgram program) throws Exception {
        assertSameThrough(Chain.LAYER_IN_C, program);
    }

    private void assertSameThrough(Chain chain, UnmodifiedProgram program) throws Exception {
        assumeServer(program);
        assumeTrue(chain.absence().isEmpty(), () -> chain.absence().orElseThrow());
        Outcome control = onTheJdkAlone(program);
        Path work = Files.createDirectory(folder.resolve(program + "-" + chain));
        Outcome outcome = runs.run(program, chain, work);
        assertThat(OutcomeCheck.ofLayered(program, chain, work, control, outcome)).isEmpty();
    }

    /** Once only: it is the same each time. */
    private Outcome onTheJdkAlone(UnmodifiedProgram program) throws IOException, InterruptedException {
        Outcome known = plain.get(program);
        if (known == null) {
            known = runs.run(program, Chain.NONE, Files.createDirectory(folder.resolve(program.title())));
            plain.put(program, known);
        }
        return known;
    }

    private static void assumeServer(UnmodifiedProgram program) {
        Optional<String> absence = program.server().absence();
        assumeTrue(absence.isEmpty(), absence::get);
    }
}
