package org.ws2j.conformance.suite;

import java.util.List;
import org.ws2j.conformance.Suite;

/** The list of the suites. */
public final class Suites {
    private static final List<Class<? extends Suite>> ALL = List.of(
            AcceptingSuite.class,
            AddressesSuite.class,
            ClosingSuite.class,
            ConnectingSuite.class,
            DuplicatingSuite.class,
            IoctlSuite.class,
            JoiningSuite.class,
            OptionsSuite.class,
            QosSuite.class,
            ShutdownSuite.class,
            SocketsSuite.class);

    private Suites() {}

    /** {@return all suites, in alphabetical order} */
    public static List<Class<? extends Suite>> all() {
        return ALL;
    }
}
