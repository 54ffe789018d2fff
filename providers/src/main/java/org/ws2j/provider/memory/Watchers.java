package org.ws2j.provider.memory;

import java.util.ArrayList;
import java.util.List;

/** The threads that watch one socket. */
final class Watchers {
    /** Guarded by itself; nothing else is locked inside. */
    private final List<Watch> list = new ArrayList<>(0);

    private volatile boolean watched;

    void add(Watch watch) {
        synchronized (list) {
            list.add(watch);
            watched = true;
        }
    }

    /** Takes over who watches another socket. */
    void addAll(Watchers others) {
        List<Watch> watching;
        synchronized (others.list) {
            watching = List.copyOf(others.list);
        }
        watching.forEach(this::add);
    }

    void remove(Watch watch) {
        synchronized (list) {
            list.remove(watch);
            watched = !list.isEmpty();
        }
    }

    /** Lets every one look again. Whoever looks after this has been called sees the change; whoever looked before is woken. */
    void wake() {
        if (watched) {
            synchronized (list) {
                list.forEach(Watch::wake);
            }
        }
    }
}
