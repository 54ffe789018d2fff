package org.ws2j.spi;

/**
 * A WSPDATA: what a provider says of itself at start-up.
 *
 * @param version the version that the provider expects its caller to use; any but 2.2 is refused, see
 *     {@link TransportProvider#wspStartup}
 * @param highVersion the highest version that the provider supports
 * @param description a text for people, at most 255 characters; longer ones are cut
 */
public record WspData(WinsockVersion version, WinsockVersion highVersion, String description) {
    /** The most characters that a description can have. */
    public static final int WSPDESCRIPTION_LEN = 255;

    /** Cuts the description to its length. */
    public WspData {
        if (description.length() > WSPDESCRIPTION_LEN) {
            description = description.substring(0, WSPDESCRIPTION_LEN);
        }
    }

    /**
     * Negotiates as WSPStartup asks for, for a provider that supports one version only: 2.2.
     *
     * @param requested the version that the caller asked for
     * @param description a text for people
     * @return the data with version 2.2
     * @throws WinsockException {@code WSAVERNOTSUPPORTED} if less than 2.2 was requested
     */
    public static WspData negotiate(WinsockVersion requested, String description) throws WinsockException {
        if (requested.compareTo(WinsockVersion.V2_2) < 0) {
            throw new WinsockException(
                    WsaError.WSAVERNOTSUPPORTED, description + " needs version 2.2, requested was " + requested);
        }
        return new WspData(WinsockVersion.V2_2, WinsockVersion.V2_2, description);
    }
}
