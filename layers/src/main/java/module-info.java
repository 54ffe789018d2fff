/**
 * The layered providers, for authors to extend and for programs to put into a chain.
 */
module org.ws2j.layers {
    requires transitive org.ws2j.spi;

    exports org.ws2j.layer;
    exports org.ws2j.layer.trace;

    provides org.ws2j.spi.TransportModule with
            org.ws2j.layer.passthrough.PassThroughModule,
            org.ws2j.layer.passthrough.IfsPassThroughModule,
            org.ws2j.layer.trace.TraceModule;
}
