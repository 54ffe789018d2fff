package org.ws2j.host.catalog;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** What an entry must look like, whether it is installed by a call or read from a file. */
final class EntryRules {
    /** The most characters of a path, Windows' MAX_PATH. */
    static final int MAX_PATH = 260;

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private EntryRules() {}

    /** {@return what is wrong with a path} */
    static Optional<String> pathProblem(String path) {
        if (path.isBlank()) {
            return Optional.of("the path is empty");
        }
        if (path.length() > MAX_PATH) {
            return Optional.of("the path has " + path.length() + " characters, at most " + MAX_PATH + " are allowed");
        }
        return path.indexOf('\0') < 0 ? Optional.empty() : Optional.of("the path has a NUL in it");
    }

    /** {@return what is wrong with a protocol's name} */
    static Optional<String> nameProblem(String name) {
        int most = WsaProtocolInfo.WSAPROTOCOL_LEN;
        return name.length() <= most
                ? Optional.empty()
                : Optional.of("the name has " + name.length() + " characters, at most " + most + " are allowed");
    }

    /** {@return what is wrong with an entry by itself, whatever else the catalog has} */
    static Optional<String> infoProblem(WsaProtocolInfo info) {
        if (info.protocolMaxOffset() < 0) {
            return Optional.of("the range of protocols ends before it begins: " + info.protocolMaxOffset());
        }
        return nameProblem(info.protocolName()).or(() -> chainProblem(info.protocolChain()));
    }

    /** {@return what is wrong with the digest of a module} */
    static Optional<String> sha256Problem(String sha256) {
        return SHA_256.matcher(sha256).matches()
                ? Optional.empty()
                : Optional.of("a SHA-256 digest has 64 hexadecimal digits, not \"" + sha256 + '"');
    }

    /** {@return what is wrong with an option's name} */
    static Optional<String> optionProblem(String name) {
        return name.isBlank() ? Optional.of("an option has no name") : Optional.empty();
    }

    /**
     * Returns the chain with no more entries than it says: what C leaves in the rest of the array is no one's business.
     */
    static ProtocolChain trimmed(ProtocolChain chain) {
        if (chain.isLayer()) {
            return ProtocolChain.LAYER;
        }
        if (chain.isBase()) {
            return ProtocolChain.BASE;
        }
        return new ProtocolChain(chain.chainLen(), chain.chainEntries().subList(0, chain.chainLen()));
    }

    static void checkPath(String path) throws WinsockException {
        Refusal.ofNull(path, "the path");
        refuse(pathProblem(path));
    }

    static void checkInfo(WsaProtocolInfo info) throws WinsockException {
        Refusal.ofNull(info, "a protocol info");
        refuse(infoProblem(info));
    }

    static void checkOptions(Map<String, String> options) throws WinsockException {
        Refusal.ofNull(options, "the map of options");
        for (Map.Entry<String, String> option : options.entrySet()) {
            Refusal.ofNull(option.getKey(), "the name of an option");
            Refusal.ofNull(option.getValue(), "the value of the option " + option.getKey());
            refuse(optionProblem(option.getKey()));
        }
    }

    static void refuse(Optional<String> problem) throws WinsockException {
        if (problem.isPresent()) {
            throw Refusal.invalid(problem.get());
        }
    }

    private static Optional<String> chainProblem(ProtocolChain chain) {
        int length = chain.chainLen();
        if (length < 0 || length > ProtocolChain.MAX_PROTOCOL_CHAIN) {
            return Optional.of("a chain has 2 to " + ProtocolChain.MAX_PROTOCOL_CHAIN + " entries, not " + length);
        }
        if (!chain.isChain()) {
            return Optional.empty();
        }
        if (chain.chainEntries().size() < length) {
            return Optional.of("a chain of " + length + " names only " + chain.chainEntries().size() + " entries");
        }
        List<Integer> elements = chain.chainEntries().subList(0, length);
        return new HashSet<>(elements).size() == length
                ? Optional.empty()
                : Optional.of("an entry is in the chain twice: " + elements);
    }
}
