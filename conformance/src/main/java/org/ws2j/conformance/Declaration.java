package org.ws2j.conformance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.ws2j.spi.TransportModule;

/**
 * What a provider says of itself to the kit, in properties: {@code FLAG = reason} for each known difference, {@code handles =
 * ifs} for a layer that hands out handles of the file system, {@code option.NAME = VALUE} for an option that it cannot do
 * without, where {@code {file}} stands for a new file of its own, {@code keeps.ports = N} and {@code keeps.windows = N} for what
 * it holds from its start-up to its clean-up.
 *
 * <p>Those of the providers that come with ws2j lie in this module; any other brings its own in its jar, a shared library
 * beside itself.
 */
record Declaration(
        Map<Flag, String> flags, boolean isIfsLayer, Map<String, String> options, int keptPorts, int keptWindows) {
    /** Where a jar, or a directory of classes, has it. */
    static final String ENTRY = "META-INF/ws2j-conformance.properties";

    /** What follows the name of a file that has it beside itself: a shared library. */
    static final String BESIDE = ".ws2j-conformance.properties";

    private static final String OPTION = "option.";

    static Declaration of(TransportModule module) {
        String own = "providers/" + module.name() + ".properties";
        boolean isOurs = module.getClass().getName().startsWith("org.ws2j.");
        try (InputStream in = isOurs ? Declaration.class.getResourceAsStream(own) : brought(module.getClass())) {
            Properties properties = new Properties();
            if (in != null) {
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
                properties.load(reader);
            }
            return parse(module.name(), properties);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read what " + module.name() + " declares: " + e, e);
        }
    }

    /** Reads what a file that is no jar has beside itself, under its own name with an ending more. */
    static Declaration beside(String file) {
        Path place = Path.of(file + BESIDE);
        Properties properties = new Properties();
        try {
            if (Files.exists(place)) {
                properties.load(new StringReader(Files.readString(place)));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + place + ": " + e, e);
        }
        return parse(file, properties);
    }

    private static Declaration parse(String provider, Properties properties) {
        Map<Flag, String> flags = new EnumMap<>(Flag.class);
        Map<String, String> options = new LinkedHashMap<>();
        boolean isIfs = false;
        int ports = 0;
        int windows = 0;
        for (String key : properties.stringPropertyNames()) {
            String value = properties.getProperty(key).strip();
            if (key.startsWith(OPTION)) {
                options.put(key.substring(OPTION.length()), value);
            } else if (key.equals("keeps.ports")) {
                ports = Integer.parseInt(value);
            } else if (key.equals("keeps.windows")) {
                windows = Integer.parseInt(value);
            } else if (key.equals("handles")) {
                isIfs = value.equals("ifs");
            } else {
                flags.put(flag(provider, key), value);
            }
        }
        return new Declaration(flags, isIfs, options, ports, windows);
    }

    private static Flag flag(String provider, String name) {
        try {
            return Flag.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(provider + " declares " + name + ", which is no flag", e);
        }
    }

    /** Not by the class loader, which would look into every other jar first. */
    private static InputStream brought(Class<?> type) throws IOException {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
            return null;
        }
        Path place = path(source.getLocation());
        return Files.isDirectory(place) ? fromDirectory(place.resolve(ENTRY)) : fromJar(place);
    }

    private static Path path(URL location) throws IOException {
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static InputStream fromDirectory(Path file) throws IOException {
        return Files.exists(file) ? Files.newInputStream(file) : null;
    }

    private static InputStream fromJar(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(ENTRY);
            return entry == null ? null : new ByteArrayInputStream(zip.getInputStream(entry).readAllBytes());
        }
    }
}
