/**
 * The host: what Ws2_32 and the system around it are to Windows Sockets programs and providers.
 */
module org.ws2j.host {
    requires transitive org.ws2j.spi;
    // The catalog file and the listings are read and written as JSON, token by token.
    requires tools.jackson.core;

    exports org.ws2j.host;

    uses org.ws2j.spi.ModuleFormat;
    uses org.ws2j.spi.TransportModule;
}
