/**
 * The ws2 command.
 */
module org.ws2j.cli {
    requires info.picocli;
    requires org.ws2j.host;
    requires org.ws2j.layers;
    requires org.ws2j.providers;
    requires org.ws2j.spi;

    // picocli fills the fields of the commands.
    opens org.ws2j.cli to info.picocli;
}
