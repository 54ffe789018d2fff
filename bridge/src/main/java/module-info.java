/**
 * Providers written in C: shared libraries that export WSPStartup, hosted through java.lang.foreign.
 */
module org.ws2j.bridge {
    requires transitive org.ws2j.spi;

    exports org.ws2j.bridge;

    provides org.ws2j.spi.ModuleFormat with
            org.ws2j.bridge.NativeModuleFormat;
}
