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
 * <p>Urgent bytes go beside the ring, and leave a mark in it that no receive crosses.
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

    /** Receives of urgent data alone. */
    private final TransferQueue urgentReceivers = new TransferQueue();

    /** Null before the first urgent byte. */
    private UrgentData urgent;

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
        (t.urgent ? urgentReceivers : receivers).add(t);
        pump();
    }

    boolean withdraw(Transfer t) {
        return (t.sending ? senders : t.urgent ? urgentReceivers : receivers).remove(t);
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

    /** {@return how many bytes one receive can get} */
    int readable() {
        if (urgent == null) {
            return ring.size();
        }
        return isUrgentNext() ? 1 : urgent.untilMark();
    }

    /** {@return whether urgent data waits to be received out of line} */
    boolean hasUrgent() {
        return hasUrgentBytes() && !isInLine();
    }

    /** {@return whether urgent data waits, in line or not} */
    boolean hasUrgentBytes() {
        return urgent != null && urgent.isWaiting();
    }

    private boolean isInLine() {
        return target.options.urgentInLine();
    }

    /** {@return whether what is received next must not be joined to what comes in now} */
    private boolean isMarked() {
        return urgent != null && (urgent.isAtMark() || isUrgentNext());
    }

    private boolean isUrgentNext() {
        return urgent != null && isInLine() && urgent.isNextInLine();
    }

    /** Urgent data that is received out of line holds nothing up. */
    boolean hasUnread() {
        return !ring.isEmpty() || !senders.isEmpty() || (hasUrgentBytes() && isInLine());
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
        return (int) Math.min(Integer.MAX_VALUE / 2, Math.max(1, both)) - ring.size() - urgentSize();
    }

    /** The sends so far are the last ones. */
    void end() {
        ended = true;
        pump();
    }

    /** Moves what can be moved, and tells both ends what has become possible. */
    void pump() {
        boolean arrived = false;
        boolean urgentArrived = false;
        boolean drained = false;
        boolean moved = true;
        while (moved) {
            drained |= serveReceivers();
            int before = ring.size();
            int urgentBefore = urgentSize();
            moved = serveSenders();
            arrived |= ring.size() > before;
            urgentArrived |= urgentSize() > urgentBefore;
        }
        if (isAtEnd()) {
            finishAll(receivers);
            finishAll(urgentReceivers);
        }
        tellOfArrival(arrived, urgentArrived);
        if (drained && hasRoom()) {
            roomMade();
        }
        if (urgent != null && urgent.isDone()) {
            urgent = null;
        }
        if (isEnding() && !endTold) {
            endTold = true;
            target.endArrived();
        }
    }

    private int urgentSize() {
        return urgent == null ? 0 : urgent.size();
    }

    private void finishAll(TransferQueue queue) {
        while (!queue.isEmpty()) {
            wire.finish(queue.removeFirst(), null);
        }
    }

    private void tellOfArrival(boolean arrived, boolean urgentArrived) {
        if (urgentArrived && hasUrgent()) {
            target.urgentArrived();
        }
        if ((arrived || (urgentArrived && isInLine())) && readable() > 0) {
            target.dataArrived();
        }
    }

    /** Moves bytes from here into receives. {@return whether less is here afterwards} */
    private boolean serveReceivers() {
        int before = ring.size() + urgentSize();
        serveUrgentReceivers();
        while (!receivers.isEmpty() && (urgent == null ? !ring.isEmpty() : comesToData())) {
            Transfer r = receivers.first();
            if (isUrgentNext()) {
                serveInLine(r);
                continue;
            }
            int most = urgent == null ? ring.size() : urgent.untilMark();
            r.transferred += r.peeks ? ring.peek(r.buffers, most) : ring.take(r.buffers, most);
            if (!finishIfServed(r) && !isMarked()) {
                break;
            }
        }
        return ring.size() + urgentSize() < before;
    }

    private void serveUrgentReceivers() {
        while (!urgentReceivers.isEmpty() && hasUrgentBytes()) {
            Transfer r = urgentReceivers.removeFirst();
            r.transferred += urgent.move(r.buffers, r.peeks);
            wire.finish(r, null);
        }
    }

    /** Urgent data is never in one receive with other data, not even in one that wants all. */
    private void serveInLine(Transfer r) {
        if (r.transferred == 0) {
            r.transferred = urgent.move(r.buffers, r.peeks);
            urgent.dropTaken();
        }
        wire.finish(receivers.removeFirst(), null);
    }

    /**
     * Goes past marks to data for the first receive, which ends at a mark if it has something already.
     *
     * @return whether there is data for a receive
     */
    private boolean comesToData() {
        while (urgent.isAtMark() && !isUrgentNext()) {
            if (receivers.first().transferred == 0) {
                urgent.pass();
            } else {
                wire.finish(receivers.removeFirst(), null);
                if (receivers.isEmpty()) {
                    return false;
                }
            }
        }
        return readable() > 0;
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
                full &= s.transferred == 0; // What sends nothing shows no room.
                any = true;
                wire.finish(senders.removeFirst(), null);
            } else if (n == 0) {
                break;
            }
        }
        return any;
    }

    private long serve(Transfer s) {
        if (s.urgent) {
            return serveUrgent(s);
        }
        Transfer r = receivers.first();
        if (r == null || !ring.isEmpty() || !r.takesDirectly() || isMarked()) {
            return ring.put(s.buffers, room());
        }
        long n = s.buffers.moveTo(r.buffers);
        r.transferred += n;
        if (n > 0) {
            finishIfServed(r);
        }
        return n;
    }

    /** As with TCP, the last byte is the urgent one, and what goes before it is ordinary data. */
    private long serveUrgent(Transfer s) {
        long ordinary = s.buffers.remaining() - 1;
        if (ordinary > 0) {
            return ring.put(s.buffers, (int) Math.min(room(), ordinary));
        }
        if (ordinary < 0 || room() <= 0) {
            return 0;
        }
        urgent = urgent == null ? new UrgentData(ring) : urgent;
        urgent.add(s.buffers);
        return 1;
    }

    private void roomMade() {
        if (full) {
            full = false;
            source.mayWrite();
        }
        source.watchers.wake();
    }

    /** SO_OOBINLINE was set or reset. */
    void inLineChanged() {
        pump();
        tellOfArrival(true, hasUrgentBytes());
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
        fail(urgentReceivers, error, why);
    }

    /**
     * Ends the direction at once.
     *
     * @param error what waiting transfers of the other end get
     * @param closing the end that does so by closing: its own transfers are aborted; null for none
     */
    void cut(WsaError error, StreamSocket closing) {
        ring.clear();
        urgent = null;
        ended = true;
        endTold = true; // A reset is told otherwise.
        cut(senders, source == closing, error);
        cut(receivers, target == closing, error);
        cut(urgentReceivers, target == closing, error);
    }

    private void cut(TransferQueue queue, boolean aborted, WsaError error) {
        if (!aborted) {
            fail(queue, error, "the connection was reset");
            return;
        }
        while (!queue.isEmpty()) {
            wire.abort(queue.removeFirst());
        }
    }

    /** The end that receives closes gracefully: nobody takes anything any more. */
    void abortReceivers() {
        cut(receivers, true, WsaError.WSA_OPERATION_ABORTED);
        cut(urgentReceivers, true, WsaError.WSA_OPERATION_ABORTED);
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
        senders.removeIf(t -> t.waitsFor(closing), wire::abort);
        receivers.removeIf(t -> t.waitsFor(closing), wire::abort);
        urgentReceivers.removeIf(t -> t.waitsFor(closing), wire::abort);
    }

    /** SIO_FLUSH: overlapped sends that wait come to nothing, or to what they have sent. */
    void flush() {
        senders.removeIf(Transfer::isOverlapped, wire::abort);
        pump();
    }
}
