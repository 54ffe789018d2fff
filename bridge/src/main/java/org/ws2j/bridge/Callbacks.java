package org.ws2j.bridge;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.ConditionProc.ConnectionRequest;
import org.ws2j.spi.ConditionProc.Decision;
import org.ws2j.spi.WinsockException;

/**
 * The functions that C calls for a call-back of Java's: one of each kind for all of them. The block's address tells the completion
 * routines apart; the context, the others.
 */
final class Callbacks {
    private static final int CF_ACCEPT = 0;
    private static final int CF_REJECT = 1;
    private static final int CF_DEFER = 2;
    private static final int NO_DECISION = -1;

    private final NativeLibrary library;
    private final long completion;
    private final long condition;
    private final long blocking;

    Callbacks(NativeLibrary library) {
        this.library = library;
        completion = Stubs.withoutErrno(this, "completed", 0, library::report);
        condition = Stubs.withoutErrno(this, "decide", NO_DECISION, library::report);
        blocking = Stubs.withoutErrno(this, "block", 0, library::report);
    }

    long completion() {
        return completion;
    }

    long condition() {
        return condition;
    }

    long blocking() {
        return blocking;
    }

    void completed(int error, int bytes, long lpOverlapped, int flags) throws WinsockException {
        Session session = library.binding().session();
        NativeOperation passed = session.passed(lpOverlapped);
        if (passed != null) {
            passed.deliver(error, bytes, flags);
            passed.block().internal(error);
            passed.routine().completed(error, bytes, passed.block(), flags);
            return;
        }
        Twin twin = session.twins().at(lpOverlapped);
        if (twin != null) {
            twin.runRoutine(error, bytes, flags);
        }
    }

    int block(long context) throws WinsockException {
        BlockingCallback callback = library.binding().session().handles().find(context, BlockingCallback.class);
        return callback == null || callback.call() ? 1 : 0;
    }

    int decide(
            long callerId, long callerData, long sqos, long gqos, long calleeId, long calleeData, long group,
            long token)
            throws WinsockException {
        ConditionProc condition = library.binding().session().token(token, ConditionProc.class);
        if (condition == null) {
            return NO_DECISION;
        }
        ByteBuffer answer = BufferArray.optional(calleeData);
        ConnectionRequest request = new ConnectionRequest(
                address(callerId), BufferArray.optional(callerData), Flows.get(sqos), Flows.get(gqos),
                address(calleeId), answer);
        Decision decision = condition.decide(request);
        return switch (decision) {
            case CF_ACCEPT -> CF_ACCEPT;
            case CF_REJECT -> CF_REJECT;
            case CF_DEFER -> CF_DEFER;
            case null -> NO_DECISION;
        };
    }

    private static SocketAddress address(long buffer) throws WinsockException {
        if (buffer == 0) {
            return null;
        }
        return Sockaddrs.get(Memory.getLong(buffer + 8), Memory.getInt(buffer));
    }

    /** Makes a condition function of one in C. */
    static ConditionProc condition(long function, long context) throws WinsockException {
        if (function == 0) {
            return null;
        }
        NativeRoutines.checkFunction(function);
        return request -> ask(function, context, request);
    }

    private static Decision ask(long function, long context, ConnectionRequest request) {
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            int decision = Downcalls.call(
                    Memory.function(function),
                    addressBuffer(request.callerId(), scratch),
                    BufferArray.copied(request.callerData(), scratch),
                    Flows.put(request.sqos(), scratch),
                    Flows.put(request.gqos(), scratch),
                    addressBuffer(request.calleeId(), scratch),
                    // What the callee answers is copied back by nobody: the providers that take such functions send none.
                    BufferArray.copied(request.calleeData(), scratch),
                    scratch.zeroed(Integer.BYTES),
                    context);
            return switch (decision) {
                case CF_ACCEPT -> Decision.CF_ACCEPT;
                case CF_REJECT -> Decision.CF_REJECT;
                case CF_DEFER -> Decision.CF_DEFER;
                default -> null;
            };
        } finally {
            scratch.release(mark);
        }
    }

    private static long addressBuffer(SocketAddress address, Scratch scratch) {
        if (address == null) {
            return 0;
        }
        long place = scratch.allocate(Sockaddrs.MOST);
        long buffer = scratch.allocate(BufferArray.SIZE);
        BufferArray.put(buffer, Sockaddrs.put(place, address), place);
        return buffer;
    }
}
