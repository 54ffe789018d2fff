package org.ws2j.cli.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class HttpMessageTest {
    private static final byte[] BODY = "\r\n\r\nbody".getBytes(ISO_8859_1);

    private final HttpMessage message = new HttpMessage();

    @Test
    void theBodyIsFoundWhereverThePiecesEnd() throws IOException {
        ByteBuffer whole = HttpMessage.post("/x", "host", BODY);
        while (whole.hasRemaining()) {
            message.add(whole.slice(whole.position(), 1));
            whole.position(whole.position() + 1);
        }

        assertThat(message.body()).isEqualTo(Fingerprint.of(BODY));
        assertThat(message.header("HOST")).contains("host");
        assertThat(message.header("Absent")).isEmpty();
    }

    @Test
    void aBodyThatIsTooShortIsAnError() throws IOException {
        ByteBuffer whole = HttpMessage.post("/x", "host", BODY);
        message.add(whole.limit(whole.limit() - 1));

        assertThatThrownBy(message::body).isInstanceOf(IOException.class).hasMessageContaining("7 bytes");
    }

    @Test
    void aHeadWithoutEndIsAnError() {
        assertThatThrownBy(() -> message.add(ByteBuffer.allocate(20_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("16384");
    }
}
