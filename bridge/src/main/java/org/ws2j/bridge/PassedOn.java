package org.ws2j.bridge;

import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/**
 * A layer in C has handed its client's block on to a provider in Java below, and the client is in Java, too. The provider works on
 * the twin; when the operation is over the client's own object gets the indication that the provider would have given the twin.
 */
final class PassedOn implements CompletionSink {
    private final HostServices services;
    private final Upcalls upcalls;
    private final SocketHandle s;
    private final Twin twin;
    private final Thread starter = Thread.currentThread();

    /** Whether the call that starts the operation has not returned yet. */
    private volatile boolean isStarting = true;

    PassedOn(Binding binding, SocketHandle s, Twin twin) {
        services = binding.services();
        upcalls = binding.upcalls();
        this.s = s;
        this.twin = twin;
    }

    void started() {
        isStarting = false;
    }

    @Override
    public void completed(WsaOverlapped overlapped, int error, int bytesTransferred) {
        WsaOverlapped client = twin.block();
        NativeOperation over = twin.end(error, bytesTransferred);
        try {
            if (client != null) {
                indicate(client, error, bytesTransferred);
            }
        } catch (WinsockException e) {
            services.report("completing an operation on " + s, e);
        } finally {
            twin.indicated(over);
        }
    }

    private void indicate(WsaOverlapped client, int error, int bytes) throws WinsockException {
        try {
            if (isStarting && Thread.currentThread() == starter && error == 0) {
                services.files().completeRequestAtOnce(s, client, bytes);
            } else {
                services.files().completeRequest(s, client, error, bytes);
            }
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSAEINVAL)) {
                throw e;
            }
            upcalls.wpuCompleteOverlappedRequest(s, client, error, bytes);
        }
    }
}
