package org.ws2j.programs;

import java.net.URI;
import java.net.http.HttpClient;
import org.apache.catalina.connector.Connector;

/** Tomcat with its connector Nio or Nio2, and both of the JDK's clients. */
public final class TomcatProgram {
    private TomcatProgram() {}

    /** The argument is Nio or Nio2. */
    public static void main(String[] arguments) {
        Program.run(() -> work("org.apache.coyote.http11.Http11" + arguments[0] + "Protocol"));
    }

    private static void work(String protocol) throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(new Connector(protocol));
                HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + tomcat.port() + "/");
            HttpWork.with(client, uri, HttpClient.Version.HTTP_1_1);
            HttpWork.withUrlConnection(uri);
        }
    }
}
