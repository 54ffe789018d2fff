package org.ws2j.spi;

import java.net.SocketException;
import java.util.Objects;

/**
 * The failure of a Winsock call, with its code.
 *
 * <p>Where the JDK raised the error in the first place, that very exception is the {@linkplain #getCause() cause}.
 */
public class WinsockException extends SocketException {
    private static final long serialVersionUID = 1L;

    /** The code as the provider reported it. */
    private final int code;

    /**
     * Makes a failure without further detail.
     *
     * @param error the error
     */
    public WinsockException(WsaError error) {
        this(error, null, null);
    }

    /**
     * Makes a failure that says what happened, and to what.
     *
     * @param error the error
     * @param detail what happened, to what; null for nothing beyond the error's own meaning
     */
    public WinsockException(WsaError error, String detail) {
        this(error, detail, null);
    }

    /**
     * Makes a failure that was found by way of another one.
     *
     * @param error the error
     * @param detail what happened, to what; null for nothing beyond the error's own meaning
     * @param cause the exception behind it; null for none
     */
    public WinsockException(WsaError error, String detail, Throwable cause) {
        this(Objects.requireNonNull(error, "error").code(), detail, cause);
    }

    /**
     * Makes a failure with a code that need not be in {@link WsaError}, such as a code of the operating system.
     *
     * @param code the code; 0 ("failed without a code") becomes {@link WsaError#WSASYSCALLFAILURE}
     * @param detail what happened, to what; null for nothing beyond the code's own meaning
     * @param cause the exception behind it; null for none
     */
    public WinsockException(int code, String detail, Throwable cause) {
        super(message(normalise(code), detail), cause);
        this.code = normalise(code);
    }

    /** {@return the code: one of {@link WsaError#code()}, or another one that a provider reported; never 0} */
    public final int code() {
        return code;
    }

    /**
     * Tells whether this is the failure with the given error.
     *
     * @param error the error to compare with
     * @return true if the codes are equal
     */
    public final boolean is(WsaError error) {
        return code == error.code();
    }

    private static int normalise(int code) {
        return code == 0 ? WsaError.WSASYSCALLFAILURE.code() : code;
    }

    private static String message(int code, String detail) {
        String name = WsaError.describe(code);
        String text = detail != null ? detail : WsaError.of(code).map(WsaError::meaning).orElse("");
        return text.isEmpty() ? name : name + ": " + text;
    }
}
