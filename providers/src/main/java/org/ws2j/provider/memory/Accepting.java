package org.ws2j.provider.memory;

import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.ConditionProc.ConnectionRequest;
import org.ws2j.spi.ConditionProc.Decision;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** One call of WSPAccept. */
final class Accepting {
    private final Descriptor descriptor;
    private final StreamSocket listener;
    private final Backlog backlog;
    private final ConditionProc condition;

    Accepting(Descriptor descriptor, StreamSocket listener, ConditionProc condition) throws WinsockException {
        this.descriptor = descriptor;
        this.listener = listener;
        this.condition = condition;
        this.backlog = listener.backlog();
        if (backlog == null) {
            throw new WinsockException(WsaError.WSAEINVAL, listener + " does not listen");
        }
    }

    /** {@return the new socket; null if the listener is non-blocking and nobody waits} */
    SocketHandle accept(AddressHolder addr) throws WinsockException {
        try {
            StreamSocket end = take();
            return end == null ? null : publish(end, addr);
        } finally {
            backlog.serve(); // An AcceptEx may have come while a connection was considered that is there again.
            listener.events.deliver();
        }
    }

    private StreamSocket take() throws WinsockException {
        StreamSocket end = tryTake();
        return end == null && !listener.nonBlocking ? await() : end;
    }

    private StreamSocket tryTake() throws WinsockException {
        if (condition == null) {
            return backlog.take();
        }
        StreamSocket end = backlog.consider();
        if (end != null) {
            decide(end);
        }
        return end;
    }

    private StreamSocket await() throws WinsockException {
        BlockingCall call = BlockingCall.ofNanos(listener.stack, listener.info.catalogEntryId(), Long.MAX_VALUE);
        Watch watch = new Watch(listener.stack.services().clock());
        listener.watchers.add(watch);
        try {
            while (true) {
                watch.reset();
                if (descriptor.isClosed() || listener.stack.isDown()) {
                    throw new WinsockException(WsaError.WSAEINTR, listener + " was closed");
                }
                StreamSocket end = tryTake();
                if (end != null) {
                    return end;
                }
                watch.await(call.beforeWait());
            }
        } finally {
            listener.watchers.remove(watch);
            watch.end();
        }
    }

    /** Asks the condition function, on this thread and with no lock held; returns if the connection is accepted. */
    private void decide(StreamSocket end) throws WinsockException {
        Decision decision = null;
        try {
            decision = condition.decide(new ConnectionRequest(end.peer, null, null, null, end.local, null));
        } finally {
            boolean stays = decision == null || decision == Decision.CF_DEFER;
            if (!stays) {
                backlog.decided();
            } else if (!backlog.defer(end)) {
                end.refuse();
            }
        }
        switch (decision) {
            case CF_ACCEPT -> {}
            case CF_REJECT -> {
                end.refuse();
                throw new WinsockException(WsaError.WSAECONNREFUSED, "the condition function rejected " + end.peer);
            }
            case CF_DEFER -> throw new WinsockException(WsaError.WSATRY_AGAIN, "the condition function deferred");
            case null -> throw new WinsockException(WsaError.WSAEINVAL, "the condition function gave no decision");
        }
    }

    private SocketHandle publish(StreamSocket end, AddressHolder addr) throws WinsockException {
        if (end.isGone()) {
            end.refuse();
            throw new WinsockException(WsaError.WSAECONNRESET, end.peer + " has withdrawn its connection");
        }
        Descriptor published = listener.stack.publish(end);
        if (addr != null) {
            addr.address(end.peer);
        }
        end.accepted(listener, published);
        return published.handle();
    }
}
