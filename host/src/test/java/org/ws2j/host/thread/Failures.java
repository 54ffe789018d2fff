package org.ws2j.host.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Asserts which Winsock error a call fails with. */
public final class Failures {
    private Failures() {
    }

    public static void assertFails(WsaError error, ThrowingCallable call) {
        WinsockException failure = catchThrowableOfType(WinsockException.class, call);
        assertThat(failure).as("failure with " + error).isNotNull();
        assertThat(WsaError.of(failure.code())).contains(error);
    }
}
