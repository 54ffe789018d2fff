package org.ws2j.spi;

import java.util.Arrays;
import java.util.List;

/**
 * A WSAPROTOCOLCHAIN: the kind of a catalog entry, and for a chain the entries that it consists of.
 *
 * @param chainLen {@link #LAYERED_PROTOCOL}, {@link #BASE_PROTOCOL}, or the number of entries in the chain, at most
 *     {@link #MAX_PROTOCOL_CHAIN}
 * @param chainEntries the catalog entry ids, the top layer's first and the base's last; empty unless this is a chain
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/ns-winsock2-wsaprotocolchain">WSAPROTOCOLCHAIN</a>
 */
public record ProtocolChain(int chainLen, List<Integer> chainEntries) {
    /** The length that marks a layer alone. */
    public static final int LAYERED_PROTOCOL = 0;

    /** The length that marks a base protocol. */
    public static final int BASE_PROTOCOL = 1;

    /** The most entries that a chain can have. */
    public static final int MAX_PROTOCOL_CHAIN = 7;

    /** The chain of an entry that is a layer alone. */
    public static final ProtocolChain LAYER = new ProtocolChain(LAYERED_PROTOCOL, List.of());

    /** The chain of an entry that is a base protocol. */
    public static final ProtocolChain BASE = new ProtocolChain(BASE_PROTOCOL, List.of());

    /** Copies the entries. What lengths and ids are acceptable is the catalog's to say. */
    public ProtocolChain {
        chainEntries = List.copyOf(chainEntries);
    }

    /**
     * Makes a chain.
     *
     * @param chainEntries the catalog entry ids, the top layer's first and the base's last
     * @return the chain
     */
    public static ProtocolChain of(int... chainEntries) {
        return new ProtocolChain(
                chainEntries.length, Arrays.stream(chainEntries).boxed().toList());
    }

    /** {@return whether this is a layer alone, which no application can use} */
    public boolean isLayer() {
        return chainLen == LAYERED_PROTOCOL;
    }

    /** {@return whether this is a base protocol} */
    public boolean isBase() {
        return chainLen == BASE_PROTOCOL;
    }

    /** {@return whether this is a chain of layers over a base protocol} */
    public boolean isChain() {
        return chainLen > BASE_PROTOCOL;
    }
}
