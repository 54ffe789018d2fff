/**
 * The interface between a Windows Sockets 2 transport service provider and its host.
 *
 * <p>A provider is written against this module alone: it implements {@link org.ws2j.spi.TransportModule}, and is handed
 * the sixteen {@link org.ws2j.spi.Upcalls} and the {@link org.ws2j.spi.HostServices}.
 */
module org.ws2j.spi {
    exports org.ws2j.spi;
}
