package org.ws2j.agent.async;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.Channel;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A group: the executor that runs handlers, and the channels that belong to it.
 *
 * <p>It ends when it was shut down, all of its channels are closed and their operations over; then its executor is shut down, too,
 * and the group is terminated when that is.
 */
final class AsyncGroup extends AsynchronousChannelGroup {
    /** How many handlers may be inside one another on a thread of the group. */
    private static final int MAX_DEPTH = 16;

    /** The group that the thread runs a handler for, and how many are inside one another. */
    private static final class Running {
        private AsyncGroup group;
        private int depth;
    }

    private static final ThreadLocal<Running> RUNNING = ThreadLocal.withInitial(Running::new);

    private final AsyncProvider provider;
    private final ExecutorService executor;

    /** Guarded by this, as all below. */
    private final Set<Channel> channels = new HashSet<>();

    private int operations;
    private boolean shutdown;

    /** Released when the group ends. */
    private final CountDownLatch over = new CountDownLatch(1);

    AsyncGroup(AsyncProvider provider, ExecutorService executor) {
        super(provider.face());
        this.provider = provider;
        this.executor = executor;
    }

    AsyncProvider asyncProvider() {
        return provider;
    }

    /** Has so many tasks wait in the executor until the group ends, which keep the JVM alive if its threads do. */
    void occupy(int tasks) {
        try {
            for (int i = 0; i < tasks; i++) {
                executor.execute(this::awaitEnd);
            }
        } catch (RejectedExecutionException e) {
            // The program has shut it down, and waits for nothing.
        }
    }

    private void awaitEnd() {
        while (over.getCount() > 0) {
            try {
                over.await();
            } catch (InterruptedException e) {
                // Only the group's end matters.
            }
        }
    }

    // Members

    synchronized void checkOpen() {
        if (shutdown) {
            throw new ShutdownChannelGroupException();
        }
    }

    synchronized void add(Channel channel) {
        checkOpen();
        channels.add(channel);
    }

    synchronized void remove(Channel channel) {
        channels.remove(channel);
        endIfEmpty();
    }

    synchronized void began() {
        operations++;
    }

    synchronized void ended() {
        operations--;
        endIfEmpty();
    }

    private void endIfEmpty() {
        if (shutdown && channels.isEmpty() && operations == 0) {
            over.countDown();
            executor.shutdown(); // What was given to it before is still run.
        }
    }

    // Handlers

    /** Runs a handler on a thread of the group; nobody is there to be told that this cannot be. */
    void execute(Runnable handler) {
        try {
            executor.execute(() -> run(handler));
        } catch (RejectedExecutionException e) { // The program has shut it down itself, and waits for nothing any more.
            provider.report("running a handler of a group", e);
        }
    }

    /**
     * Runs a handler at once if this is a thread of the group and not too deep in handlers, or else later.
     *
     * @throws ShutdownChannelGroupException if this is another thread, and the group takes no handlers any more
     */
    void invokeOrExecute(Runnable handler) {
        Running here = RUNNING.get();
        boolean isOurs = here.group == this;
        if (isOurs && here.depth < MAX_DEPTH) {
            run(handler);
            return;
        }
        try {
            executor.execute(() -> run(handler));
        } catch (RejectedExecutionException e) {
            if (!isOurs) {
                throw new ShutdownChannelGroupException();
            }
            run(handler);
        }
    }

    private void run(Runnable handler) {
        Running here = RUNNING.get();
        AsyncGroup before = here.group;
        here.group = this;
        here.depth++;
        Thread.interrupted(); // One that was meant for another handler.
        try {
            handler.run();
        } finally {
            here.depth--;
            here.group = before;
        }
    }

    // The end

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return executor.isTerminated();
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
        endIfEmpty();
    }

    @Override
    public void shutdownNow() throws IOException {
        List<Channel> open;
        synchronized (this) {
            shutdown = true;
            open = List.copyOf(channels);
            endIfEmpty();
        }
        IOException first = null;
        for (Channel each : open) {
            try {
                each.close();
            } catch (IOException e) {
                first = withSuppressed(first, e);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static IOException withSuppressed(IOException first, IOException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.awaitTermination(timeout, unit);
    }
}
