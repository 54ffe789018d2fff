package org.ws2j.spi;

import java.util.Objects;
import java.util.UUID;

/**
 * A WSAPROTOCOL_INFOW: one entry of the protocol catalog.
 *
 * @param serviceFlags1 what the protocol offers, {@link ServiceFlag} bits
 * @param providerFlags how the entry is to be treated, {@link ProviderFlag} bits
 * @param providerId the GUID of the provider
 * @param catalogEntryId the number that the catalog gave the entry; 0 before it is installed
 * @param protocolChain the kind of entry, and the chain
 * @param version the version of the protocol
 * @param addressFamily an {@link AddressFamily}
 * @param maxSockAddr the length of the longest address, in bytes
 * @param minSockAddr the length of the shortest address, in bytes
 * @param socketType a {@link SocketType}
 * @param protocol the protocol, such as {@link IpProtocol#IPPROTO_TCP}
 * @param protocolMaxOffset how many protocol numbers beyond {@code protocol} the entry accepts
 * @param networkByteOrder 0 for big endian, 1 for little endian
 * @param securityScheme 0 for none
 * @param messageSize the largest message in bytes; 0 for a stream, 1 if it depends on the network, -1 for no limit
 * @param providerReserved the provider's own; carries the token of a duplicated socket
 * @param protocolName a name for people, at most {@link #WSAPROTOCOL_LEN} characters
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/ns-winsock2-wsaprotocol_infow">WSAPROTOCOL_INFOW</a>
 */
public record WsaProtocolInfo(
        int serviceFlags1,
        int providerFlags,
        UUID providerId,
        int catalogEntryId,
        ProtocolChain protocolChain,
        int version,
        int addressFamily,
        int maxSockAddr,
        int minSockAddr,
        int socketType,
        int protocol,
        int protocolMaxOffset,
        int networkByteOrder,
        int securityScheme,
        int messageSize,
        int providerReserved,
        String protocolName) {
    /** The most characters that a protocol's name can have. */
    public static final int WSAPROTOCOL_LEN = 255;

    /** Refuses null members. What values are acceptable is the catalog's to say. */
    public WsaProtocolInfo {
        Objects.requireNonNull(providerId, "providerId");
        Objects.requireNonNull(protocolChain, "protocolChain");
        Objects.requireNonNull(protocolName, "protocolName");
    }

    /** {@return whether the handles of the protocol are handles of the file system} */
    public boolean isIfs() {
        return (serviceFlags1 & ServiceFlag.XP1_IFS_HANDLES) != 0;
    }

    /** {@return whether the entry is hidden from applications} */
    public boolean isHidden() {
        return (providerFlags & ProviderFlag.PFL_HIDDEN) != 0;
    }

    /** {@return whether the protocol is one of datagrams} */
    public boolean isConnectionless() {
        return (serviceFlags1 & ServiceFlag.XP1_CONNECTIONLESS) != 0;
    }

    /** {@return a builder that starts with a base entry of no protocol in particular, and the nil GUID} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that starts with the values of this entry} */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Makes entries; each method sets the member of its name. */
    public static final class Builder {
        private int serviceFlags1;
        private int providerFlags;
        private UUID providerId = new UUID(0, 0);
        private int catalogEntryId;
        private ProtocolChain protocolChain = ProtocolChain.BASE;
        private int version = 2;
        private int addressFamily;
        private int maxSockAddr;
        private int minSockAddr;
        private int socketType;
        private int protocol;
        private int protocolMaxOffset;
        private int networkByteOrder;
        private int securityScheme;
        private int messageSize;
        private int providerReserved;
        private String protocolName = "";

        private Builder() {}

        private Builder(WsaProtocolInfo from) {
            serviceFlags1 = from.serviceFlags1;
            providerFlags = from.providerFlags;
            providerId = from.providerId;
            catalogEntryId = from.catalogEntryId;
            protocolChain = from.protocolChain;
            version = from.version;
            addressFamily = from.addressFamily;
            maxSockAddr = from.maxSockAddr;
            minSockAddr = from.minSockAddr;
            socketType = from.socketType;
            protocol = from.protocol;
            protocolMaxOffset = from.protocolMaxOffset;
            networkByteOrder = from.networkByteOrder;
            securityScheme = from.securityScheme;
            messageSize = from.messageSize;
            providerReserved = from.providerReserved;
            protocolName = from.protocolName;
        }

        /**
         * Sets {@link WsaProtocolInfo#serviceFlags1()}.
         *
         * @param value {@link ServiceFlag} bits
         * @return this builder
         */
        public Builder serviceFlags1(int value) {
            serviceFlags1 = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#providerFlags()}.
         *
         * @param value {@link ProviderFlag} bits
         * @return this builder
         */
        public Builder providerFlags(int value) {
            providerFlags = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#providerId()}.
         *
         * @param value the GUID of the provider
         * @return this builder
         */
        public Builder providerId(UUID value) {
            providerId = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#catalogEntryId()}.
         *
         * @param value the number in the catalog
         * @return this builder
         */
        public Builder catalogEntryId(int value) {
            catalogEntryId = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#protocolChain()}.
         *
         * @param value the kind of entry, and the chain
         * @return this builder
         */
        public Builder protocolChain(ProtocolChain value) {
            protocolChain = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#version()}.
         *
         * @param value the version of the protocol
         * @return this builder
         */
        public Builder version(int value) {
            version = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#addressFamily()}.
         *
         * @param value an {@link AddressFamily}
         * @return this builder
         */
        public Builder addressFamily(int value) {
            addressFamily = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#maxSockAddr()}.
         *
         * @param value bytes
         * @return this builder
         */
        public Builder maxSockAddr(int value) {
            maxSockAddr = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#minSockAddr()}.
         *
         * @param value bytes
         * @return this builder
         */
        public Builder minSockAddr(int value) {
            minSockAddr = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#socketType()}.
         *
         * @param value a {@link SocketType}
         * @return this builder
         */
        public Builder socketType(int value) {
            socketType = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#protocol()}.
         *
         * @param value the protocol
         * @return this builder
         */
        public Builder protocol(int value) {
            protocol = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#protocolMaxOffset()}.
         *
         * @param value how many numbers beyond the protocol are accepted
         * @return this builder
         */
        public Builder protocolMaxOffset(int value) {
            protocolMaxOffset = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#networkByteOrder()}.
         *
         * @param value 0 for big endian, 1 for little endian
         * @return this builder
         */
        public Builder networkByteOrder(int value) {
            networkByteOrder = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#securityScheme()}.
         *
         * @param value 0 for none
         * @return this builder
         */
        public Builder securityScheme(int value) {
            securityScheme = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#messageSize()}.
         *
         * @param value bytes; 0 for a stream, 1 if it depends on the network, -1 for no limit
         * @return this builder
         */
        public Builder messageSize(int value) {
            messageSize = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#providerReserved()}.
         *
         * @param value the provider's own
         * @return this builder
         */
        public Builder providerReserved(int value) {
            providerReserved = value;
            return this;
        }

        /**
         * Sets {@link WsaProtocolInfo#protocolName()}.
         *
         * @param value a name for people
         * @return this builder
         */
        public Builder protocolName(String value) {
            protocolName = value;
            return this;
        }

        /** {@return the entry} */
        public WsaProtocolInfo build() {
            return new WsaProtocolInfo(
                    serviceFlags1,
                    providerFlags,
                    providerId,
                    catalogEntryId,
                    protocolChain,
                    version,
                    addressFamily,
                    maxSockAddr,
                    minSockAddr,
                    socketType,
                    protocol,
                    protocolMaxOffset,
                    networkByteOrder,
                    securityScheme,
                    messageSize,
                    providerReserved,
                    protocolName);
        }
    }
}
