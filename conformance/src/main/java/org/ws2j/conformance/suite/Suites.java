package org.ws2j.conformance.suite;

import java.util.List;
import org.ws2j.conformance.Suite;

/** The list of the suites. */
public final class Suites {
    private static final List<Class<? extends Suite>> ALL = List.of(
            AcceptingSuite.class,
            AddressesSuite.class,
            CatalogSuite.class,
            ClosingSuite.class,
            CompletionPortsSuite.class,
            ConnectingSuite.class,
            ControlGroupSuite.class,
            DatagramsSuite.class,
            DuplicatingSuite.class,
            EventsSuite.class,
            ExtensionsSuite.class,
            FilesSuite.class,
            HookRefusalsSuite.class,
            HooksSuite.class,
            IoctlSuite.class,
            JoiningSuite.class,
            MessagesSuite.class,
            NetworkEventsSuite.class,
            OptionsSuite.class,
            OverlappedSuite.class,
            PollSuite.class,
            QosSuite.class,
            RoutinesSuite.class,
            SelectSuite.class,
            ShutdownSuite.class,
            SocketsSuite.class,
            StartupSuite.class,
            StreamsSuite.class,
            UpcallUseSuite.class,
            UpcallsSuite.class);

    private Suites() {}

    /** {@return all suites, in alphabetical order} */
    public static List<Class<? extends Suite>> all() {
        return ALL;
    }
}
