package org.ws2j.provider.memory;

import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/**
 * One direction of a connection: sends that wait, bytes on their way, receives that wait. Guarded by the {@link Wire}.
 *
 * <pre>
 *   senders ──► ring, as long as it has room ──► receivers
 *      └────────── directly, if the ring is empty ───▲
 *
 *   flowing ── end ──► ending (senders are left) ──► at its end (nothing is left) : receives give 0 bytes
 *      └── cut: everything that waits fails, and what is on its way is dropped
 * </pre>
 *
 * <p>The ring stands for the send buffer of the one end and the receive buffer of the other: it takes as many bytes as both.
 */
final class Flow {
    private final Wire wire;
    private final StreamSocket source;
    private final StreamSocket target;
    private final ByteRing ring = new ByteRing();
    private final TransferQueue senders = new TransferQueue();
    private final TransferQueue receivers = new TransferQueue();
    private boolean ended;
    private boolean endTold;

    /** Whether a send has answered that it would block, and there was no room since. */
    private boolean full;

    Flow(StreamSocket source, StreamSocket target) {
        this.wire = source.wire;
        this.source = source;
        this.target = target;
    }

    void send(Transfer t) {
        senders.add(t);
        pump();
    }

    void receive(Transfer t) {
        receivers.add(t);
        pump();
    }

    boolean withdraw(Transfer t) {
        return (t.sending ? senders : receivers).remove(t);
    }

    /** Ends the overlapped receive with a block, if it is still under way. */
    void cancelReceive(WsaOverlapped block) {
        Transfer t = receivers.find(block);
        if (t != null) {
            receivers.remove(t);
            wire.finish(t, t.socket.aborted(t));
        }
    }

    /** The end that receives has had enough: what is unread is dropped, and what the other one sends from now on refused. */
    void dropUnread(String why) {
        failReceivers(WsaError.WSAECONNABORTED, why);
        cut(WsaError.WSAECONNRESET, null);
    }

    /** A send is about to answer that it would block. */
    void sendBlocked() {
        full = true;
    }

    int readable() {
        return ring.size();
    }

    boolean hasUnread() {
        return !ring.isEmpty() || !senders.isEmpty();
    }

    boolean hasUnsent() {
        return !senders.isEmpty();
    }

    /** {@return whether bytes are beyond what the receive buffer of the other end takes} */
    boolean hasMoreThanTheTargetTakes() {
        return hasUnsent() || ring.size() > target.options.receiveBuffer();
    }

    boolean isAtEnd() {
        return ended && !hasUnread();
    }

    /** {@return whether the end was asked for, and no send is left before it} */
    boolean isEnding() {
        return ended && senders.isEmpty();
    }

    boolean hasRoom() {
        return senders.isEmpty() && room() > 0;
    }

    /** A stream takes one byte at least, even where both buffers have the size 0. */
    private int room() {
        long both = (long) source.options.sendBuffer() + target.options.receiveBuffer();
        return (int) Math.min(Integer.MAX_VALUE / 2, Math.max(1, both)) - ring.size();
    }

    /** The sends so far are the last ones. */
    void end() {
        ended = true;
        pump();
    }

    /** Moves what can be moved, and tells both ends what has become possible. */
    void pump() {
        boolean arrived = false;
        boolean drained = false;
        boolean moved = true;
        while (moved) {
            drained |= serveReceivers();
            int before = ring.size();
            moved = serveSenders();
            arrived |= ring.size() > before;
        }
        while (isAtEnd() && !receivers.isEmpty()) {
            wire.finish(receivers.removeFirst(), null);
        }
        if (arrived && !ring.isEmpty()) {
            target.dataArrived();
        }
        if (drained && hasRoom()) {
            roomMade();
        }
        if (isEnding() && !endTold) {
            endTold = true;
            target.endArrived();
        }
    }

    /** Moves bytes from the ring into receives. {@return whether the ring has become emptier} */
    private boolean serveReceivers() {
        int before = ring.size();
        while (!receivers.isEmpty() && !ring.isEmpty()) {
            Transfer r = receivers.first();
            r.transferred += r.peeks ? ring.peek(r.buffers, ring.size()) : ring.take(r.buffers);
            if (!finishIfServed(r)) {
                break;
            }
        }
        return ring.size() < before;
    }

    private boolean finishIfServed(Transfer r) {
        if (r.wantsAll && r.buffers.remaining() > 0) {
            return false;
        }
        wire.finish(receivers.removeFirst(), null);
        return true;
    }

    /** Moves bytes of sends to where they can go. {@return whether any was moved, or a send has finished} */
    private boolean serveSenders() {
        boolean any = false;
        while (!senders.isEmpty()) {
            Transfer s = senders.first();
            long n = serve(s);
            s.transferred += n;
            any |= n > 0;
            if (s.buffers.remaining() == 0) {
                full = false;
                any = true;
                wire.finish(senders.removeFirst(), null);
            } else if (n == 0) {
                break;
            }
        }
        return any;
    }

    private long serve(Transfer s) {
        Transfer r = receivers.first();
        if (r == null || !ring.isEmpty() || !r.takesDirectly()) {
            return ring.put(s.buffers, room());
        }
        long n = s.buffers.moveTo(r.buffers);
        r.transferred += n;
        if (n > 0) {
            finishIfServed(r);
        }
        return n;
    }

    private void roomMade() {
        if (full) {
            full = false;
            source.mayWrite();
        }
        source.watchers.wake();
    }

    /** Something has changed the size of a buffer. */
    void resized() {
        pump();
        if (hasRoom()) {
            roomMade();
        }
    }

    /** Fails what waits to be received, and goes on. */
    void failReceivers(WsaError error, String why) {
        fail(receivers, error, why);
    }

    /**
     * Ends the direction at once.
     *
     * @param error what waiting transfers of the other end get
     * @param closing the end that does so by closing: its own transfers are aborted; null for none
     */
    void cut(WsaError error, StreamSocket closing) {
        ring.clear();
        ended = true;
        endTold = true; // A reset is told otherwise.
        cut(senders, source == closing, error);
        cut(receivers, target == closing, error);
    }

    private void cut(TransferQueue queue, boolean aborted, WsaError error) {
        if (!aborted) {
            fail(queue, error, "the connection was reset");
            return;
        }
        while (!queue.isEmpty()) {
            Transfer t = queue.removeFirst();
            wire.finish(t, t.socket.aborted(t));
        }
    }

    /** The end that receives closes gracefully: nobody takes anything any more. */
    void abortReceivers() {
        cut(receivers, true, WsaError.WSA_OPERATION_ABORTED);
    }

    private void fail(TransferQueue queue, WsaError error, String why) {
        while (!queue.isEmpty()) {
            Transfer t = queue.removeFirst();
            // The last clean-up ends the transfers of its sockets in one way, whichever of the ends it comes to first.
            wire.finish(t, t.socket.stack.isDown() ? t.socket.aborted(t) : new WinsockException(error, why));
        }
    }

    /** Ends the synchronous transfers of a handle that is closed while others stay open. */
    void endWaits(Descriptor closing) {
        endWaits(senders, closing);
        endWaits(receivers, closing);
    }

    private void endWaits(TransferQueue queue, Descriptor closing) {
        Transfer t = queue.takeAll();
        while (t != null) {
            Transfer next = t.next;
            if (t.descriptor == closing && t.parked != null) {
                t.next = null;
                wire.finish(t, t.socket.aborted(t));
            } else {
                queue.add(t);
            }
            t = next;
        }
    }
}
