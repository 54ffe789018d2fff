package org.ws2j.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths of modules as this command is given them, for programs that are started elsewhere. */
final class ModulePath {
    private ModulePath() {}

    /**
     * Makes a path mean the same in every directory.
     *
     * @param module the path of a module's file, perhaps with {@code !NAME} behind it; or whatever else names a module
     * @return the same with an absolute path, if it is the path of a file that there is; otherwise as it was given
     */
    static String absolute(String module) {
        int mark = module.lastIndexOf('!');
        String file = mark < 0 ? module : module.substring(0, mark);
        try {
            Path path = Path.of(file);
            return Files.isRegularFile(path) ? path.toAbsolutePath() + module.substring(file.length()) : module;
        } catch (InvalidPathException _) {
            return module;
        }
    }

    /**
     * The same for a layer of {@code run}, with its options behind it.
     *
     * @param layer {@code NAME[:key=value…]}; a NAME without a dot or a separator is that of a layer that comes with ws2j
     * @return the layer; as it was given if its directory has a colon in its name, which ends a NAME
     */
    static String absoluteLayer(String layer) {
        int colon = layer.indexOf(':');
        String name = colon < 0 ? layer : layer.substring(0, colon);
        if (name.chars().noneMatch(c -> c == '.' || c == '/' || c == '\\')) {
            return layer;
        }
        String absolute = absolute(name);
        boolean isReadAsGiven = absolute.lastIndexOf(':') <= 1; // That of a drive does not end it.
        return isReadAsGiven ? absolute + layer.substring(name.length()) : layer;
    }
}
