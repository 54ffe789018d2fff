package org.ws2j.provider.base;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * The sockets that WSPDuplicateSocket was called for and no handle was made of yet, by the token that goes to the client in the
 * entry.
 *
 * @param <S> the sockets
 */
public final class Duplicates<S> {
    /** Of the whole JVM: an entry that is given to another host must not name a socket of that one. */
    private static final AtomicInteger LAST_TOKEN = new AtomicInteger();

    private final Map<Integer, S> waiting = new ConcurrentHashMap<>();

    /** Makes an empty one. */
    public Duplicates() {}

    /**
     * Offers a socket.
     *
     * @param socket the socket
     * @param info its entry
     * @return the entry with a token that makes one more handle of the socket, once
     */
    public WsaProtocolInfo offer(S socket, WsaProtocolInfo info) {
        int token = LAST_TOKEN.incrementAndGet();
        waiting.put(token, socket);
        return info.toBuilder().providerReserved(token).build();
    }

    /**
     * Takes a socket for its token.
     *
     * @param info an entry with a token
     * @return the socket
     * @throws WinsockException {@code WSAEINVAL} if the token is none of these, or was used
     */
    public S take(WsaProtocolInfo info) throws WinsockException {
        S socket = waiting.remove(info.providerReserved());
        if (socket == null) {
            throw new WinsockException(WsaError.WSAEINVAL,
                    "no socket waits here to be duplicated, or that was done already: " + info.providerReserved());
        }
        return socket;
    }

    /**
     * Forgets a socket that is gone.
     *
     * @param socket the socket
     */
    public void forget(S socket) {
        if (!waiting.isEmpty()) {
            waiting.values().removeIf(each -> each == socket);
        }
    }

    /**
     * Puts a socket in the place of another one.
     *
     * @param former the one that was offered, perhaps
     * @param successor the one that is meant from now on
     */
    public void replace(S former, S successor) {
        waiting.replaceAll((token, each) -> each == former ? successor : each);
    }

    /** Forgets all of them. */
    public void clear() {
        waiting.clear();
    }
}
