/**
 * The base providers: the operating system's TCP and UDP.
 */
module org.ws2j.providers {
    requires transitive org.ws2j.spi;
}
