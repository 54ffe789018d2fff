package org.ws2j.layer;

import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;

/** A poll in the handles of the layer below, and the way back. */
final class PollTranslation {
    private final List<WsaPollFd> known = new ArrayList<>();
    private final List<WsaPollFd> below = new ArrayList<>();
    private int foreign;

    private PollTranslation() {}

    /** Polls below. An entry that is no socket of the layer has its answer at once, so that the others are only looked at. */
    static void poll(LayeredProvider layer, LayeredSocket asked, WsaPollData data) throws WinsockException {
        PollTranslation translation = new PollTranslation();
        for (WsaPollFd entry : data.fdArray()) {
            translation.add(entry, layer);
        }
        data.result(translation.foreign);
        if (translation.known.isEmpty()) {
            return;
        }
        WsaPollFd[] entries = translation.below.toArray(WsaPollFd[]::new);
        WsaPollData dataBelow = new WsaPollData(entries, translation.foreign > 0 ? 0 : data.timeoutMillis());
        layer.lowerTable().wspIoctl(asked.lower(), IoctlCode.SIO_EXT_POLL, dataBelow, null, null, null, null);
        translation.answer();
        data.result(translation.foreign + dataBelow.result());
    }

    private void add(WsaPollFd entry, LayeredProvider layer) {
        entry.revents(0);
        if (entry.fd() == null) {
            return;
        }
        try {
            below.add(new WsaPollFd(layer.socket(entry.fd()).lower(), entry.events()));
            known.add(entry);
        } catch (WinsockException e) {
            entry.revents(WsaPollFd.POLLNVAL);
            foreign++;
        }
    }

    private void answer() {
        for (int i = 0; i < known.size(); i++) {
            known.get(i).revents(below.get(i).revents());
        }
    }
}
