package org.ws2j.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.spi.Upcall;

/** One run of the demo, looked at from all sides. */
@Timeout(60)
final class DemoTest {
    /** No multiple of any buffer. */
    private static final int SIZE = 150_001;

    private static final List<String> STREAMS = List.of(
            "blocking", "select", "messages", "event-select", "overlapped-event", "overlapped-routine",
            "overlapped-port");

    @TempDir
    private static Path folder;

    private static DemoResult result;
    private static final List<String> PROGRESS = new ArrayList<>();

    @BeforeAll
    static void runTheDemo() throws IOException {
        result = new Demo(folder.resolve("demo.pcapng"), SIZE, PROGRESS::add).run();
    }

    @Test
    void everyTransferIsIntact() {
        assertThat(result.passages()).allSatisfy(passage -> assertThat(passage.received()).isEqualTo(passage.sent()));
        assertThat(result.passages().stream().filter(p -> p.what().equals("HTTP request")))
                .hasSize(STREAMS.size())
                .allSatisfy(passage -> assertThat(passage.sent().bytes()).isEqualTo(SIZE));
        assertThat(result.passages().stream().map(Passage::what).distinct())
                .containsExactly("HTTP request", "HTTP answer", "copy of it", "UDP datagrams", "UDP echoes");
    }

    @Test
    void noTwoTransfersHaveTheSameContent() {
        assertThat(result.passages().stream()
                .filter(p -> p.what().startsWith("HTTP"))
                .map(p -> p.sent().sha256()))
                .doesNotHaveDuplicates();
    }

    @Test
    void eachOfTheUpcallsWasMade() {
        assertThat(Upcall.values()).hasSize(16).allSatisfy(upcall -> assertThat(result.upcalls().count(upcall))
                .as(upcall.winsockName())
                .isPositive());
    }

    @Test
    void whatLayersMakeTheyClose() {
        assertThat(result.upcalls().count(Upcall.WPU_CLOSE_THREAD))
                .isEqualTo(result.upcalls().count(Upcall.WPU_OPEN_CURRENT_THREAD));
        assertThat(result.upcalls().count(Upcall.WPU_CLOSE_EVENT))
                .isEqualTo(result.upcalls().count(Upcall.WPU_CREATE_EVENT));
        assertThat(result.upcalls().count(Upcall.WPU_CLOSE_SOCKET_HANDLE))
                .isEqualTo(result.upcalls().count(Upcall.WPU_CREATE_SOCKET_HANDLE));
    }

    @Test
    void nothingIsLeftAndNothingWentWrong() {
        assertThat(result.left().isEmpty()).as("%s", result.left()).isTrue();
        assertThat(result.problems()).isEmpty();
        assertThat(result.isRight()).isTrue();
    }

    @Test
    void aLineTellsOfEachScene() {
        assertThat(PROGRESS).hasSize(1 + STREAMS.size() + 2);
        assertThat(PROGRESS.get(1)).startsWith("client 1.1  HTTP by blocking, with a hook").contains("the hook ran");
        assertThat(PROGRESS.getLast()).startsWith("client 2.2  UDP  by overlapped, port");
    }

    @Test
    void tsharkFindsNothingMalformedAndNoExpertError() throws IOException, InterruptedException {
        assumeThat(Tshark.isInstalled()).as("tshark is installed").isTrue();

        assertThat(new Tshark(result.trace()).packets("_ws.malformed || _ws.expert.severity >= 0x800000")).isEmpty();
    }

    /** Both directions of each HTTP connection, and the copy that went to the collector. */
    @Test
    void theStreamsInTheTraceAreWhatTheServersSentAndReceived() throws IOException, InterruptedException {
        assumeThat(Tshark.isInstalled()).as("tshark is installed").isTrue();
        Map<String, Fingerprint> requests = new HashMap<>();
        Map<String, Fingerprint> answers = new HashMap<>();
        Map<String, Fingerprint> copies = new HashMap<>();
        for (Tshark.Conversation conversation : new Tshark(result.trace()).conversations()) {
            HttpMessage opener = message(conversation.opener().toByteArray());
            if (conversation.other().size() == 0) {
                copies.put(opener.header(HttpOrigin.SCENE_HEADER).orElseThrow(), opener.body());
            } else {
                HttpMessage answer = message(conversation.other().toByteArray());
                String scene = answer.header(HttpOrigin.SCENE_HEADER).orElseThrow();
                requests.put(scene, opener.body());
                answers.put(scene, answer.body());
            }
        }

        assertThat(requests).containsExactlyInAnyOrderEntriesOf(contents("request of "));
        assertThat(answers).containsExactlyInAnyOrderEntriesOf(contents("answer to "));
        assertThat(copies).containsExactlyInAnyOrderEntriesOf(contents("answer to "));
        assertThat(requests.values()).containsExactlyInAnyOrderElementsOf(received("HTTP request"));
        assertThat(answers.values()).containsExactlyInAnyOrderElementsOf(sent("HTTP answer"));
    }

    @Test
    void theDatagramsInTheTraceAreThoseThatWereSentAndEchoed() throws IOException, InterruptedException {
        assumeThat(Tshark.isInstalled()).as("tshark is installed").isTrue();
        List<String> payloads = new Tshark(result.trace()).values("udp.payload");
        Fingerprint.Taker all = new Fingerprint.Taker();
        payloads.forEach(hex -> all.update(ByteBuffer.wrap(HexFormat.of().parseHex(hex))));

        Fingerprint.Taker expected = new Fingerprint.Taker();
        for (String scene : List.of("udp-select", "udp-port")) {
            byte[] content = Content.of("datagrams of " + scene, Math.min(SIZE, 65_536));
            for (ByteBuffer datagram : new EchoConversation(null, content).datagrams()) {
                expected.update(datagram);
                expected.update(datagram);
            }
        }
        assertThat(all.soFar()).isEqualTo(expected.soFar());
    }

    @Test
    void aTraceOfAnEarlierRunIsReplaced() throws IOException {
        Path trace = folder.resolve("again.pcapng");
        Files.writeString(trace, "not a capture");

        DemoResult small = new Demo(trace, 1, line -> {}).run();

        assertThat(small.isRight()).as("%s", small).isTrue();
        assertThat(Files.readAllBytes(trace)).startsWith(0x0A, 0x0D, 0x0D, 0x0A);
    }

    private static Map<String, Fingerprint> contents(String label) {
        Map<String, Fingerprint> contents = new HashMap<>();
        STREAMS.forEach(scene -> contents.put(scene, Fingerprint.of(Content.of(label + scene, SIZE))));
        return contents;
    }

    private static List<Fingerprint> sent(String what) {
        return result.passages().stream().filter(p -> p.what().equals(what)).map(Passage::sent).toList();
    }

    private static List<Fingerprint> received(String what) {
        return result.passages().stream().filter(p -> p.what().equals(what)).map(Passage::received).toList();
    }

    private static HttpMessage message(byte[] stream) throws IOException {
        HttpMessage message = new HttpMessage();
        message.add(ByteBuffer.wrap(stream));
        return message;
    }
}
