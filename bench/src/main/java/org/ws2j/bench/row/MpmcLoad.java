package org.ws2j.bench.row;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpmcArrayQueue;
import org.ws2j.bench.measure.Sink;

/** Packets through a JCTools queue; a consumer that finds nothing parks, a producer that sees one parked unparks it. */
final class MpmcLoad extends PacketLoad {
    private static final Object LAST = new Object();

    private final Object block = new Object();
    private final MpmcArrayQueue<Object> queue = new MpmcArrayQueue<>(2 * MOST_PACKETS);

    /** Who is parked, or about to. */
    private final AtomicReferenceArray<Thread> parked;

    MpmcLoad(String name, int producers, int consumers) {
        super(name, producers, consumers);
        parked = new AtomicReferenceArray<>(consumers);
    }

    @Override
    void produce(int packets) {
        for (int i = 0; i < packets; i++) {
            put(block);
        }
        putLast();
    }

    @Override
    void putLast() {
        put(LAST);
    }

    private void put(Object packet) {
        if (!queue.offer(packet)) {
            throw new IllegalStateException("the queue is full");
        }
        for (int i = 0; i < parked.length(); i++) {
            Thread waiting = parked.get(i);
            if (waiting != null && parked.compareAndSet(i, waiting, null)) {
                LockSupport.unpark(waiting);
                return;
            }
        }
    }

    private Object take(int consumer) {
        Object packet = queue.poll();
        while (packet == null) {
            parked.set(consumer, Thread.currentThread());
            packet = queue.poll();
            if (packet == null) {
                LockSupport.park(this);
                packet = queue.poll();
            }
            parked.set(consumer, null);
        }
        return packet;
    }

    @Override
    void consume(int consumer) {
        do {
            Object packet = take(consumer);
            while (packet != LAST) {
                Sink.take(packet);
                packet = take(consumer);
            }
        } while (lastTaken());
    }
}
