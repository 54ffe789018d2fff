package org.ws2j.agent.boot;

/** The agent cannot do in this JVM what it is there for. The message is half a line that says why, and what to do about it. */
public final class InstallationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isFatal;

    /**
     * Makes one that lets the program run without layers, unless it is to be strict.
     *
     * @param why half a line
     */
    public InstallationException(String why) {
        this(why, false);
    }

    private InstallationException(String why, boolean isFatal) {
        super(why);
        this.isFatal = isFatal;
    }

    /**
     * Makes one for options that cannot be meant: whoever mistyped a layer must not take the program for confined.
     *
     * @param why half a line
     * @return an exception that ends the JVM before the program begins
     */
    public static InstallationException ofOptions(String why) {
        return new InstallationException(why, true);
    }

    /** {@return whether the program must not be started} */
    public boolean isFatal() {
        return isFatal;
    }
}
