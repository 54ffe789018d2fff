package org.ws2j.conformance;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A base provider and the layers over it: what the checks run over.
 *
 * <p>Its text names the modules from top to bottom with {@code /} between them. A module is named as one that lies beside the
 * host, such as {@code tcpip}, or by the path of its jar, with {@code !NAME} behind it where the jar has several:
 * {@code trace/passthrough/tcpip}, {@code target/mylayer.jar/memory}. A directory that is called like a built-in module is
 * written with {@code ./} before it.
 */
public final class Stack {
    /** The text that stands for no stack: for the JDK's own sockets. Suites of the kind {@link PlainSuite} alone run over them. */
    public static final String CONTROL_GROUP = "jdk";

    /**
     * What a run is over unless it is told otherwise: each base provider alone, below each layer, below three layers; and the
     * control group.
     */
    public static final List<String> DEFAULTS = List.of(
            "tcpip",
            "memory",
            "passthrough/tcpip",
            "passthrough/memory",
            "trace/tcpip",
            "trace/memory",
            "passthrough/passthrough/passthrough/tcpip",
            "passthrough/passthrough/passthrough/memory",
            CONTROL_GROUP);

    private final String text;
    private final List<Level> levels;
    private final Map<Flag, String> flags = new EnumMap<>(Flag.class);

    private Stack(String text, List<Level> levels) {
        this.text = text;
        this.levels = levels;
    }

    /**
     * Reads the text of a stack and what its modules declare.
     *
     * @param text the modules
     * @param further flags with their reasons, beside those that the modules declare
     * @return the stack
     * @throws IllegalArgumentException if a module is not found or broken, a base provider lies above another module, or there
     *     is none at the bottom; the message says which
     */
    public static Stack parse(String text, Map<Flag, String> further) {
        if (text.equals(CONTROL_GROUP)) {
            return new Stack(text, List.of());
        }
        List<Level> levels = new ArrayList<>();
        for (String path : StackText.paths(text)) {
            levels.add(Level.at(path));
        }
        Stack stack = new Stack(text, List.copyOf(levels));
        stack.checkOrder();
        levels.forEach(level -> level.declaration().flags().forEach(
                (flag, reason) -> stack.flags.putIfAbsent(flag, level.name() + ": " + reason)));
        stack.flags.putAll(further);
        return stack;
    }

    private void checkOrder() {
        for (Level level : levels) {
            boolean isBottom = level == levels.getLast();
            if (isBottom == level.isLayer()) {
                throw new IllegalArgumentException(level.path() + " in the stack \"" + text + "\" is "
                        + (isBottom ? "no base provider" : "a base provider: it stands at the bottom alone"));
            }
        }
    }

    /** {@return the text that it was read from} */
    public String text() {
        return text;
    }

    /** {@return whether it is no stack, but the control group; that has no modules} */
    public boolean isControlGroup() {
        return levels.isEmpty();
    }

    /** {@return the name of the base provider's module} */
    public String base() {
        return levels.getLast().name();
    }

    /** {@return whether there is a layer} */
    public boolean isLayered() {
        return levels.size() > 1;
    }

    /** {@return whether a client's sockets are handles of the file system} */
    public boolean isIfs() {
        return levels.getFirst().handsOutIfs();
    }

    /**
     * Tells of a known difference.
     *
     * @param flag the difference
     * @return whether the base provider or a layer declares it
     */
    public boolean has(Flag flag) {
        return flags.containsKey(flag);
    }

    /**
     * Tells why a difference is.
     *
     * @param flag the difference
     * @return who declares it, and the reason; empty if nobody does
     */
    public Optional<String> reason(Flag flag) {
        return Optional.ofNullable(flags.get(flag));
    }

    /** {@return the flags with their reasons} */
    public Map<Flag, String> flags() {
        return Map.copyOf(flags);
    }

    /** {@return how many completion ports its modules may hold while they are started} */
    int keptPorts() {
        return levels.stream().mapToInt(level -> level.declaration().keptPorts()).sum();
    }

    /** {@return how many windows its modules may hold while they are started} */
    int keptWindows() {
        return levels.stream().mapToInt(level -> level.declaration().keptWindows()).sum();
    }

    /** {@return the modules, from top to bottom} */
    List<Level> levels() {
        return levels;
    }

    @Override
    public String toString() {
        return text;
    }
}
