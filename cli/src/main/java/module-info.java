/**
 * The ws2 command.
 */
module org.ws2j.cli {
    requires info.picocli;
    // The demo talks to the JDK's own HTTP server.
    requires jdk.httpserver;
    requires org.ws2j.conformance;
    requires org.ws2j.host;
    requires org.ws2j.layers;
    requires org.ws2j.providers;
    requires org.ws2j.spi;
    // Listings as JSON, token by token.
    requires tools.jackson.core;

    // picocli fills the fields of the commands.
    opens org.ws2j.cli to info.picocli;
}
