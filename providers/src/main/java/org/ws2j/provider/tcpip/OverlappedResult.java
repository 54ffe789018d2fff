package org.ws2j.provider.tcpip;

import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** WSPGetOverlappedResult: a function of the block alone, as on Windows. */
final class OverlappedResult {
    private OverlappedResult() {}

    static long of(Network network, WsaOverlapped block, boolean wait, ReceiveResult result) throws WinsockException {
        if (block == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no block");
        }
        if (!block.isCompleted()) {
            if (!wait) {
                return WspResult.IO_INCOMPLETE;
            }
            await(network, block.hEvent());
        }
        long status = block.internal();
        if (status != 0 && status != WsaOverlapped.WSS_OPERATION_IN_PROGRESS) {
            throw failure(status, block.offsetHigh());
        }
        if (result != null) {
            result.flags(block.offset());
        }
        return block.internalHigh();
    }

    /** Waits for the event; whoever sets it is believed. */
    private static void await(Network network, WsaEvent event) throws WinsockException {
        if (event == null) {
            throw new WinsockException(WsaError.WSA_INVALID_HANDLE, "the block has no event to wait for");
        }
        network.services().waits().waitForSingleEvent(event.untagged(), Waits.WSA_INFINITE, false);
    }

    /** The provider's own word where it has left one; otherwise the status, if that is a code. */
    private static WinsockException failure(long status, int error) {
        if (error != 0) {
            return new WinsockException(error, null, null);
        }
        boolean known = WsaError.of((int) status).isPresent();
        return known ? new WinsockException((int) status, null, null) : new WinsockException(WsaError.WSAEINVAL);
    }
}
