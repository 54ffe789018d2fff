/**
 * The layered providers, for authors to extend and for programs to put into a chain.
 */
module org.ws2j.layers {
    requires transitive org.ws2j.spi;
}
