package org.ws2j.host.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.WsaProtocolInfo;
import tools.jackson.core.TokenStreamLocation;

/** Reads one entry of a catalog's text. */
final class EntryReader {
    private static final String[] REQUIRED = {
            "id", "name", "kind", "path", "provider", "addressFamily", "socketType", "protocol"
    };

    private final JsonCursor cursor;

    private final WsaProtocolInfo.Builder info = WsaProtocolInfo.builder();

    private final Map<String, String> options = new TreeMap<>();

    private final List<Integer> chain = new ArrayList<>();

    private EntryKind kind;

    private String path;

    private UUID provider;

    /** Null unless the text says it. */
    private UUID installedWith;

    /** Null unless the text says it. */
    private String sha256;

    EntryReader(JsonCursor cursor) {
        this.cursor = cursor;
    }

    CatalogEntry read() throws CatalogFormatException {
        TokenStreamLocation start = cursor.place();
        cursor.object("an entry", name -> identity(name) || protocol(name) || flags(name), REQUIRED);
        WsaProtocolInfo read =
                info.providerId(provider).protocolChain(protocolChain(start)).build();
        refuse(start, EntryRules.infoProblem(read));
        return new CatalogEntry(read, path, options, sha256, installedWith == null ? provider : installedWith);
    }

    private boolean identity(String name) throws CatalogFormatException {
        switch (name) {
            case "id" -> info.catalogEntryId(id());
            case "name" -> info.protocolName(cursor.string("a name"));
            case "kind" -> kind = kind();
            case "chain" -> cursor.array("the chain", () -> chain.add(cursor.integer("an entry's number")));
            case "path" -> path = path();
            case "provider" -> provider = guid();
            case "installedWith" -> installedWith = guid();
            case "sha256" -> sha256 = sha256();
            case "options" -> cursor.object("the options", this::option);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean protocol(String name) throws CatalogFormatException {
        switch (name) {
            case "version" -> info.version(number());
            case "addressFamily" -> info.addressFamily(number());
            case "socketType" -> info.socketType(number());
            case "protocol" -> info.protocol(number());
            case "protocolMaxOffset" -> info.protocolMaxOffset(number());
            case "minSockAddr" -> info.minSockAddr(number());
            case "maxSockAddr" -> info.maxSockAddr(number());
            case "messageSize" -> info.messageSize(number());
            case "networkByteOrder" -> info.networkByteOrder(number());
            case "securityScheme" -> info.securityScheme(number());
            case "providerReserved" -> info.providerReserved(number());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean flags(String name) throws CatalogFormatException {
        switch (name) {
            case "serviceFlags" -> info.serviceFlags1(bits(FlagNames.SERVICE));
            case "providerFlags" -> info.providerFlags(bits(FlagNames.PROVIDER));
            default -> {
                return false;
            }
        }
        return true;
    }

    private ProtocolChain protocolChain(TokenStreamLocation start) throws CatalogFormatException {
        if (kind == EntryKind.CHAIN) {
            refuse(
                    start,
                    chain.size() > 1 ? Optional.empty()
                            : Optional.of("a chain needs \"chain\" with two entries or more"));
            return new ProtocolChain(chain.size(), chain);
        }
        refuse(
                start,
                chain.isEmpty() ? Optional.empty()
                        : Optional.of("\"chain\" is for entries of the kind \"chain\" alone"));
        return kind == EntryKind.LAYER ? ProtocolChain.LAYER : ProtocolChain.BASE;
    }

    private EntryKind kind() throws CatalogFormatException {
        String word = cursor.string("a kind");
        return EntryKind.ofWord(word)
                .orElseThrow(() -> cursor.problem("a kind is base, layer or chain, not \"" + word + '"'));
    }

    private int id() throws CatalogFormatException {
        int id = number();
        refuse(cursor.place(), id > 0 ? Optional.empty() : Optional.of("the number of an entry is below 1"));
        return id;
    }

    private int number() throws CatalogFormatException {
        return cursor.integer("a value");
    }

    private String path() throws CatalogFormatException {
        String value = cursor.string("a path");
        refuse(cursor.place(), EntryRules.pathProblem(value));
        return value;
    }

    private String sha256() throws CatalogFormatException {
        String value = cursor.string("a digest");
        refuse(cursor.place(), EntryRules.sha256Problem(value));
        return value;
    }

    private UUID guid() throws CatalogFormatException {
        String text = cursor.string("a GUID");
        try {
            UUID guid = UUID.fromString(text);
            // The JDK also takes groups of fewer digits, and would fill them up.
            if (guid.toString().equalsIgnoreCase(text)) {
                return guid;
            }
        } catch (IllegalArgumentException malformed) {
            throw new CatalogFormatException(cursor.place(), notGuid(text), malformed);
        }
        throw cursor.problem(notGuid(text));
    }

    private static String notGuid(String text) {
        return "not a GUID: \"" + text + '"';
    }

    private boolean option(String name) throws CatalogFormatException {
        refuse(cursor.place(), EntryRules.optionProblem(name));
        options.put(name, cursor.string("the value of an option"));
        return true;
    }

    private int bits(FlagNames names) throws CatalogFormatException {
        List<Integer> bits = new ArrayList<>();
        cursor.array("the flags", () -> {
            String name = cursor.string("a flag");
            bits.add(names.bits(name).orElseThrow(() -> cursor.problem("there is no flag \"" + name + '"')));
        });
        return bits.stream().reduce(0, (all, bit) -> all | bit);
    }

    private static void refuse(TokenStreamLocation place, Optional<String> problem) throws CatalogFormatException {
        if (problem.isPresent()) {
            throw JsonCursor.problemAt(place, problem.get());
        }
    }
}
