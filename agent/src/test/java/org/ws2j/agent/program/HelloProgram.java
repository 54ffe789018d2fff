package org.ws2j.agent.program;

/** Prints a line, and needs no socket for it. */
public final class HelloProgram {
    private HelloProgram() {}

    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
