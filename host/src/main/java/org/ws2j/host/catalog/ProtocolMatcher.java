package org.ws2j.host.catalog;

import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * How socket() and WSASocket() choose the entry for a family, a type and a protocol.
 *
 * <table border="1">
 * <caption>What matches</caption>
 * <tr><th>parameter</th><th>entry</th></tr>
 * <tr><td>family, type</td><td>the same value; 0 for any</td></tr>
 * <tr><td>protocol</td><td>within the entry's range; 0 also with
 * {@link ProviderFlag#PFL_MATCHES_PROTOCOL_ZERO}</td></tr>
 * <tr><td></td><td>base protocols and chains, hidden ones too; layers alone never</td></tr>
 * </table>
 */
public final class ProtocolMatcher {
    private ProtocolMatcher() {}

    /**
     * Finds the entries that a call can use.
     *
     * @param catalog the catalog as the process sees it
     * @param addressFamily an address family; 0 for any
     * @param socketType a type; 0 for any
     * @param protocol a protocol; 0 for what the entries take for their default
     * @return the entries in the catalog's order, at least one; the caller goes on to the next one when WSPSocket
     *     answers {@code WSAEINPROGRESS}
     * @throws WinsockException by the best match there is: {@code WSAEAFNOSUPPORT} if no entry has the family, {@code
     *     WSAESOCKTNOSUPPORT} if none of those has the type, {@code WSAEPROTONOSUPPORT} if none of those takes the
     *     protocol
     */
    public static List<CatalogEntry> match(CatalogState catalog, int addressFamily, int socketType, int protocol)
            throws WinsockException {
        List<CatalogEntry> found = new ArrayList<>();
        WsaError failure = WsaError.WSAEAFNOSUPPORT;
        for (CatalogEntry entry : catalog.entries()) {
            WsaProtocolInfo info = entry.info();
            if (info.protocolChain().isLayer() || !anyOr(addressFamily, info.addressFamily())) {
                continue;
            }
            if (!anyOr(socketType, info.socketType())) {
                failure = failure == WsaError.WSAEAFNOSUPPORT ? WsaError.WSAESOCKTNOSUPPORT : failure;
            } else if (takes(info, protocol)) {
                found.add(entry);
            } else {
                failure = WsaError.WSAEPROTONOSUPPORT;
            }
        }
        if (found.isEmpty()) {
            throw new WinsockException(
                    failure, "family " + addressFamily + ", type " + socketType + ", protocol " + protocol);
        }
        return List.copyOf(found);
    }

    /**
     * Finds the entry that a given protocol info stands for.
     *
     * @param catalog the catalog as the process sees it
     * @param catalogEntryId the number in the info
     * @return the entry; the info that goes to WSPSocket is the caller's all the same
     * @throws WinsockException {@code WSAEINVAL} if there is no entry with that number, or it is a layer alone
     */
    public static CatalogEntry byId(CatalogState catalog, int catalogEntryId) throws WinsockException {
        CatalogEntry entry = catalog.entry(catalogEntryId).orElseThrow(() -> Refusal.unknownEntry(catalogEntryId));
        if (entry.info().protocolChain().isLayer()) {
            throw Refusal.invalid("the entry " + catalogEntryId + " is a layer alone, which makes no sockets");
        }
        return entry;
    }

    private static boolean anyOr(int wanted, int offered) {
        return wanted == 0 || wanted == offered;
    }

    private static boolean takes(WsaProtocolInfo info, int protocol) {
        boolean forZero = (info.providerFlags() & ProviderFlag.PFL_MATCHES_PROTOCOL_ZERO) != 0;
        return (protocol == 0 && forZero) || ProtocolFilter.inRange(info, protocol);
    }
}
