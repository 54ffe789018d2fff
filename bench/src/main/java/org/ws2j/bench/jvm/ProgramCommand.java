package org.ws2j.bench.jvm;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The words that start a program of the benchmarks, with or without the agent, in a JVM like this one. */
public final class ProgramCommand {
    /** The build puts it beside what this class lies in. */
    private static final Path AGENT = Path.of("agent", "ws2j-agent.jar");

    private ProgramCommand() {}

    /**
     * Puts them together. The class path is what the class lies in, alone.
     *
     * @param options the options of the JVM
     * @param main the program
     * @param arguments its arguments
     * @return the words
     */
    public static List<String> of(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", place(main).toString(), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** {@return the option that puts the agent with so many pass-through layers into a JVM} */
    public static String agent(int layers) {
        String words = String.join(";", Collections.nCopies(layers, "layer=passthrough"));
        return "-javaagent:" + place(ProgramCommand.class).resolveSibling(AGENT) + '=' + words;
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("what lies in a file has a proper address", e);
        }
    }
}
