package org.ws2j.agent.program;

/** Prints the properties that it is given by name. */
public final class PropertyProgram {
    private PropertyProgram() {}

    /** Needs their names. */
    public static void main(String[] arguments) {
        for (String name : arguments) {
            System.out.println(System.getProperty(name));
        }
    }
}
