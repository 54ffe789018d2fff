package org.ws2j.bench.measure;

/**
 * Where results go that nobody needs. The command starts its JVM with these methods as compiler black holes: what is given
 * to them must be computed, and costs nothing more. Without that option the compiler may drop a computation.
 */
public final class Sink {
    /** The option's value. */
    public static final String COMPILE_COMMAND = "blackhole," + Sink.class.getName() + "::take";

    private Sink() {}

    public static void take(Object value) {}

    public static void take(long value) {}
}
