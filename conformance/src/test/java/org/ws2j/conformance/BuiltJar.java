package org.ws2j.conformance;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Makes the jar of a layer from source, so that its classes lie nowhere else. */
final class BuiltJar {
    private static final String CLASS = "Layer";

    private BuiltJar() {}

    /**
     * Makes a jar.
     *
     * @param directory where
     * @param name the name of the layer and of its jar
     * @param body the members that the layer has in place of those of a layer that changes nothing
     * @param declaration what it declares to the kit; null for nothing
     * @return the jar
     */
    static Path of(Path directory, String name, String body, String declaration) throws IOException {
        Path classes = Files.createDirectories(directory.resolve(name + "-classes"));
        compile(classes, source(name, body));
        Path jar = directory.resolve(name + ".jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
            add(out, "META-INF/services/org.ws2j.spi.TransportModule", "broken." + CLASS);
            if (declaration != null) {
                add(out, "META-INF/ws2j-conformance.properties", declaration);
            }
            addAll(out, classes);
        }
        return jar;
    }

    private static String source(String name, String body) {
        return """
                package broken;

                import org.ws2j.layer.*;
                import org.ws2j.spi.*;

                public final class Layer extends LayerModule {
                    public Layer() {
                        super("%s");
                    }

                    @Override
                    protected LayerFactory factory() {
                        return start -> new LayeredProvider(start) {
                            %s
                        };
                    }
                }
                """.formatted(name, body);
    }

    private static void compile(Path classes, String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject unit = new SimpleJavaFileObject(URI.create("string:///broken/Layer.java"),
                JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        List<String> options = List.of("-proc:none", "-d", classes.toString(), "-classpath", everything());
        if (!compiler.getTask(null, null, null, options, null, List.of(unit)).call()) {
            throw new AssertionError("the layer does not compile:\n" + source);
        }
    }

    /** The tests may run on the class path or on the module path. */
    private static String everything() {
        return Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void addAll(JarOutputStream out, Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
    }

    private static void add(JarOutputStream out, String name, String text) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
