package org.ws2j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A JVM of its own with a program of the tests in it, which sees nothing of ws2j but the agent.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it complained of
 */
record ChildJvm(int code, String out, String err) {
    private static final int SECONDS = 50;

    /** {@return the jar of the agent, as the build has put it together before the tests} */
    static Path agent() {
        Path jar = Path.of("target", "ws2j-agent.jar").toAbsolutePath();
        return Files.isRegularFile(jar) ? jar : Path.of("agent", "target", "ws2j-agent.jar").toAbsolutePath();
    }

    static String agent(String options) {
        return "-javaagent:" + agent() + '=' + options;
    }

    /** {@return the folder or jar that the classes of the tests lie in} */
    static Path classes() throws IOException {
        try {
            return Path.of(ChildJvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** Runs the JVM of the tests; the words are options, the class and its arguments. */
    static ChildJvm java(Path directory, String... words) throws IOException, InterruptedException {
        return run(directory, Path.of(System.getProperty("java.home"), "bin", "java"), words);
    }

    static ChildJvm run(Path directory, Path java, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-cp", classes().toString()));
        command.addAll(List.of(words));
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("ends: %s", command).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new ChildJvm(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Makes a jar with classes of the tests in it. */
    static Path jar(Path file, Attributes attributes, List<Class<?>> classes, String service, String provider)
            throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putAll(attributes);
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Class<?> type : classes) {
                String name = type.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(name));
                Files.copy(classes().resolve(name), jar);
            }
            if (service != null) {
                jar.putNextEntry(new JarEntry("META-INF/services/" + service));
                jar.write(provider.getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    /** Makes the jar of an agent. */
    static Path agentJar(Path file, Class<?> premain) throws IOException {
        Attributes attributes = new Attributes();
        attributes.putValue("Premain-Class", premain.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        return jar(file, attributes, List.of(premain), null, null);
    }
}
