package org.ws2j.agent;

import java.io.File;
import java.util.List;
import java.util.Locale;
import org.ws2j.agent.boot.InstallationException;
import org.ws2j.agent.boot.LayerChoice;

/** The layers that a user has named, checked without loading any: the start of a program waits for this. */
final class LayerStack {
    /** A chain has seven entries at most, and one of them is the base protocol. */
    private static final int MOST = 6;

    /** The one layer without handles of its own. */
    static final String IFS = "ifs-passthrough";

    private final List<LayerChoice> layers;

    /**
     * Makes a stack.
     *
     * @param layers the layers, the first nearest the program
     * @throws InstallationException if there is one that does not come with ws2j and is no file, there are too many, or one
     *     stands where it cannot
     */
    LayerStack(List<LayerChoice> layers) throws InstallationException {
        this.layers = layers;
        if (layers.size() > MOST) {
            throw InstallationException
                    .ofOptions(layers.size() + " layers are more than the " + MOST + " that there may be");
        }
        boolean isIfsAbove = false;
        for (LayerChoice layer : layers) {
            String name = layer.name();
            if (isIfsAbove && !name.equals(IFS)) {
                throw InstallationException
                        .ofOptions("layer " + IFS + " hands out the handles of the system's network, so "
                                + name + " cannot be below it");
            }
            isIfsAbove |= name.equals(IFS);
            if (!isBuiltin(name) && !new File(jar(name)).isFile()) {
                throw InstallationException.ofOptions(
                        "layer '" + name + "' is none of passthrough, ifs-passthrough and trace, and no file");
            }
        }
    }

    /** {@return the layers, the first nearest the program} */
    List<LayerChoice> layers() {
        return layers;
    }

    /**
     * Tells whether a layer comes with ws2j.
     *
     * @param name its name
     * @return whether {@link LayerCatalog} makes it
     */
    static boolean isBuiltin(String name) {
        return switch (name) {
            case "passthrough", IFS, "trace" -> true;
            default -> false;
        };
    }

    /** {@return whether a layer is written in C, and the bridge has to be there} */
    boolean hasSharedLibrary() {
        for (LayerChoice layer : layers) {
            if (isSharedLibrary(layer.name().toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    /** As the bridge says, which cannot be asked before it is there. */
    private static boolean isSharedLibrary(String name) {
        return name.endsWith(".so") || name.endsWith(".dll") || name.endsWith(".dylib");
    }

    private static String jar(String name) {
        int mark = name.lastIndexOf('!');
        return mark < 0 ? name : name.substring(0, mark);
    }
}
