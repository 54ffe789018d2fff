package org.ws2j.host.catalog;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Walks through a JSON text, and knows where it is when something is wrong. */
final class JsonCursor implements AutoCloseable {
    private final JsonParser parser;

    private JsonCursor(JsonParser parser) {
        this.parser = parser;
    }

    /** Reads a text with one value in it. */
    static <T> T read(byte[] text, Reading<T> reading) throws CatalogFormatException {
        JsonFactory json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonCursor cursor = new JsonCursor(json.createParser(ObjectReadContext.empty(), text))) {
            cursor.parser.nextToken();
            T value = reading.read(cursor);
            if (cursor.parser.nextToken() != null) {
                throw cursor.problem("something follows the end of the catalog");
            }
            return value;
        } catch (JacksonException broken) {
            throw new CatalogFormatException(broken.getLocation(), broken.getOriginalMessage(), broken);
        }
    }

    /** Reads an object; the reader is called with the cursor on each member's value. */
    void object(String what, Members members, String... required) throws CatalogFormatException {
        expect(JsonToken.START_OBJECT, what + " in braces");
        TokenStreamLocation start = place();
        Set<String> missing = new HashSet<>(Set.of(required));
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            TokenStreamLocation at = place();
            parser.nextToken();
            missing.remove(name);
            if (!members.read(name)) {
                throw problemAt(at, what + " has no member \"" + name + '"');
            }
        }
        for (String name : required) {
            if (missing.contains(name)) {
                throw problemAt(start, "the member \"" + name + "\" of " + what + " is missing");
            }
        }
    }

    /** Reads an array; the reader is called with the cursor on each element. */
    void array(String what, Elements elements) throws CatalogFormatException {
        expect(JsonToken.START_ARRAY, what + " in brackets");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.read();
        }
    }

    String string(String what) throws CatalogFormatException {
        expect(JsonToken.VALUE_STRING, what + " in quotes");
        return parser.getString();
    }

    int integer(String what) throws CatalogFormatException {
        expect(JsonToken.VALUE_NUMBER_INT, what + " as a whole number");
        return parser.getIntValue();
    }

    /** {@return where the value begins that the cursor is on} */
    TokenStreamLocation place() {
        return parser.currentTokenLocation();
    }

    CatalogFormatException problem(String problem) {
        return problemAt(place(), problem);
    }

    static CatalogFormatException problemAt(TokenStreamLocation place, String problem) {
        return new CatalogFormatException(place, problem, null);
    }

    @Override
    public void close() {
        parser.close();
    }

    private void expect(JsonToken token, String what) throws CatalogFormatException {
        if (parser.currentToken() == token) {
            return;
        }
        String found = parser.currentToken() == null ? "the end" : "something else";
        throw problem("expected " + what + ", found " + found);
    }

    /** Reads the text's value. */
    interface Reading<T> {
        T read(JsonCursor cursor) throws CatalogFormatException;
    }

    /** Reads the value of a member; answers false if there is no such member. */
    interface Members {
        boolean read(String name) throws CatalogFormatException;
    }

    /** Reads an element. */
    interface Elements {
        void read() throws CatalogFormatException;
    }
}
