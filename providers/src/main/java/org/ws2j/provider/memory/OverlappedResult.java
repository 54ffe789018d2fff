package org.ws2j.provider.memory;

import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** WSPGetOverlappedResult as a provider without handles of the file system answers it: the block decides, not its event. */
final class OverlappedResult {
    private OverlappedResult() {}

    static long of(MemoryStack stack, WsaOverlapped block, boolean wait, ReceiveResult result) throws WinsockException {
        if (block == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no block");
        }
        if (wait && !block.isCompleted()) {
            WsaEvent event = block.hEvent();
            if (event == null) {
                throw new WinsockException(WsaError.WSA_INVALID_HANDLE, "the block has no event to wait for");
            }
            stack.services().waits().waitForSingleEvent(event.untagged(), Waits.WSA_INFINITE, false);
        }
        if (!block.isCompleted()) {
            return WspResult.IO_INCOMPLETE;
        }
        if (block.offsetHigh() != 0) {
            throw new WinsockException(block.offsetHigh(), "the overlapped operation failed", null);
        }
        if (result != null) {
            result.flags(block.offset());
        }
        return block.internalHigh();
    }
}
