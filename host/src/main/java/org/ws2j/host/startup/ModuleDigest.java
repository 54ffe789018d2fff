package org.ws2j.host.startup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest of a module's file, as pins have it. */
final class ModuleDigest {
    private static final int CHUNK = 1 << 16;

    private ModuleDigest() {}

    /**
     * Computes the digest of the file behind a path.
     *
     * @param path the path, without references to the environment
     * @return 64 lower-case hexadecimal digits of SHA-256; null for a module beside the host, and for a file that cannot be read
     */
    static String of(String path) {
        if (path.startsWith(ModuleLoader.BUILTIN)) {
            return null;
        }
        int mark = path.lastIndexOf('!');
        try {
            Path file = Path.of(mark < 0 ? path : path.substring(0, mark));
            return Files.isRegularFile(file) ? digest(file) : null;
        } catch (IOException | InvalidPathException e) {
            return null; // Who loads it meets the same, and says so.
        }
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }
}
