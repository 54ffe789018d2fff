package org.ws2j.layer;

import java.net.SocketAddress;
import java.util.Map;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/**
 * A layer that runs in a chain: what {@link LayeredProvider} and {@link IfsLayeredProvider} have in common.
 *
 * <p>All that the host and the next layer above do with it happens by the functions of {@link WspProcTable}; this class does
 * those that have nothing to do with a socket.
 */
public abstract class Layer implements WspProcTable {
    private final LayerStart start;
    private final LayerUses uses = new LayerUses();

    /** Lets the module forget this layer. */
    private volatile Runnable over = () -> {};

    /**
     * Takes what the start-up found.
     *
     * @param start where the layer stands, and what it may use
     */
    Layer(LayerStart start) {
        this.start = start;
    }

    /** {@return where the layer stands, and what it may use} */
    public final LayerStart start() {
        return start;
    }

    /** {@return the entry of the chain} */
    public final WsaProtocolInfo info() {
        return start.info();
    }

    /** {@return the functions of the next provider below, to be called with its own handles} */
    protected final WspProcTable lower() {
        return start.lower();
    }

    /** {@return the upcalls} */
    protected final Upcalls upcalls() {
        return start.upcalls();
    }

    /** {@return the services of the system} */
    protected final HostServices services() {
        return start.services();
    }

    /** {@return the options of the catalog entry; an option that is missing has its default} */
    protected final Map<String, String> options() {
        return start.options();
    }

    /**
     * Ends what the layer holds: called once, in the last clean-up, when its sockets are closed and the provider below has
     * been cleaned up. Does nothing here.
     */
    protected void stopped() {}

    /**
     * Closes the sockets of a layer that has handles of its own, and cleans up the provider below; called once.
     *
     * @throws WinsockException what the provider below answered
     */
    abstract void stop() throws WinsockException;

    final LayerUses uses() {
        return uses;
    }

    final void whenOver(Runnable action) {
        over = action;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The last one cleans up the provider below.
     */
    @Override
    public void wspCleanup() throws WinsockException {
        int left = uses.release();
        if (left < 0) {
            throw new WinsockException(WsaError.WSANOTINITIALISED);
        }
        if (left == 0) {
            over.run();
            try {
                stop();
            } finally {
                stopped();
            }
        }
    }

    @Override
    public void wspCancelBlockingCall() throws WinsockException {
        lower().wspCancelBlockingCall();
    }

    @Override
    public String wspAddressToString(SocketAddress lpsaAddress, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException {
        return lower().wspAddressToString(lpsaAddress, start.down(lpProtocolInfo));
    }

    @Override
    public SocketAddress wspStringToAddress(String addressString, int addressFamily, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException {
        return lower().wspStringToAddress(addressString, addressFamily, start.down(lpProtocolInfo));
    }

    /** The entry that a duplicated socket is made from: all of it the chain's but the base's token. */
    final WsaProtocolInfo duplicated(WsaProtocolInfo fromBelow) {
        return info().toBuilder()
                .providerReserved(fromBelow.providerReserved())
                .build();
    }

    /** Refuses calls that make sockets once the layer is stopped. */
    final void checkRunning() throws WinsockException {
        if (uses.isOver()) {
            throw new WinsockException(WsaError.WSANOTINITIALISED);
        }
    }

    /** Gives up a socket of the layer below, after what made it useless. */
    final void abandon(SocketHandle lowerSocket, Exception reason) {
        try {
            lower().wspCloseSocket(lowerSocket);
        } catch (WinsockException | RuntimeException e) {
            reason.addSuppressed(e);
        }
    }
}
