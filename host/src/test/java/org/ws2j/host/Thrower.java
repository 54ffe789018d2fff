package org.ws2j.host;

/** Throws what no compiler lets a provider throw. */
final class Thrower {
    private Thrower() {
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
