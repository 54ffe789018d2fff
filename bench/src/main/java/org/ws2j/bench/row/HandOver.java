package org.ws2j.bench.row;

import java.util.concurrent.CountDownLatch;
import org.ws2j.bench.measure.Side;

/** An operation is a baton handed to the other thread and back: each thread is woken once. */
final class HandOver implements Side {
    private final String name;
    private final Baton baton;
    private final Thread other;
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile boolean isClosing;
    private volatile Exception failure;

    private HandOver(String name, Baton baton) {
        this.name = name;
        this.baton = baton;
        other = Thread.ofPlatform().daemon().name("other end of " + name).unstarted(this::runOther);
    }

    static HandOver of(String name, Baton baton) throws InterruptedException {
        HandOver made = new HandOver(name, baton);
        made.other.start();
        made.ready.await();
        return made;
    }

    private void runOther() {
        try {
            baton.otherThread();
            ready.countDown();
            baton.awaitThere();
            while (!isClosing) {
                baton.back();
                baton.awaitThere();
            }
        } catch (Exception e) {
            failure = e;
            ready.countDown();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int operations) throws Exception {
        if (failure != null) {
            throw failure;
        }
        for (int i = 0; i < operations; i++) {
            baton.there();
            baton.awaitBack();
        }
    }

    @Override
    public void close() throws Exception {
        isClosing = true;
        baton.there();
        other.join();
        baton.close();
    }
}
