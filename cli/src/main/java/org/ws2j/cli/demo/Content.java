package org.ws2j.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Known content: the same for the same label in every run, and different for each label, so that no mix-up goes unseen. */
final class Content {
    private Content() {}

    static byte[] of(String label, int size) {
        CRC32 seed = new CRC32();
        seed.update(label.getBytes(UTF_8));
        byte[] content = new byte[size];
        new SplittableRandom(seed.getValue()).nextBytes(content);
        return content;
    }
}
