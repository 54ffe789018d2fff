package org.ws2j.programs.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a program's sockets go through. */
@SuppressWarnings("ImmutableEnumChecker") // A List.of cannot change.
public enum Chain {
    /** The JDK alone, as a control. */
    NONE,
    /** The agent with a layer that records what it sees. */
    TRACE("trace:file=" + Chain.TRACE_FILE),
    /** The agent with three layers that change nothing. */
    THREE_PASS_THROUGHS("passthrough", "passthrough", "passthrough"),
    /** The agent with a layer in C, which counts, between two in Java. */
    LAYER_IN_C("trace:file=" + Chain.TRACE_FILE, LayerInC.PLAIN, "passthrough");

    private static final String TRACE_FILE = "trace.pcapng";

    private final List<String> layers;

    Chain(String... layers) {
        this.layers = List.of(layers);
    }

    /** {@return whether the agent is in it} */
    boolean hasAgent() {
        return !layers.isEmpty();
    }

    /** {@return whether what goes through it is recorded, in {@link #trace}} */
    boolean isTraced() {
        return layers.toString().contains(TRACE_FILE);
    }

    /** {@return why it cannot be made here; empty if it can} */
    public Optional<String> absence() {
        return hasLibrary() ? LayerInC.absence() : Optional.empty();
    }

    private boolean hasLibrary() {
        return layers.contains(LayerInC.PLAIN);
    }

    /** Puts into a program's folder what is to be there. */
    void prepare(Path agent, Path folder) throws IOException, InterruptedException {
        if (hasLibrary()) {
            LayerInC.build(agent, folder);
        }
    }

    /** The file with the record of a program that has run in the given folder. */
    Path trace(Path folder) {
        return folder.resolve(TRACE_FILE);
    }

    /** The JVM's options for it. */
    List<String> jvmOptions(Path agent) {
        if (!hasAgent()) {
            return List.of();
        }
        List<String> words = new ArrayList<>(List.of("strict", "report"));
        layers.forEach(layer -> words.add("layer=" + layer));
        return List.of("-javaagent:" + agent + "=" + String.join(";", words));
    }

    /** {@return its name in the table} */
    public String title() {
        return switch (this) {
            case NONE -> "plain JDK";
            case TRACE -> "trace";
            case THREE_PASS_THROUGHS -> "3 x passthrough";
            case LAYER_IN_C -> "layer in C";
        };
    }
}
