package org.ws2j.spi;

import java.nio.ByteBuffer;

/**
 * GetAcceptExSockaddrs: reads the addresses that {@link AcceptEx} has put into its buffer.
 *
 * @see ExtensionFunction#WSAID_GETACCEPTEXSOCKADDRS
 * @see <a href="https://learn.microsoft.com/windows/win32/api/mswsock/nf-mswsock-getacceptexsockaddrs">GetAcceptExSockaddrs</a>
 */
@FunctionalInterface
public interface GetAcceptExSockaddrs {
    /**
     * Reads the addresses. There is nothing that it fails with: what the buffer does not hold is null.
     *
     * @param lpOutputBuffer the buffer, with the position that it had for AcceptEx
     * @param dwReceiveDataLength the same as for AcceptEx
     * @param dwLocalAddressLength the same as for AcceptEx
     * @param dwRemoteAddressLength the same as for AcceptEx
     * @param localSockaddr receives the local address
     * @param remoteSockaddr receives the peer's
     */
    void getAcceptExSockaddrs(
            ByteBuffer lpOutputBuffer,
            int dwReceiveDataLength,
            int dwLocalAddressLength,
            int dwRemoteAddressLength,
            AddressHolder localSockaddr,
            AddressHolder remoteSockaddr);
}
