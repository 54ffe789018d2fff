package org.ws2j.host.catalog;

import org.ws2j.spi.WinsockException;

/** Gives the numbers of new entries, none of them twice. */
final class NewIds {
    private int nextId;

    NewIds(int nextId) {
        this.nextId = nextId;
    }

    int next() throws WinsockException {
        if (nextId == Integer.MAX_VALUE) {
            throw Refusal.noRecovery("the catalog has no numbers left");
        }
        return nextId++;
    }

    int nextId() {
        return nextId;
    }
}
