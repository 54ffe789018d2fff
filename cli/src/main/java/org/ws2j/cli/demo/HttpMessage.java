package org.ws2j.cli.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/** An HTTP message of known length, taken from a stream piece by piece: its head as text, of its body the fingerprint. */
final class HttpMessage {
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final int LONGEST_HEAD = 16_384;

    private final StringBuilder head = new StringBuilder();
    private final Fingerprint.Taker body = new Fingerprint.Taker();
    private boolean isInBody;

    /** Takes the next piece, from position to limit. */
    void add(ByteBuffer piece) throws IOException {
        ByteBuffer rest = piece.duplicate();
        while (!isInBody && rest.hasRemaining()) {
            head.append((char) (rest.get() & 0xFF));
            isInBody = head.length() >= END_OF_HEAD.length()
                    && head.indexOf(END_OF_HEAD, head.length() - END_OF_HEAD.length()) >= 0;
            if (head.length() > LONGEST_HEAD) {
                throw new IOException("no end of the HTTP head within " + LONGEST_HEAD + " bytes");
            }
        }
        body.update(rest);
    }

    Optional<String> header(String name) {
        String wanted = name.toLowerCase(Locale.ROOT) + ':';
        return head.toString()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(wanted))
                .map(line -> line.substring(wanted.length()).strip())
                .findFirst();
    }

    /** {@return the body, at the end of the stream} */
    Fingerprint body() throws IOException {
        String announced = header("Content-Length").orElse("none");
        if (!announced.equals(String.valueOf(body.bytes()))) {
            throw new IOException("an HTTP body of " + body.bytes() + " bytes, announced: " + announced);
        }
        return body.soFar();
    }

    /** Makes a message that {@link HttpOrigin} answers. */
    static ByteBuffer post(String path, String host, byte[] content) {
        byte[] start = ("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + content.length
                + "\r\nConnection: close\r\n\r\n")
                .getBytes(ISO_8859_1);
        return ByteBuffer.allocate(start.length + content.length)
                .put(start)
                .put(content)
                .flip();
    }
}
