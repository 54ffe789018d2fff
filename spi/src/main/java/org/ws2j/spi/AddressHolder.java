package org.ws2j.spi;

import java.net.SocketAddress;

/** Room for the address that an accept reports, owned by its caller. */
public final class AddressHolder {
    private SocketAddress address;

    /** Makes an empty one. */
    public AddressHolder() {}

    /** {@return the address, null before one was reported} */
    public SocketAddress address() {
        return address;
    }

    /**
     * Sets the address.
     *
     * @param newAddress the address
     */
    public void address(SocketAddress newAddress) {
        address = newAddress;
    }
}
