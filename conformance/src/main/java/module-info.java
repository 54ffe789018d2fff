/**
 * The conformance kit: the rules of Windows Sockets 2 as checks that run over any stack of providers.
 */
module org.ws2j.conformance {
    requires transitive org.ws2j.host;
    requires transitive org.ws2j.spi;
    // The checks are tests of JUnit's, and this module runs them itself.
    requires transitive org.junit.jupiter.api;
    requires org.junit.platform.launcher;
    requires org.assertj.core;

    exports org.ws2j.conformance;

    // JUnit makes the suites and their extension.
    opens org.ws2j.conformance to org.junit.platform.commons;
    opens org.ws2j.conformance.suite to org.junit.platform.commons;
}
