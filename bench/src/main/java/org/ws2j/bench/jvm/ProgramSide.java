package org.ws2j.bench.jvm;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Plan;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.program.Load;
import org.ws2j.bench.program.LoadProgram;

/** A side in a JVM of its own, which measures its turns itself: what it takes to tell it is in no figure. */
public final class ProgramSide implements Side {
    private final String name;
    private final ProgramJvm program;

    private ProgramSide(String name, ProgramJvm program) {
        this.name = name;
        this.program = program;
    }

    /**
     * Starts one.
     *
     * @param name its name
     * @param load what it does
     * @param options options of its JVM
     * @return the side
     * @throws IOException if the JVM cannot be started
     */
    public static ProgramSide start(String name, Load load, List<String> options) throws IOException {
        return new ProgramSide(name, ProgramJvm.start(options, LoadProgram.class, load.name()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int operations) throws Exception {
        time(operations);
    }

    @Override
    public long time(int operations) throws Exception {
        return Long.parseLong(program.ask("run " + operations));
    }

    /** {@return the bytes that an operation leaves to the collector there, on all threads together} */
    public Interval allocated(Plan plan) throws Exception {
        String answer = program.ask("allocate " + (plan.isQuick() ? "quick" : "full"));
        double[] bytes = Arrays.stream(answer.split(" ")).mapToDouble(Double::parseDouble).toArray();
        return new Interval(bytes[0], bytes[1], bytes[2]);
    }

    @Override
    public void close() throws IOException {
        program.close();
    }
}
