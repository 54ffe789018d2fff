package org.ws2j.host.system;

import java.util.function.BiConsumer;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** What a host makes of the answers of providers, good and bad. */
public final class ProviderCalls {
    private final BiConsumer<String, Throwable> reporter;

    /**
     * Makes the judge of answers.
     *
     * @param reporter is told what providers throw that is no answer
     */
    public ProviderCalls(BiConsumer<String, Throwable> reporter) {
        this.reporter = reporter;
    }

    /**
     * Turns what a provider threw into a failure for its caller.
     *
     * @param call the name of the function
     * @param thrown what was thrown
     * @return the provider's own failure as it is; {@code WSASYSCALLFAILURE} with the cause for anything else
     * @throws VirtualMachineError if that is what was thrown
     */
    public WinsockException failure(String call, Throwable thrown) {
        return switch (thrown) {
            case WinsockException e -> e;
            case StackOverflowError e -> foreign(call, e);
            case VirtualMachineError e -> throw e;
            default -> foreign(call, thrown);
        };
    }

    private WinsockException foreign(String call, Throwable thrown) {
        reporter.accept("the provider's " + call, thrown);
        return new WinsockException(WsaError.WSASYSCALLFAILURE, "the provider's " + call + " threw " + thrown, thrown);
    }

    /**
     * Checks the result of a transfer.
     *
     * @param call the name of the function
     * @param result what the provider returned
     * @param most how many bytes it can have transferred
     * @param overlapped whether the call was overlapped, and may be under way
     * @return the result
     * @throws WinsockException {@code WSASYSCALLFAILURE} for a result that cannot be
     */
    public static long checked(String call, long result, long most, boolean overlapped) throws WinsockException {
        boolean expected =
                result >= 0 || result == WspResult.WOULD_BLOCK || (overlapped && result == WspResult.IO_PENDING);
        if (!expected || result > most) {
            throw new WinsockException(
                    WsaError.WSASYSCALLFAILURE,
                    "the provider's " + call + " returned " + result + " for " + most + " bytes");
        }
        return result;
    }

    /**
     * Checks the result of a call that transfers nothing, or counts what it has found.
     *
     * @param call the name of the function
     * @param result what the provider returned
     * @param most the largest number it can be
     * @return the result
     * @throws WinsockException {@code WSASYSCALLFAILURE} for a result that cannot be
     */
    public static int counted(String call, int result, int most) throws WinsockException {
        if (result < 0 || result > most) {
            throw new WinsockException(
                    WsaError.WSASYSCALLFAILURE, "the provider's " + call + " returned " + result + ", at most " + most);
        }
        return result;
    }

    /**
     * Refuses null where a provider has to return something.
     *
     * @param call the name of the function
     * @param result what the provider returned
     * @param <T> its type
     * @return the result
     * @throws WinsockException {@code WSASYSCALLFAILURE} for null
     */
    public static <T> T present(String call, T result) throws WinsockException {
        if (result == null) {
            throw new WinsockException(WsaError.WSASYSCALLFAILURE, "the provider's " + call + " returned null");
        }
        return result;
    }
}
