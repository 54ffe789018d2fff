package org.ws2j.host.upcall;

import java.util.function.BiConsumer;
import org.ws2j.host.event.EventWaits;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.port.IoCompletionPorts;
import org.ws2j.host.port.PortAssociation;
import org.ws2j.host.thread.Fatal;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;

/**
 * The completion of overlapped operations, the same for both kinds of handle:
 *
 * <pre>
 *   event in the block   port associated   indication
 *   no                   no                the fields alone
 *   yes                  no                event
 *   no                   yes               packet
 *   yes                  yes               both; with bit 0 of the event set, the event alone
 *   a sink in the block                    the sink, and neither of them
 * </pre>
 *
 * <p>{@code InternalHigh} is written before {@code Internal}, and both before the indication; after {@code Internal} the block
 * belongs to its owner again and is not touched.
 */
public final class Completions {
    private final EventWaits events;
    private final IoCompletionPorts ports;
    private final BiConsumer<String, Throwable> reporter;

    /**
     * Makes the completion of one host.
     *
     * @param events signals events
     * @param ports takes packets
     * @param reporter is told what a sink throws
     */
    public Completions(EventWaits events, IoCompletionPorts ports, BiConsumer<String, Throwable> reporter) {
        this.events = events;
        this.ports = ports;
        this.reporter = reporter;
    }

    /**
     * Completes an operation.
     *
     * @param s the socket
     * @param overlapped the block
     * @param error the error of the operation, 0 for none
     * @param packetError the error that a packet shows
     * @param bytes the number of bytes transferred
     */
    public void complete(HostSocket s, WsaOverlapped overlapped, int error, int packetError, int bytes) {
        WsaEvent event = overlapped.hEvent();
        if (finish(s, overlapped, event, error, bytes)) {
            return;
        }
        PortAssociation association = s.association();
        if (association != null && (event == null || !event.isTagged())) {
            ports.post(association, bytes, overlapped, packetError);
        }
    }

    /**
     * Completes an operation that was over at once, on a handle that gets no packets for those.
     *
     * @param s the socket
     * @param overlapped the block
     * @param bytes the number of bytes transferred
     */
    public void completeWithoutPacket(HostSocket s, WsaOverlapped overlapped, int bytes) {
        finish(s, overlapped, overlapped.hEvent(), 0, bytes);
    }

    /** Stores the outcome and tells the sink, or signals the event. {@return whether a sink was told} */
    private boolean finish(HostSocket s, WsaOverlapped overlapped, WsaEvent event, int error, int bytes) {
        CompletionSink sink = overlapped.sink();
        overlapped.internalHigh(bytes);
        overlapped.internal(status(error));
        if (sink != null) {
            tell(sink, s, overlapped, error, bytes);
            return true;
        }
        if (event != null) {
            events.signalQuietly(event);
        }
        return false;
    }

    /** The final value of Internal: the error, but never the value that means "under way". */
    private static long status(int error) {
        return error == WsaOverlapped.WSS_OPERATION_IN_PROGRESS ? WsaError.WSASYSCALLFAILURE.code() : error;
    }

    private void tell(CompletionSink sink, HostSocket s, WsaOverlapped overlapped, int error, int bytes) {
        try {
            sink.completed(overlapped, error, bytes);
        } catch (Throwable e) {
            Fatal.rethrow(e);
            reporter.accept("the completion sink of an operation on " + s, e);
        }
    }
}
