package org.ws2j.layer;

import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** What a request starts below where that is more than a send or receive: an ioctl, an extension function. */
@FunctionalInterface
interface Operation {
    /**
     * Starts it, or starts it again where the layer has dropped what it brought.
     *
     * @param block the layer's own, whose sink is told of the end; null for a synchronous operation
     * @return as the functions of the table: the bytes, or {@link WspResult}
     * @throws WinsockException if it cannot be started; nothing is indicated then
     */
    long start(WsaOverlapped block) throws WinsockException;

    /**
     * Learns the outcome, before the layer looks at the data.
     *
     * @param error the Winsock error, 0 for none
     * @param bytes how many bytes the layer below says
     * @return how many the client is told of
     */
    default int over(int error, int bytes) {
        return bytes;
    }

    /** {@return whether it is the sending of data and nothing else, so that it need not be started if that is dropped} */
    default boolean isDataAlone() {
        return false;
    }
}
