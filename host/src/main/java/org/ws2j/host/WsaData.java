package org.ws2j.host;

import org.ws2j.spi.WinsockVersion;

/**
 * A WSADATA: what start-up tells a client.
 *
 * @param version the version that was negotiated, which the client is expected to use
 * @param highVersion the highest version that the host supports: 2.2
 * @param description a text for people
 * @param systemStatus a text for people
 */
public record WsaData(WinsockVersion version, WinsockVersion highVersion, String description, String systemStatus) {}
