package org.ws2j.host.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.ws2j.spi.ProtocolChain;

/** The three kinds of entry, by the words that a catalog file has for them. */
enum EntryKind {
    /** A base protocol. */
    BASE,
    /** A layer alone, which stands for the layer in chains. */
    LAYER,
    /** Layers over a base protocol. */
    CHAIN;

    static EntryKind of(ProtocolChain chain) {
        if (chain.isLayer()) {
            return LAYER;
        }
        return chain.isBase() ? BASE : CHAIN;
    }

    static Optional<EntryKind> ofWord(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
