package org.ws2j.provider.base;

import org.ws2j.spi.HostServices;
import org.ws2j.spi.Upcalls;

/** A base provider from its first start-up to its last clean-up: what its sockets reach their host by. */
public interface StartedProvider {
    /** {@return the system around the provider} */
    HostServices services();

    /** {@return the upcalls of its first start-up} */
    Upcalls upcalls();

    /** {@return which of its calls run a blocking hook} */
    BlockingCalls blockingCalls();

    /** {@return whether the last clean-up has begun: nothing is indicated any more} */
    boolean isDown();
}
