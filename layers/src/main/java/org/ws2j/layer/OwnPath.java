package org.ws2j.layer;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import org.ws2j.spi.TransportModule;

/**
 * How a module recognises the path that it was loaded from, as a DLL does by asking for its own file name: by its name where
 * the path has one, and by the jar that its class lies in.
 *
 * @param name the module's name
 * @param jar the jar or folder of its class, with slashes; empty if that cannot be told
 */
record OwnPath(String name, String jar) {
    private static final String BUILTIN = "builtin:";

    static OwnPath of(TransportModule module) {
        CodeSource source = module.getClass().getProtectionDomain().getCodeSource();
        return new OwnPath(module.name(), source == null ? "" : fileOf(source));
    }

    private static String fileOf(CodeSource source) {
        try {
            URI location = source.getLocation().toURI();
            return location.getScheme().equals("file") ? slashes(Path.of(location).toString()) : "";
        } catch (URISyntaxException e) {
            // A location that is no file's is none of a jar in the catalog.
            return "";
        }
    }

    /** Whether a path of the catalog leads to the module. */
    boolean isMeantBy(String path) {
        if (path.startsWith(BUILTIN)) {
            return path.substring(BUILTIN.length()).equals(name);
        }
        int mark = path.lastIndexOf('!');
        if (mark >= 0 && !path.substring(mark + 1).equals(name)) {
            return false;
        }
        return isJar(mark < 0 ? path : path.substring(0, mark));
    }

    /** What the host puts in the place of a reference to the environment is not known here; what follows it is. */
    private boolean isJar(String path) {
        String given = slashes(path);
        int reference = given.lastIndexOf('%');
        if (reference >= 0) {
            return !jar.isEmpty() && jar.endsWith(given.substring(reference + 1));
        }
        return !jar.isEmpty() && Path.of(jar).equals(Path.of(given).toAbsolutePath().normalize());
    }

    private static String slashes(String path) {
        return path.replace('\\', '/');
    }
}
