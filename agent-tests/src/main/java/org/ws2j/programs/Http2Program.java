package org.ws2j.programs;

import java.net.URI;
import java.net.http.HttpClient;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** The JDK's HttpClient and Tomcat, with HTTP/2 over TLS. */
public final class Http2Program {
    private Http2Program() {}

    /** Needs no arguments. */
    public static void main(String[] arguments) {
        Program.run(Http2Program::work);
    }

    private static void work() throws Exception {
        Certificates certificates = Certificates.make();
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(connector(certificates));
                HttpClient client =
                        HttpClient.newBuilder().sslContext(certificates.context()).build()) {
            URI uri = URI.create("https://127.0.0.1:" + tomcat.port() + "/");
            HttpWork.with(client, uri, HttpClient.Version.HTTP_2);
        }
    }

    private static Connector connector(Certificates certificates) throws Exception {
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setProperty("SSLEnabled", "true");
        connector.setScheme("https");
        connector.setSecure(true);
        connector.addUpgradeProtocol(new Http2Protocol());
        connector.addSslHostConfig(tls(certificates));
        return connector;
    }

    private static SSLHostConfig tls(Certificates certificates) throws Exception {
        SSLHostConfig tls = new SSLHostConfig();
        SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.EC);
        certificate.setCertificateKeystore(certificates.store());
        certificate.setCertificateKeystorePassword(Certificates.PASSWORD);
        tls.addCertificate(certificate);
        return tls;
    }
}
