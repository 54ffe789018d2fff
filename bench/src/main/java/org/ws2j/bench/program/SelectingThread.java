package org.ws2j.bench.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that waits at a selector, and is watched by what Linux knows of it. */
final class SelectingThread {
    private static final Path PROCESS = Path.of("/proc");
    private static final String SWITCHES = "ctxt_switches:";
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** So often in a row it has not run: it waits. */
    private static final int SETTLED = 10;

    /** After so many looks it is one that never waits for long. */
    private static final int MOST_LOOKS = 100;

    private final Selector selector;
    private final CompletableFuture<Path> status = new CompletableFuture<>();
    private final Thread thread = new Thread(this::select, "selecting");
    private volatile boolean isEnding;

    private SelectingThread(Selector selector) {
        this.selector = selector;
    }

    static SelectingThread start(Selector selector) {
        SelectingThread started = new SelectingThread(selector);
        started.thread.start();
        return started;
    }

    private void select() {
        try {
            Path self = Files.readSymbolicLink(PROCESS.resolve("thread-self"));
            status.complete(PROCESS.resolve(self).resolve("status"));
            while (!isEnding) {
                selector.select(SelectingThread::seen);
            }
        } catch (IOException e) {
            status.completeExceptionally(e);
            throw new UncheckedIOException(e);
        }
    }

    private static void seen(SelectionKey key) {}

    /** {@return how often it has run in so many milliseconds, which begin when it waits} */
    long runsIn(int milliseconds) throws Exception {
        Path file = status.get();
        long before = settled(file);
        waitNanos(TimeUnit.MILLISECONDS.toNanos(milliseconds));
        return runs(file) - before;
    }

    private static long settled(Path file) throws IOException {
        long last = runs(file);
        int same = 0;
        for (int i = 0; i < MOST_LOOKS && same < SETTLED; i++) {
            waitNanos(LOOK_NANOS);
            long now = runs(file);
            same = now == last ? same + 1 : 0;
            last = now;
        }
        return last;
    }

    private static long runs(Path file) throws IOException {
        return Files.readAllLines(file).stream().filter(line -> line.contains(SWITCHES))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip())).sum();
    }

    private static void waitNanos(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    void end() throws InterruptedException {
        isEnding = true;
        selector.wakeup();
        thread.join();
    }
}
