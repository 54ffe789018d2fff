package org.ws2j.layer;

import java.util.Map;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/**
 * Where a layer stands in a chain, and what it may use.
 *
 * @param info the entry of the chain
 * @param ownEntry the entry in the chain that stands for the layer: its hidden one
 * @param position the layer's place, 0 for the top of the chain; a chain inside the chain counts with all its elements
 * @param lowerInfo the entry that the next provider below is started with and asked for sockets with: its own if that is the
 *     base, otherwise the chain's
 * @param lower the functions of the next provider below, which is running
 * @param upcalls the upcalls as the layer was given them
 * @param services the services of the system
 * @param options the options of the layer's own entry, replaced where the chain's entry has one of the same name
 */
public record LayerStart(
        WsaProtocolInfo info,
        WsaProtocolInfo ownEntry,
        int position,
        WsaProtocolInfo lowerInfo,
        WspProcTable lower,
        Upcalls upcalls,
        HostServices services,
        Map<String, String> options) {

    /** Copies the options. */
    public LayerStart {
        options = Map.copyOf(options);
    }

    /**
     * Returns the id that the layer's handles are registered with.
     *
     * @return the chain's at the top of the chain, whose handles are the application's; below it the layer's own entry's, so
     *     that the host records the right owner
     */
    public int catalogEntryId() {
        return position == 0 ? info.catalogEntryId() : ownEntry.catalogEntryId();
    }

    /**
     * Turns the entry that came with a call into the one that goes down with it: a base provider never learns of the chain.
     *
     * @param given the entry as it came
     * @return the entry of the base, with the token of a duplicated socket that the given one carries; the given one itself
     *     if another layer follows
     */
    public WsaProtocolInfo down(WsaProtocolInfo given) {
        if (given == null || !lowerInfo.protocolChain().isBase()) {
            return given;
        }
        int token = given.providerReserved();
        return token == lowerInfo.providerReserved()
                ? lowerInfo
                : lowerInfo.toBuilder().providerReserved(token).build();
    }
}
