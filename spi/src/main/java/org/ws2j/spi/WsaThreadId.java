package org.ws2j.spi;

/**
 * A WSATHREADID: names a thread as the target of {@link Upcalls#wpuQueueApc}.
 *
 * <p>The host passes one with every overlapped call that has a completion routine; a provider that starts overlapped
 * operations from a thread of its own gets one from {@link Upcalls#wpuOpenCurrentThread()}.
 */
public abstract class WsaThreadId {
    /** For hosts alone. */
    protected WsaThreadId() {}
}
