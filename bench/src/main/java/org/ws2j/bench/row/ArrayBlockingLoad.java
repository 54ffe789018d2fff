package org.ws2j.bench.row;

import java.util.concurrent.ArrayBlockingQueue;
import org.ws2j.bench.measure.Sink;

/** Packets through the JDK's bounded queue. */
final class ArrayBlockingLoad extends PacketLoad {
    private static final Object LAST = new Object();

    private final Object block = new Object();
    private final ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(2 * MOST_PACKETS);

    ArrayBlockingLoad(String name, int producers, int consumers) {
        super(name, producers, consumers);
    }

    @Override
    void produce(int packets) throws InterruptedException {
        for (int i = 0; i < packets; i++) {
            queue.put(block);
        }
        putLast();
    }

    @Override
    void putLast() throws InterruptedException {
        queue.put(LAST);
    }

    @Override
    void consume(int consumer) throws InterruptedException {
        do {
            Object packet = queue.take();
            while (packet != LAST) {
                Sink.take(packet);
                packet = queue.take();
            }
        } while (lastTaken());
    }
}
