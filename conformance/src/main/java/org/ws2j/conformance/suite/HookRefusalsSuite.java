package org.ws2j.conformance.suite;

import static org.ws2j.conformance.Expect.fails;

import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.WsaError;

/** The functions of blocking hooks, which a client of Winsock 2 has not. */
final class HookRefusalsSuite extends Suite {
    @Proves("hook.opnotsupp")
    void aClientOfVersion2HasNoBlockingHooks() {
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.wsaSetBlockingHook(() -> false));
        fails(WsaError.WSAEOPNOTSUPP, ws::wsaUnhookBlockingHook);
        fails(WsaError.WSAEOPNOTSUPP, ws::wsaIsBlocking);
    }

    @Proves("cancel.opnotsupp")
    void aClientOfVersion2CancelsNoBlockingCall() {
        fails(WsaError.WSAEOPNOTSUPP, ws::wsaCancelBlockingCall);
    }
}
