package org.ws2j.agent.behaviour;

import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** Where the lines go: one for each behaviour, with ports, identities and classes of implementations masked. */
final class Report {
    private static final Pattern PORT = Pattern.compile("(?<=[:=])\\d{4,5}(?!\\d)");
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{5,8}\\b");
    private static final Pattern CLASS = Pattern.compile("\\b(sun\\.nio\\.ch|org\\.ws2j\\.agent\\.(nio|async))\\.\\w+");

    private final PrintStream out;
    private String topic = "";

    Report(PrintStream out) {
        this.out = out;
    }

    /** What is tried: its result or its failure is the behaviour. */
    @FunctionalInterface
    interface Action {
        Object run() throws Throwable;
    }

    /** What is tried for its effect alone. */
    @FunctionalInterface
    interface Effect {
        void run() throws Throwable;
    }

    void topic(String name) {
        topic = name;
    }

    void line(String name, Action action) {
        print(name, outcome(action));
    }

    void effect(String name, Effect effect) {
        line(name, () -> {
            effect.run();
            return "done";
        });
    }

    void print(String name, String outcome) {
        out.println(topic + " | " + name + " -> " + mask(outcome));
    }

    static String outcome(Action action) {
        try {
            return String.valueOf(action.run());
        } catch (Throwable e) { // Whatever it is, it is the behaviour.
            return describe(e);
        }
    }

    static String describe(Throwable e) {
        String own = e.getClass().getName() + ": " + e.getMessage();
        return e instanceof ExecutionException ? own + " <- " + describe(e.getCause()) : own;
    }

    private static String mask(String text) {
        String withoutPorts = PORT.matcher(text).replaceAll("PORT");
        return CLASS.matcher(IDENTITY.matcher(withoutPorts).replaceAll("@ID")).replaceAll("CLASS");
    }
}
