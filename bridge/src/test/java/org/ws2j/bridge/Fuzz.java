package org.ws2j.bridge;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Makes arbitrary calls from C for as long as wanted, and tells how far it is. No test by itself: {@code DriverTest} makes some
 * hundred thousand of the same calls.
 *
 * <p>{@code ./ws2 border fuzz} builds the test driver and starts it: {@code Fuzz LIBRARY CALLS THREADS SEED}. It ends with 0 if
 * each answer was a documented one and nothing was reported to the host.
 */
final class Fuzz {
    private static final long PART = 500_000;

    private Fuzz() {}

    public static void main(String[] args) throws Throwable {
        long calls = Long.parseLong(args[1]);
        int threads = Integer.parseInt(args[2]);
        long seed = Long.parseLong(args[3]);
        boolean right;
        try (DriverHost host = new DriverHost(Path.of(args[0]).toAbsolutePath())) {
            DriverHost.Answers all = run(host, calls, threads, seed);
            host.reports().stream().limit(10).forEach(e -> System.out.println("reported: " + e));
            right = all.undocumented() == 0 && host.reports().isEmpty();
        }
        System.out.println(right ? "every answer was a documented one" : "there were answers that nobody documents");
        System.exit(right ? 0 : 1);
    }

    private static DriverHost.Answers run(DriverHost host, long calls, int threads, long seed) throws Throwable {
        DriverHost.Answers all = new DriverHost.Answers(0, 0, 0, 0);
        long start = System.nanoTime();
        for (long part = 0; part * PART < calls; part++) {
            all = all.plus(host.fuzz(seed + part, Math.min(PART, calls - part * PART), threads));
            System.out.println(Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s: " + all);
        }
        return all;
    }
}
