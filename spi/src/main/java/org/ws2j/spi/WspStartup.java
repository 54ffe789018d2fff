package org.ws2j.spi;

/**
 * What a successful {@link TransportProvider#wspStartup} gives back.
 *
 * @param data what the provider says of itself
 * @param procTable the thirty functions; the host refuses null, and a table that lacks one of them, with
 *     {@code WSAEINVALIDPROCTABLE}
 */
public record WspStartup(WspData data, WspProcTable procTable) {}
