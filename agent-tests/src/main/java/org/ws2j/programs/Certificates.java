package org.ws2j.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key of this host's, with a certificate that it has signed itself.
 *
 * @param store holds both
 */
record Certificates(KeyStore store) {
    static final String PASSWORD = "changeit";

    /** Makes them, with the tool of the JDK. */
    static Certificates make() throws IOException, InterruptedException, GeneralSecurityException {
        Path folder = Files.createTempDirectory("certificates");
        Path file = folder.resolve("keys.p12");
        try {
            makeStore(file);
            return new Certificates(KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static void makeStore(Path file) throws IOException, InterruptedException {
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(keytool, "-genkeypair", "-alias", "server", "-keyalg", "EC", "-groupname",
                "secp256r1", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-validity", "1000",
                "-keystore", file.toString(), "-storepass", PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(Program.LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool made no key");
        }
    }

    /** {@return a context for a server with the key, and for clients that trust it} */
    SSLContext context() throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
