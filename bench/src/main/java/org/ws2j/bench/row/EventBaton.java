package org.ws2j.bench.row;

import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;

/** Two events, which the wait that they end resets. */
final class EventBaton implements Baton {
    private final Waits waits;
    private final WsaEvent there;
    private final WsaEvent back;

    EventBaton(Waits waits) throws WinsockException {
        this.waits = waits;
        there = waits.createEvent(false, false);
        back = waits.createEvent(false, false);
    }

    @Override
    public void there() throws WinsockException {
        waits.setEvent(there);
    }

    @Override
    public void awaitThere() throws WinsockException {
        waits.waitForSingleEvent(there, Waits.WSA_INFINITE, false);
    }

    @Override
    public void back() throws WinsockException {
        waits.setEvent(back);
    }

    @Override
    public void awaitBack() throws WinsockException {
        waits.waitForSingleEvent(back, Waits.WSA_INFINITE, false);
    }

    @Override
    public void close() throws WinsockException {
        waits.closeEvent(there);
        waits.closeEvent(back);
    }
}
