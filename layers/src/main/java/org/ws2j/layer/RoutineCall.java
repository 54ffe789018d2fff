package org.ws2j.layer;

import org.ws2j.spi.UserApc;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;

/** What the procedure that is queued for a thread needs in order to call the client's completion routine there. */
record RoutineCall(
        LayeredSocket socket,
        WsaCompletionRoutine routine,
        WsaOverlapped overlapped,
        int error,
        int bytes,
        int flags) {

    /** The procedure. */
    static final UserApc TRAMPOLINE = context -> {
        RoutineCall call = (RoutineCall) context;
        call.socket().routines().run(call);
    };

    void invoke() {
        routine.completed(error, bytes, overlapped, flags);
    }
}
