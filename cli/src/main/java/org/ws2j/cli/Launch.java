package org.ws2j.cli;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A command that is to be started with the agent in it: {@code java} itself gets it as an option, anything else by the variable
 * that every JVM reads.
 *
 * @param words the command and its arguments
 * @param variable the value of {@value #VARIABLE}, if it is to change
 * @param added what of these came by the agent
 */
record Launch(List<String> words, Optional<String> variable, String added) {
    static final String VARIABLE = "JAVA_TOOL_OPTIONS";

    private static final Set<String> JAVA = Set.of("java", "javaw", "java.exe", "javaw.exe");

    Launch {
        words = List.copyOf(words);
    }

    /**
     * Plans a start.
     *
     * @param command the command and its arguments
     * @param agent the option of a JVM
     * @param environment the variables as they are
     * @return the start
     */
    static Launch of(List<String> command, String agent, UnaryOperator<String> environment) {
        List<String> words = new ArrayList<>(command);
        if (JAVA.contains(new File(words.getFirst()).getName())) {
            words.add(1, agent);
            return new Launch(words, Optional.empty(), agent);
        }
        String present = environment.apply(VARIABLE);
        String added = quotedForJvm(agent);
        String value = present == null || present.isBlank() ? added : present + ' ' + added;
        return new Launch(words, Optional.of(value), added);
    }

    /** A JVM splits the variable at blanks outside of quotes, and knows no other way to write a quote than in the other kind. */
    private static String quotedForJvm(String word) {
        boolean isPlain = word.chars().noneMatch(c -> Character.isWhitespace(c) || c == '\'' || c == '"');
        return isPlain ? word : '\'' + word.replace("'", "'\"'\"'") + '\'';
    }

    /**
     * Returns the start as a line for a POSIX shell, whose place the command takes. The command's words are the last arguments of the
     * shell itself, and the variable's value is what it has there: what went through a JVM may have lost letters that its locale does
     * not know.
     *
     * @return the line
     */
    String asShell() {
        if (variable.isPresent()) {
            return "export " + VARIABLE + "=\"${" + VARIABLE + ":+$" + VARIABLE + " }\"" + quotedForShell(added)
                    + "; shift $(($# - " + words.size() + ")); exec \"$@\"\n";
        }
        return "shift $(($# - " + (words.size() - 1) + ")); java=$1; shift; exec \"$java\" " + quotedForShell(added)
                + " \"$@\"\n";
    }

    private static String quotedForShell(String word) {
        return '\'' + word.replace("'", "'\\''") + '\'';
    }

    /**
     * Starts the command, with this process's input and output, and waits for its end. What ends this process is passed on.
     *
     * @return its exit code
     * @throws IOException if it cannot be started
     * @throws InterruptedException if this thread is interrupted; the command is ended then
     */
    int run() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
        Map<String, String> variables = builder.environment();
        variable.ifPresent(value -> variables.put(VARIABLE, value));
        Process process = builder.start();
        Thread atSignal = new Thread(() -> end(process), "ws2-run");
        Runtime.getRuntime().addShutdownHook(atSignal);
        try {
            return process.waitFor();
        } finally {
            process.destroy();
            forget(atSignal);
        }
    }

    private static void forget(Thread atSignal) {
        try {
            Runtime.getRuntime().removeShutdownHook(atSignal);
        } catch (IllegalStateException tooLate) {
            // A signal has come, and that thread is about to end this process with the command's exit code.
        }
    }

    /** A signal has come, here and perhaps there. The command may take its time to end, or go on. */
    private static void end(Process process) {
        process.destroy();
        Runtime.getRuntime().halt(process.onExit().join().exitValue());
    }
}
