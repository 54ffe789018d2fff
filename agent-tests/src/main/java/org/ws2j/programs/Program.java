package org.ws2j.programs;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What all programs have in common: their lines, their exit code, and an end in any case. */
final class Program {
    /** Long enough for a busy machine. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int FAILED = 1;
    private static final int HUNG = 2;
    private static final int SHOWN_OF_DIGEST = 8;

    /** What a program does. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    private Program() {}

    /** Works, prints {@code OK} and ends the JVM with 0; after a failure with 1, and with 2 when the time is over. */
    static void run(Work work) {
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("watchdog").start(() -> watch(done));
        int exitCode = attempt(work);
        done.countDown();
        System.exit(exitCode);
    }

    private static int attempt(Work work) {
        try {
            work.run();
            System.out.println("OK");
            return 0;
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            return FAILED;
        }
    }

    private static void watch(CountDownLatch done) {
        try {
            if (!done.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                printThreads(System.err);
                Runtime.getRuntime().halt(HUNG);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void printThreads(PrintStream out) {
        out.println("not done within " + LIMIT.toSeconds() + " s");
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            out.println(thread);
            Arrays.stream(frames).forEach(frame -> out.println("    at " + frame));
        });
        out.flush();
    }

    /** Prints a line for what has been done. */
    static void say(String line) {
        System.out.println(line);
    }

    /** Prints a line for bytes that came, which have to be those of the payload. */
    static void received(String what, Payload expected, byte[] actual) {
        received(what, expected.bytes(), actual);
    }

    /** Prints a line for bytes that came, which have to be the expected ones. */
    static void received(String what, byte[] expected, byte[] actual) {
        String wanted = digest(expected);
        String got = digest(actual);
        if (!wanted.equals(got)) {
            throw new AssertionError(what + ": " + actual.length + " bytes of digest " + got + " came, instead of "
                    + expected.length + " of digest " + wanted);
        }
        say(what + ": " + actual.length + " bytes, " + got);
    }

    /** Prints a line for an answer, which has to be the expected one. */
    static void answered(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + ": " + actual + " instead of " + expected);
        }
        say(what + ": " + actual);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, SHOWN_OF_DIGEST);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("each JDK has it", e);
        }
    }
}
