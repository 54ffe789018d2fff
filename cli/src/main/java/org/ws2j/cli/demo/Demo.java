package org.ws2j.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ws2j.cli.demo.tee.TeeModule;
import org.ws2j.host.Winsock;
import org.ws2j.spi.WinsockVersion;

/**
 * Starts servers on plain sockets of the JDK, and talks to them through the chain tee over trace over tcpip: first as a client
 * of Winsock 1.1, then, the host having been cleaned up and started again, as one of 2.2.
 */
public final class Demo {
    /** How many bytes the UDP scenes send at most: a datagram at a time, so not many. */
    private static final int MOST_ECHOED_BYTES = 65_536;

    private static final List<Scene<HttpConversation>> OLD_STREAMS = List.of(
            new Scene<>("blocking", "blocking, with a hook", BlockingScene::play),
            new Scene<>("select", "select", SelectScene::play),
            new Scene<>("messages", "message window", MessageScene::play));

    private static final List<Scene<EchoConversation>> OLD_DATAGRAMS =
            List.of(new Scene<>("udp-select", "select", SelectScene::echo));

    private static final List<Scene<HttpConversation>> NEW_STREAMS = List.of(
            new Scene<>("event-select", "event select", EventSelectScene::play),
            new Scene<>("overlapped-event", "overlapped, event", OverlappedEventScene::play),
            new Scene<>("overlapped-routine", "overlapped, routine", RoutineScene::play),
            new Scene<>("overlapped-port", "overlapped, port", PortScene::play));

    private static final List<Scene<EchoConversation>> NEW_DATAGRAMS =
            List.of(new Scene<>("udp-port", "overlapped, port", PortScene::echo));

    private final Path trace;
    private final int size;
    private final Consumer<String> progress;
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final List<Passage> passages = new ArrayList<>();

    /**
     * Prepares the demo.
     *
     * @param trace where the pcapng file is written, in a folder that exists
     * @param size how many bytes each HTTP request and answer carries, at least 1
     * @param progress takes a line for each scene
     */
    public Demo(Path trace, int size, Consumer<String> progress) {
        this.trace = trace;
        this.progress = progress;
        this.size = size;
    }

    /**
     * Runs the demo.
     *
     * @return what it has shown
     * @throws IOException if a scene fails; the message says which, and why
     */
    public DemoResult run() throws IOException {
        // So that a file of an earlier run is not taken for the trace of this one.
        Files.deleteIfExists(trace);
        try (HttpOrigin origin = HttpOrigin.start(scene -> Content.of("answer to " + scene, size));
                UdpEcho echo = UdpEcho.start(problems::add);
                Collector collector = Collector.start(problems::add);
                Winsock winsock = Winsock.builder()
                        .catalog(Chain.install(trace, collector.address()))
                        .module(new TeeModule())
                        .auditUpcalls()
                        .reporter((what, failure) -> problems.add(what + ": " + failure))
                        .build()) {
            progress.accept("HTTP server on " + origin.address() + ", UDP echo on " + echo.address()
                    + ", collector of copies on " + collector.address());
            Stage stage = new Stage(winsock, origin, echo, collector);
            stage.act(WinsockVersion.V1_1, OLD_STREAMS, OLD_DATAGRAMS);
            stage.act(WinsockVersion.V2_2, NEW_STREAMS, NEW_DATAGRAMS);
            checkTrace();
            return new DemoResult(
                    passages,
                    winsock.upcallAudit().orElseThrow(),
                    trace,
                    winsock.openHandles(),
                    List.copyOf(problems));
        }
    }

    private void checkTrace() throws IOException {
        if (!Files.isRegularFile(trace) || Files.size(trace) == 0) {
            problems.add("the trace layer has written nothing to " + trace);
        }
    }

    /** The servers, and a host between them and the clients. */
    private final class Stage {
        private final Winsock winsock;
        private final HttpOrigin origin;
        private final UdpEcho echo;
        private final Collector collector;

        Stage(Winsock winsock, HttpOrigin origin, UdpEcho echo, Collector collector) {
            this.winsock = winsock;
            this.origin = origin;
            this.echo = echo;
            this.collector = collector;
        }

        /** Plays the scenes of one client, from start-up to clean-up. */
        void act(
                WinsockVersion version,
                List<Scene<HttpConversation>> streams,
                List<Scene<EchoConversation>> datagrams)
                throws IOException {
            String client = winsock.wsaStartup(version).version().toString();
            try (Closing _ = winsock::wsaCleanup) {
                for (Scene<HttpConversation> scene : streams) {
                    playStream(client, scene);
                }
                for (Scene<EchoConversation> scene : datagrams) {
                    playDatagrams(client, scene);
                }
            }
        }

        private void playStream(String client, Scene<HttpConversation> scene) throws IOException {
            CountDownLatch gate = new CountDownLatch(1);
            if (scene.name().equals("blocking")) {
                origin.answerBehind(scene.name(), gate);
            }
            String host = origin.address().getAddress().getHostAddress() + ':' + origin.address().getPort();
            byte[] content = Content.of("request of " + scene.name(), size);
            HttpConversation talk = new HttpConversation(
                    origin.address(), HttpMessage.post('/' + scene.name(), host, content), gate);
            play(client, scene, "HTTP", talk);
            Fingerprint answer = talk.answer();
            add(client, scene, "HTTP request", Fingerprint.of(content), origin.received(scene.name()));
            add(client, scene, "HTTP answer", origin.sent(scene.name()), answer);
            add(client, scene, "copy of it", answer, collector.copyOf(scene.name()));
        }

        private void playDatagrams(String client, Scene<EchoConversation> scene) throws IOException {
            byte[] content = Content.of("datagrams of " + scene.name(), Math.min(size, MOST_ECHOED_BYTES));
            EchoConversation talk = new EchoConversation(echo.address(), content);
            play(client, scene, "UDP", talk);
            Fingerprint arrived = echo.received(talk.localPort());
            add(client, scene, "UDP datagrams", talk.sent(), arrived);
            add(client, scene, "UDP echoes", arrived, talk.echoed());
        }

        private <C> void play(String client, Scene<C> scene, String protocol, C talk) throws IOException {
            long start = System.nanoTime();
            String remark;
            try {
                remark = scene.play().play(winsock, talk);
            } catch (IOException e) {
                throw new IOException(
                        "scene \"" + scene.name() + "\" of the " + client + " client (" + protocol + " by "
                                + scene.style() + ") failed: " + e.getMessage(),
                        e);
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            progress.accept("client %s  %-4s by %-22s %5d ms, %s".formatted(
                    client, protocol, scene.style(), millis, remark));
        }

        private void add(String client, Scene<?> scene, String what, Fingerprint sent, Fingerprint received) {
            passages.add(new Passage(client, scene.style(), what, sent, received));
        }
    }
}
