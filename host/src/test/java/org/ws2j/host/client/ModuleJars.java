package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.ws2j.spi.TransportModule;

/** Makes jars of modules from source. */
final class ModuleJars {
    private static final String SOURCE = """
            package NAME;

            import java.lang.reflect.Proxy;
            import java.util.concurrent.atomic.AtomicInteger;
            import org.ws2j.spi.HostServices;
            import org.ws2j.spi.TransportModule;
            import org.ws2j.spi.TransportProvider;
            import org.ws2j.spi.WspData;
            import org.ws2j.spi.WspProcTable;
            import org.ws2j.spi.WspStartup;

            public final class Module implements TransportModule {
                private static final AtomicInteger ASKED = new AtomicInteger();

                public String name() {
                    return "NAME";
                }

                public TransportProvider load(HostServices services) {
                    return (requested, info, upcalls) -> new WspStartup(
                            WspData.negotiate(requested, "NAME"),
                            (WspProcTable) Proxy.newProxyInstance(
                                    Module.class.getClassLoader(),
                                    new Class<?>[] {WspProcTable.class},
                                    (proxy, method, arguments) -> switch (method.getName()) {
                                        case "wspSocket" -> upcalls.wpuCreateSocketHandle(info.catalogEntryId(), null);
                                        case "wspGetSockOpt" -> "NAME " + ASKED.incrementAndGet();
                                        default -> null;
                                    }));
                }
            }
            """;

    private final Path dir;

    ModuleJars(Path dir) {
        this.dir = dir;
    }

    /** A jar with modules of these names, each in a package of its name, that tells them in META-INF/services. */
    Path withServices(String jar, String... names) throws IOException {
        Path root = compiled(jar, List.of("-cp", spi()), names);
        Path services = Files.createDirectories(root.resolve("META-INF/services"));
        Files.write(services.resolve(TransportModule.class.getName()),
                Stream.of(names).map(name -> name + ".Module").toList());
        return packed(root, jar);
    }

    /** A jar with one module that tells it in its module descriptor. */
    Path withDescriptor(String jar, String name) throws IOException {
        Path source = dir.resolve(jar + ".src/module-info.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, """
                module %s.module {
                    requires org.ws2j.spi;
                    provides org.ws2j.spi.TransportModule with %s.Module;
                }
                """.formatted(name, name));
        return packed(compiled(jar, List.of("--module-path", spi(), source.toString()), name), jar);
    }

    /** A jar without any module. */
    Path empty(String jar) throws IOException {
        Path root = Files.createDirectories(dir.resolve(jar + ".classes"));
        Files.writeString(root.resolve("readme.txt"), "nothing here");
        return packed(root, jar);
    }

    private static String spi() {
        return Path.of(URI.create(TransportModule.class.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    private Path compiled(String jar, List<String> options, String... names) throws IOException {
        Path root = Files.createDirectories(dir.resolve(jar + ".classes"));
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", root.toString()));
        arguments.addAll(options);
        for (String name : names) {
            Path source = Files.createDirectories(dir.resolve(jar + ".src").resolve(name)).resolve("Module.java");
            Files.writeString(source, SOURCE.replace("NAME", name));
            arguments.add(source.toString());
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, errors, arguments.toArray(new String[0]));
        assertThat(result).as(errors.toString(StandardCharsets.UTF_8)).isZero();
        return root;
    }

    private Path packed(Path root, String jar) throws IOException {
        Path file = dir.resolve(jar);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file));
                Stream<Path> files = Files.walk(root)) {
            for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(root.relativize(each).toString().replace('\\', '/')));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
        return file;
    }
}
