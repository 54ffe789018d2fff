/**
 * The base providers: the operating system's TCP and UDP, and a network inside the process.
 */
module org.ws2j.providers {
    requires transitive org.ws2j.spi;
    // The keep-alive times of TCP are options of this module.
    requires jdk.net;

    exports org.ws2j.provider.memory;
    exports org.ws2j.provider.tcpip;

    provides org.ws2j.spi.TransportModule with
            org.ws2j.provider.tcpip.TcpIpModule,
            org.ws2j.provider.memory.MemoryModule;
}
