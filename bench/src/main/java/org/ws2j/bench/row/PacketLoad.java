package org.ws2j.bench.row;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import org.ws2j.bench.measure.Side;

/**
 * Producers that put packets into a queue and consumers that take them out, threads all. An operation is one packet. The
 * loops are the subclass's own, so that nothing stands between them and the queue.
 *
 * <p>In a turn each producer puts its share and a last packet that says so; whoever takes the last of these ends the turn.
 */
abstract class PacketLoad implements Side {
    /** The most packets of a turn: the queues with a limit hold as many, so that no producer waits for room. */
    static final int MOST_PACKETS = 1 << 13;

    private final String name;
    private final int producers;
    private final int consumers;
    private final List<Thread> threads = new ArrayList<>();
    private final CyclicBarrier beginning;
    private final Semaphore lastTaken = new Semaphore(0);
    private volatile int share;
    private volatile boolean isClosing;
    private volatile Exception failure;

    PacketLoad(String kind, int producers, int consumers) {
        this.name = kind;
        this.producers = producers;
        this.consumers = consumers;
        beginning = new CyclicBarrier(producers + 1);
    }

    /** Puts so many packets, then a last one. */
    abstract void produce(int packets) throws Exception;

    /** Takes packets for ever, and calls {@link #lastTaken} at each last one, until that says to end. */
    abstract void consume(int consumer) throws Exception;

    /** Makes a consumer that waits go round once more. */
    abstract void putLast() throws Exception;

    /** Starts the threads, when the queue is there. {@return this} */
    final PacketLoad start() {
        for (int i = 0; i < producers; i++) {
            begin("producer " + i + " of " + name, this::produceTurns);
        }
        for (int i = 0; i < consumers; i++) {
            int consumer = i;
            begin("consumer " + i + " of " + name, () -> consume(consumer));
        }
        return this;
    }

    private interface Work {
        void run() throws Exception;
    }

    private void begin(String threadName, Work work) {
        threads.add(Thread.ofPlatform().daemon().name(threadName).start(() -> {
            try {
                work.run();
            } catch (Exception e) {
                failure = e;
                lastTaken.release(producers);
            }
        }));
    }

    private void produceTurns() throws Exception {
        beginning.await();
        while (!isClosing) {
            produce(share);
            beginning.await();
        }
    }

    /** A consumer has taken a last packet. {@return whether it goes on} */
    final boolean lastTaken() {
        lastTaken.release();
        return !isClosing;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final void run(int operations) throws Exception {
        share = Math.max(1, operations / producers);
        beginning.await();
        lastTaken.acquire(producers);
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws Exception {
        isClosing = true;
        beginning.await();
        for (int i = 0; i < consumers; i++) {
            putLast();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
