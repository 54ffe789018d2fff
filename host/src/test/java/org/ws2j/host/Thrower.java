package org.ws2j.host;

/** Throws what no compiler lets a provider throw. */
final class Thrower {
    private Thrower() {
    }

    /** Throws it. The result is none, but lets a caller say that it ends here. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "DoNotCallSuggester"})
    static <T extends Throwable, R> R sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
