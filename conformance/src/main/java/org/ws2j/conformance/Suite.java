package org.ws2j.conformance;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;

/**
 * Checks of one group of functions: methods that carry {@link Proves}. They run once for each stack, each check with a host of
 * its own, which is started before it. After it everything is closed that was made by {@link #net} and {@link #signals}; the
 * check fails if the host holds anything even then, or was told of a failure.
 */
@SuppressWarnings("exports") // Its extension is nobody else's business; suites inherit it.
@ClassTemplate
@ExtendWith(StackExtension.class)
public abstract class Suite {
    /** The stack below. */
    protected Stack stack;

    /** The client's functions. */
    protected Winsock ws;

    /** Sockets. */
    protected Network net;

    /** Events, ports, windows, procedure calls. */
    protected Signals signals;

    /** Calls on other threads. */
    protected Calls calls;

    private Fixture fixture;

    /** Makes a suite; JUnit does for each check. */
    protected Suite() {}

    /** {@return the version that the client of each check asks for; 2.2 unless overridden} */
    protected WinsockVersion version() {
        return WinsockVersion.V2_2;
    }

    /**
     * Says how the hosts are to be made, beyond what the kit says itself: an audit of upcalls, say, or a clock.
     *
     * @param builder makes the host
     */
    protected void configure(WinsockBuilder builder) {}

    /**
     * Takes what the host was told of, because the check expects it. A check whose host is told of anything else fails.
     *
     * @return the failures reported since the last call
     */
    protected final List<Throwable> takeReports() {
        return fixture.takeReports();
    }

    /**
     * Expects, of a stack with a flag, that a call is refused.
     *
     * @param flag the known difference
     * @param error what the call is refused with
     * @param call the call
     * @return true if the stack has the flag and refuses the call, and the check is over; false if there is no such difference
     */
    protected final boolean refuses(Flag flag, WsaError error, Attempt call) {
        if (!stack.has(flag)) {
            return false;
        }
        Expect.fails(error, call);
        return true;
    }

    /**
     * Ends a check as skipped, with the flag's reason, where the stack has the flag: for differences after which there is
     * nothing left to expect.
     *
     * @param flag the known difference
     */
    protected final void skipIf(Flag flag) {
        stack.reason(flag).ifPresent(reason -> Assumptions.abort(flag + ": " + reason));
    }

    /**
     * Ends a check as skipped where it does not concern the kind of stack.
     *
     * @param concerns whether it does
     * @param reason what it concerns, if not
     */
    protected final void onlyIf(boolean concerns, String reason) {
        Assumptions.assumeTrue(concerns, reason);
    }

    void begin(Stack over) throws Exception {
        stack = over;
        fixture = new Fixture(over, this);
        ws = fixture.winsock();
        net = fixture.network();
        signals = fixture.signals();
        calls = fixture.calls();
    }

    /** Ends what was begun, however far it came. What a failed check leaves behind tells nothing; it may even hang. */
    void end(boolean failed) throws Exception {
        if (fixture == null) {
            return;
        }
        if (failed) {
            fixture.abandon();
        } else {
            fixture.end();
        }
    }
}
