package org.ws2j.spi;

/**
 * The bits of {@link WsaProtocolInfo#providerFlags()}: how a catalog entry is to be treated.
 */
public final class ProviderFlag {
    /** One of several entries for a protocol. */
    public static final int PFL_MULTIPLE_PROTO_ENTRIES = 0x01;

    /** The preferred one of those. */
    public static final int PFL_RECOMMENDED_PROTO_ENTRY = 0x02;

    /** Not enumerated for applications. */
    public static final int PFL_HIDDEN = 0x04;

    /** Protocol 0 matches this entry. */
    public static final int PFL_MATCHES_PROTOCOL_ZERO = 0x08;

    /** A network direct provider. */
    public static final int PFL_NETWORKDIRECT_PROVIDER = 0x10;

    private ProviderFlag() {}
}
