package org.ws2j.agent.behaviour;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Prints a line for each behaviour of the JDK's network classes. */
public final class BehaviourProgram {
    private BehaviourProgram() {}

    /**
     * Runs the program.
     *
     * @param args topics to run alone; none for all
     * @throws Exception if something fails that is no behaviour
     */
    public static void main(String[] args) throws Exception {
        run(new PrintStream(System.out, true, StandardCharsets.UTF_8), args);
    }

    /** Runs the topics whose names are given, or all. */
    static void run(PrintStream out, String... only) throws Exception {
        Topics.run(new Report(out), only);
    }
}
