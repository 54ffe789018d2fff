package org.ws2j.concurrency;

import java.util.List;

/** How much is done. */
enum Effort {
    /** For a build: some tests of each subject, each once, in the JVM as it comes. */
    SHORT("event.SetAgainstLook|event.WaitForAllTakesBothOrNone|handle.NeighboursRelease|handle.LookUpAgainstRelease"
            + "|apc.ProcedureAgainstSignal|port.OnePacketOnce|port.PacketAgainstTimeOut|overlapped.SeenByPolling",
            "-m", "quick", "-iters", "1", "-time", "50", "-sc", "false", "-af", "NONE", "-pth", "false",
            "-jvmArgs", "-XX:+UseSerialGC"),
    /** Every test in each of the JVM's modes: some minutes. */
    NORMAL(".*", "-m", "quick", "-sc", "false"),
    /** Every test in each of the JVM's modes with each mix of its compilers: hours. */
    FULL(".*", "-m", "default");

    private final String tests;
    /** An unmodifiable list. */
    @SuppressWarnings("ImmutableEnumChecker") // the checker knows no list of the JDK that says so by its type
    private final List<String> options;

    Effort(String tests, String... options) {
        this.tests = tests;
        this.options = List.of(options);
    }

    /** {@return a pattern of the names of the tests that are run if none is named} */
    String tests() {
        return tests;
    }

    /** {@return the options of jcstress} */
    List<String> options() {
        return options;
    }
}
