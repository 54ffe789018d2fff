package org.ws2j.provider.stream;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.ws2j.host.Winsock;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** Plays a script on a connection, and checks after every action what may have come of it. */
final class StreamCase {
    private static final Timeval LONG = new Timeval(10, 0);
    private static final int DRAIN_ROOM = 4_096;
    private static final Set<Integer> GONE =
            Set.of(WsaError.WSAECONNRESET.code(), WsaError.WSAECONNABORTED.code(), WsaError.WSAESHUTDOWN.code());

    private final Winsock winsock;
    private final Pair pair;
    private final Map<End, Direction> from = new EnumMap<>(End.class);

    StreamCase(Winsock winsock, Pair pair) {
        this.winsock = winsock;
        this.pair = pair;
        for (End end : End.values()) {
            from.put(end, new Direction(end));
        }
    }

    void play(Iterable<Action> actions) throws WinsockException {
        for (Action action : actions) {
            if (pair.isOpen(action.end())) {
                play(action);
            }
        }
        for (End end : End.values()) {
            if (pair.isOpen(end)) {
                drain(end);
            }
        }
    }

    /** {@return whether the connection is as new} */
    boolean leavesAllAsItWas() {
        return from.values().stream().noneMatch(Direction::isEnded);
    }

    private void play(Action action) throws WinsockException {
        switch (action) {
            case Action.Send send -> send(send);
            case Action.Receive receive -> receive(receive.end(), receive.room(), 0);
            case Action.Peek peek -> receive(peek.end(), peek.room(), MessageFlag.MSG_PEEK);
            case Action.HalfClose half -> halfClose(half.end());
            case Action.Close close -> close(close.end());
            case Action.Reset reset -> reset(reset.end());
        }
    }

    private void send(Action.Send send) throws WinsockException {
        Direction way = from.get(send.end());
        if (!way.isEnded() && !pair.isOpen(send.end().other())) {
            // Nobody will take it: the connection breaks, and what has not been received yet may be lost.
            cut();
        }
        try {
            long taken = winsock.wsaSend(
                    pair.socket(send.end()), pieces(way.next(send.length()), send.buffers()), 0, null, null);
            if (way.isEnded() && !way.isCut()) {
                throw new AssertionError("sends after its end");
            }
            way.sent(taken == WspResult.WOULD_BLOCK ? 0 : taken);
        } catch (WinsockException e) {
            checkGone(way.isEnded(), e);
        }
    }

    private static ByteBuffer[] pieces(ByteBuffer bytes, int count) {
        ByteBuffer[] pieces = new ByteBuffer[count];
        int length = bytes.remaining() / count;
        for (int i = 0; i < count; i++) {
            int start = i * length;
            pieces[i] = bytes.slice(start, i == count - 1 ? bytes.remaining() - start : length);
        }
        return pieces;
    }

    private void receive(End end, int room, int flags) throws WinsockException {
        Direction way = from.get(end.other());
        if (!way.isCut() && (way.onTheWay() > 0 || way.isEnded())) {
            awaitReadable(pair.socket(end));
        }
        ByteBuffer bytes = ByteBuffer.allocate(room);
        try {
            int count = winsock.recv(pair.socket(end), bytes, flags);
            checkCount(way, count, bytes.position());
            bytes.flip();
            if ((flags & MessageFlag.MSG_PEEK) == 0) {
                way.received(bytes);
            } else {
                way.check(bytes);
            }
        } catch (WinsockException e) {
            checkGone(way.isCut(), e);
        }
    }

    private static void checkCount(Direction way, int count, int filled) {
        if (count != WspResult.WOULD_BLOCK && count != filled) {
            throw new AssertionError("says " + count + " bytes and gives " + filled);
        }
        if (way.isCut()) {
            return;
        }
        int atLeast = way.onTheWay() > 0 ? 1 : way.isEnded() ? 0 : WspResult.WOULD_BLOCK;
        if (count < atLeast || (count == 0 && atLeast != 0)) {
            throw new AssertionError("receives " + count + " when " + way.onTheWay() + " bytes are on their way"
                    + (way.isEnded() ? ", the last ones" : ""));
        }
    }

    private void awaitReadable(SocketHandle s) throws WinsockException {
        if (winsock.select(FdSet.of(s), null, null, LONG) != 1) {
            throw new AssertionError("what was sent does not come");
        }
    }

    /** An error is right where the connection may be cut, and for a send behind the end of sending. */
    private static void checkGone(boolean mayBe, WinsockException e) {
        if (!mayBe || !GONE.contains(e.code())) {
            throw new AssertionError("an error that nobody has caused", e);
        }
    }

    private void halfClose(End end) throws WinsockException {
        Direction way = from.get(end);
        if (!way.isEnded()) {
            way.end();
            winsock.shutdown(pair.socket(end), ShutdownHow.SD_SEND);
        }
    }

    /** What is left unread resets the connection, as in TCP. */
    private void close(End end) throws WinsockException {
        if (from.get(end.other()).onTheWay() > 0) {
            cut();
        }
        from.get(end).end();
        pair.close(end);
    }

    private void reset(End end) throws WinsockException {
        cut();
        pair.reset(end);
    }

    private void cut() {
        from.values().forEach(Direction::cut);
    }

    /** Receives the rest: all of it, and then the end if there was one. */
    private void drain(End end) throws WinsockException {
        Direction way = from.get(end.other());
        while (!way.isCut() && way.onTheWay() > 0) {
            receive(end, DRAIN_ROOM, 0);
        }
        receive(end, DRAIN_ROOM, 0);
    }
}
