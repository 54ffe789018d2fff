package org.ws2j.conformance;

/**
 * Checks in terms that the JDK's own sockets have, too. They run over each stack, and over {@link Stack#CONTROL_GROUP}: a check
 * that those sockets fail is itself wrong, or what it demands no program gets.
 *
 * <p>Of the fields {@link #stack}, {@link #calls} and {@link #sockets} alone are set for the control group.
 */
@SuppressWarnings("exports") // As of its superclass.
public abstract class PlainSuite extends Suite {
    /** The sockets to be checked. */
    protected PlainSockets sockets;

    private JdkSockets control;

    /** Makes a suite; JUnit does for each check. */
    protected PlainSuite() {}

    @Override
    void begin(Stack over) throws Exception {
        if (over.isControlGroup()) {
            stack = over;
            calls = new Calls(JdkSockets.WAITS);
            control = new JdkSockets();
            sockets = control;
        } else {
            super.begin(over);
            sockets = new StackSockets(ws, net);
        }
    }

    @Override
    void end(boolean failed) throws Exception {
        if (control == null) {
            super.end(failed);
            return;
        }
        control.close();
        if (!failed) {
            calls.join();
        }
    }
}
