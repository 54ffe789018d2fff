package org.ws2j.host;

/** Throws what no compiler lets a provider throw. */
final class Thrower {
    private Thrower() {
    }

    /** Throws it; the result is for the caller's {@code throw} or {@code return}. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <T extends Throwable, R> R sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
