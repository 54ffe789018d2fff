package org.ws2j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** What is expected of calls. */
public final class Expect {
    private Expect() {}

    /**
     * Expects a call to fail.
     *
     * @param error with what
     * @param call the call
     */
    public static void fails(WsaError error, Attempt call) {
        assertThat(outcome(call)).as("outcome of the call").isEqualTo(WsaError.describe(error.code()));
    }

    /**
     * Expects a call to be unable to finish at once.
     *
     * @param result what it returned
     */
    public static void wouldBlock(long result) {
        assertThat(result).as("result of the call").isEqualTo(WspResult.WOULD_BLOCK);
    }

    /**
     * Expects a call to have started an overlapped operation.
     *
     * @param result what it returned
     */
    public static void pends(long result) {
        assertThat(result).as("result of the call").isEqualTo(WspResult.IO_PENDING);
    }

    /**
     * Expects a call to have started an overlapped operation, or to have ended it at once: a layer that shows as pending what
     * was over below it is right too.
     *
     * @param result what it returned
     */
    public static void starts(long result) {
        assertThat(result).as("result of the call").matches(
                it -> it >= 0 || it == WspResult.IO_PENDING, "success or WSA_IO_PENDING");
    }

    /** {@return the error's name, or that there is none; what is no failure of Winsock's goes on} */
    private static String outcome(Attempt call) {
        try {
            call.run();
            return "success";
        } catch (WinsockException e) {
            return WsaError.describe(e.code());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("the call failed otherwise: " + e, e);
        }
    }
}
