package org.ws2j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.spi.InetAddressResolverProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.agent.program.LoadingProgram;
import org.ws2j.agent.program.OwnResolver;
import org.ws2j.agent.program.PickyModule;
import org.ws2j.agent.program.PortsProgram;
import org.ws2j.agent.program.SocketsProgram;
import org.ws2j.agent.program.WebProgram;
import org.ws2j.spi.TransportModule;

/** Programs that know nothing of the agent, in JVMs with it. */
final class ProgramsTest {
    private static final String THREE = "layer=passthrough;layer=passthrough;layer=ifs-passthrough";
    private static final String TRACE = "layer=trace:file=trace.pcapng";

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(keytool.toString(), "-genkeypair", "-alias", "test", "-keyalg", "EC",
                "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-storepass", "password", "-keystore",
                keys().toString()).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        assertThat(keys()).exists();
    }

    private static Path keys() {
        return shared.resolve("keys.p12");
    }

    private ChildJvm web(String options) throws IOException, InterruptedException {
        return ChildJvm.java(directory, ChildJvm.agent(options), WebProgram.class.getName(), keys().toString());
    }

    private ChildJvm sockets(String options) throws IOException, InterruptedException {
        return ChildJvm.java(directory, ChildJvm.agent(options), SocketsProgram.class.getName(),
                directory.resolve("socket").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", TRACE, THREE})
    void httpAndTlsWork(String layers) throws Exception {
        ChildJvm run = web(layers);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).hasLineCount(3).contains("answer to /http", "answer to /https", "tls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", TRACE, THREE})
    void everyKindOfSocketWorks(String layers) throws Exception {
        ChildJvm run = sockets(layers);
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).containsExactly("stream", "datagram", "channel", "true", "asynchronous", "true",
                "pipe", "unix");
    }

    /** Such a program has no module that it does not name, so not the JDK's with the keep-alive times of TCP either. */
    @ParameterizedTest
    @ValueSource(strings = {"", THREE})
    void aProgramThatIsAModuleHasSockets(String layers) throws Exception {
        ChildJvm run = ChildJvm.java(directory, ChildJvm.agent(layers), "-p", module().toString(), "-m",
                "own/own.program.Main");
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).containsExactly("[]", "true", "1", "2", "3", "4");
    }

    private Path module() throws IOException {
        Path source = Files.createDirectories(directory.resolve("source"));
        Path main = Files.writeString(source.resolve("Main.java"), """
                package own.program;

                import java.net.*;
                import java.nio.ByteBuffer;
                import java.nio.channels.*;

                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        System.out.println(ModuleLayer.boot().findModule("jdk.net").stream().toList());
                        InetAddress here = InetAddress.getLoopbackAddress();
                        try (ServerSocket s = new ServerSocket(0, 5, here); Socket c = new Socket(here, s.getLocalPort());
                                Socket a = s.accept()) {
                            c.setKeepAlive(true);
                            System.out.println(c.getKeepAlive());
                            a.getOutputStream().write(1);
                            System.out.println(c.getInputStream().read());
                        }
                        try (DatagramSocket s = new DatagramSocket(0, here)) {
                            s.send(new DatagramPacket(new byte[] {2}, 1, s.getLocalSocketAddress()));
                            DatagramPacket p = new DatagramPacket(new byte[1], 1);
                            s.receive(p);
                            System.out.println(p.getData()[0]);
                        }
                        ByteBuffer b = ByteBuffer.allocate(1);
                        try (ServerSocketChannel s = ServerSocketChannel.open().bind(new InetSocketAddress(here, 0));
                                SocketChannel c = SocketChannel.open(s.getLocalAddress()); SocketChannel a = s.accept()) {
                            a.write(ByteBuffer.wrap(new byte[] {3}));
                            c.read(b);
                            System.out.println(b.get(0));
                        }
                        try (AsynchronousServerSocketChannel s = AsynchronousServerSocketChannel.open()
                                .bind(new InetSocketAddress(here, 0));
                                AsynchronousSocketChannel c = AsynchronousSocketChannel.open()) {
                            c.connect(s.getLocalAddress()).get();
                            s.accept().get().write(ByteBuffer.wrap(new byte[] {4})).get();
                            c.read(b.clear()).get();
                            System.out.println(b.get(0));
                        }
                    }
                }
                """);
        Path module = Files.writeString(source.resolve("module-info.java"), "module own {}");
        Path classes = directory.resolve("own");
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(), main.toString(),
                module.toString());
        assertThat(code).isZero();
        return classes;
    }

    @Test
    void theTraceHoldsWhatCrossed() throws Exception {
        web(TRACE);
        String trace = Files.readString(directory.resolve("trace.pcapng"), StandardCharsets.ISO_8859_1);
        assertThat(trace).contains("GET /http HTTP/1.1").contains("answer to /http");
    }

    @Test
    void theReportShowsEachConnectionAndWhatIsNotLayered() throws Exception {
        ChildJvm run = sockets(THREE + ";report");
        assertThat(run.err())
                .contains("ws2: report: 9 stream and 2 datagram sockets, 0 of them open")
                .containsPattern("stream .*127\\.0\\.0\\.1:\\d+ to .*127\\.0\\.0\\.1:\\d+: 6 bytes received, 6 sent")
                .contains("unlayered, because no layer knows them: 2 Unix-domain, 1 pipes, 0 inherited")
                .contains("bypassed: no socket");
    }

    @Test
    void ofSctpOfTheJdkItIsSaidThatItBypassesTheLayers() throws Exception {
        ChildJvm run = ChildJvm.java(directory, ChildJvm.agent(THREE), LoadingProgram.class.getName(),
                "com.sun.nio.sctp.SctpChannel");
        assertThat(run.out()).contains("SctpChannel");
        assertThat(run.err().lines()).singleElement().asString().contains("SCTP", "bypass");
    }

    @Test
    void aMistakeOfALayerBreaksItsSocketAndNotTheProgram() throws Exception {
        ChildJvm run = ChildJvm.java(directory, ChildJvm.agent("layer=" + picky()), PortsProgram.class.getName(),
                "localhost");
        assertThat(run.out().lines()).containsExactly("peer localhost", "IOException", "peer localhost", "good");
    }

    @Test
    void theProgramsOwnResolverResolvesAndTheLayersLearnItsNames() throws Exception {
        Path service = ChildJvm.jar(directory.resolve("service.jar"), new Attributes(), List.of(),
                InetAddressResolverProvider.class.getName(), OwnResolver.class.getName());
        ChildJvm run = ChildJvm.java(directory, "-cp", ChildJvm.classes() + File.pathSeparator + service,
                ChildJvm.agent("layer=" + picky()), PortsProgram.class.getName(), "name.of.the.program");
        assertThat(run.out().lines()).contains("peer name.of.the.program", "good");
    }

    private Path picky() throws IOException {
        Class<?> layer = PickyModule.class.getDeclaredClasses()[0];
        return ChildJvm.jar(directory.resolve("picky.jar"), new Attributes(), List.of(PickyModule.class, layer),
                TransportModule.class.getName(), PickyModule.class.getName());
    }

    @Test
    void theConfigurationOfAFileIsTheSameAsThatOfOptions() throws Exception {
        Path config = Files.writeString(directory.resolve("ws2.conf"), """
                # What the test wants to see.
                layer trace
                file = from, file; %p.pcapng
                report
                """);
        ChildJvm run = sockets("config=" + config);
        assertThat(run.err()).contains("ws2: report:");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".pcapng")))
                    .singleElement().asString().matches("from, file; \\d+\\.pcapng");
        }
    }

    @Test
    void nothingOfWs2jButTheShimIsOnTheClassPath() throws Exception {
        try (JarFile jar = new JarFile(ChildJvm.agent().toFile())) {
            assertThat(jar.stream().map(Object::toString).filter(name -> name.endsWith(".class")))
                    .isNotEmpty().allMatch(name -> name.startsWith("org/ws2j/agent/boot/"));
            for (JarEntry entry : jar.stream().filter(each -> each.getName().endsWith(".class")).toList()) {
                byte[] bytes = jar.getInputStream(entry).readAllBytes();
                assertThat(bytes[7]).as(entry.getName()).isEqualTo((byte) 52);
            }
        }
    }
}
