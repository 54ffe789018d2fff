package org.ws2j.agent.program;

/** Loads the classes that it is given by name. */
public final class LoadingProgram {
    private LoadingProgram() {}

    /** Needs their names. */
    public static void main(String[] arguments) throws ClassNotFoundException {
        for (String name : arguments) {
            System.out.println(Class.forName(name, false, LoadingProgram.class.getClassLoader()).getName());
        }
    }
}
