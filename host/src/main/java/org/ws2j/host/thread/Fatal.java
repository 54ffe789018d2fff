package org.ws2j.host.thread;

/** What foreign code throws, and nobody is to catch: the virtual machine is in trouble. */
public final class Fatal {
    private Fatal() {}

    /**
     * Throws it on if it is such a thing. A stack that ran over is not: it is the foreign code's own failure, and is gone
     * when it has been unwound.
     *
     * @param thrown what foreign code has thrown
     */
    public static void rethrow(Throwable thrown) {
        if (thrown instanceof VirtualMachineError e && !(thrown instanceof StackOverflowError)) {
            throw e;
        }
    }
}
