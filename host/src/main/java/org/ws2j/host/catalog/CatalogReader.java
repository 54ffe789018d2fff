package org.ws2j.host.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.TokenStreamLocation;

/**
 * Reads what {@link CatalogWriter} wrote and people edited. It refuses what it does not know rather than dropping it.
 */
final class CatalogReader {
    private final JsonCursor cursor;

    /** The entries by number, with the places where they begin. */
    private final Map<Integer, TokenStreamLocation> places = new LinkedHashMap<>();

    private final List<CatalogEntry> entries = new ArrayList<>();

    private int nextId;

    private CatalogReader(JsonCursor cursor) {
        this.cursor = cursor;
    }

    /** Reads a catalog from its text in UTF-8. */
    static CatalogState read(byte[] text) throws CatalogFormatException {
        return JsonCursor.read(text, cursor -> new CatalogReader(cursor).state());
    }

    private CatalogState state() throws CatalogFormatException {
        cursor.object("the catalog", this::member, "format", "nextId", "entries");
        CatalogState state = new CatalogState(entries, nextId);
        checkNumbers();
        checkPaths();
        Optional<Integer> endless = ChainRules.endlessChain(state);
        if (endless.isPresent()) {
            throw problemIn(endless.get(), "its chain leads back to itself");
        }
        return state;
    }

    private boolean member(String name) throws CatalogFormatException {
        switch (name) {
            case "format" -> checkFormat(cursor.integer("the version of the format"));
            case "nextId" -> nextId = readNextId();
            case "entries" -> cursor.array("the entries", this::entry);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void checkFormat(int format) throws CatalogFormatException {
        if (format != CatalogWriter.FORMAT) {
            throw cursor.problem(
                    "the format is " + format + ", this program knows format " + CatalogWriter.FORMAT + " alone");
        }
    }

    private int readNextId() throws CatalogFormatException {
        int value = cursor.integer("the next number");
        if (value < 1) {
            throw cursor.problem("the next number is below 1");
        }
        return value;
    }

    private void entry() throws CatalogFormatException {
        TokenStreamLocation start = cursor.place();
        CatalogEntry entry = new EntryReader(cursor).read();
        if (places.putIfAbsent(entry.id(), start) != null) {
            throw JsonCursor.problemAt(start, "there are two entries with the number " + entry.id());
        }
        entries.add(entry);
    }

    /** A number in a chain may be one whose entry was deinstalled, but not one that was never given. */
    private void checkNumbers() throws CatalogFormatException {
        for (CatalogEntry entry : entries) {
            if (entry.id() >= nextId) {
                throw problemIn(entry.id(), "its number is not below the catalog's nextId, " + nextId);
            }
            for (int element : entry.info().protocolChain().chainEntries()) {
                if (element < 1 || element >= nextId) {
                    throw problemIn(entry.id(), "its chain names an entry that never was: " + element);
                }
            }
        }
    }

    private void checkPaths() throws CatalogFormatException {
        Map<UUID, String> paths = new HashMap<>();
        for (CatalogEntry entry : entries) {
            String other = paths.putIfAbsent(entry.info().providerId(), entry.path());
            if (other != null && !other.equals(entry.path())) {
                throw problemIn(entry.id(), "its path is not that of the provider's other entries, " + other);
            }
        }
    }

    private CatalogFormatException problemIn(int id, String problem) {
        return JsonCursor.problemAt(places.get(id), "the entry " + id + ": " + problem);
    }
}
