package org.ws2j.cli;

import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Finds the module at a path, to ask it for its entries. */
final class InstalledModules {
    private static final String BUILTIN = "builtin:";

    private InstalledModules() {}

    static TransportModule find(String path) throws WinsockException {
        try {
            if (path.startsWith(BUILTIN)) {
                return one(path, path.substring(BUILTIN.length()), builtin());
            }
            int mark = path.lastIndexOf('!');
            String name = mark < 0 ? null : path.substring(mark + 1);
            return one(path, name, inJar(Path.of(mark < 0 ? path : path.substring(0, mark))));
        } catch (InvalidPathException | FindException | ResolutionException | LayerInstantiationException
                | ServiceConfigurationError e) {
            throw new WinsockException(WsaError.WSAEINVAL, "cannot look into " + path + ": " + e.getMessage(), e);
        }
    }

    /** What to tell about a built-in module that this command has not: a program may well bring it. */
    static Optional<String> warningOf(String path) {
        List<String> names = builtin().stream().map(TransportModule::name).toList();
        return !path.startsWith(BUILTIN) || names.contains(path.substring(BUILTIN.length()))
                ? Optional.empty()
                : Optional.of("warning: " + path + " is none of the modules that come with ws2j, " + names
                        + "; sockets fail in every program that does not bring it");
    }

    private static List<TransportModule> builtin() {
        return all(ServiceLoader.load(TransportModule.class, InstalledModules.class.getClassLoader()));
    }

    private static List<TransportModule> inJar(Path jar) throws WinsockException {
        if (!Files.isRegularFile(jar)) {
            throw new WinsockException(WsaError.WSAEINVAL, "there is no file " + jar);
        }
        ModuleFinder finder = ModuleFinder.of(jar);
        List<String> names = finder.findAll().stream()
                .map(ModuleReference::descriptor)
                .map(descriptor -> descriptor.name())
                .toList();
        Configuration configuration = ModuleLayer.boot().configuration().resolve(finder, ModuleFinder.of(), names);
        ModuleLayer layer = ModuleLayer.boot()
                .defineModulesWithOneLoader(configuration, TransportModule.class.getClassLoader());
        return all(ServiceLoader.load(layer, TransportModule.class)).stream()
                .filter(module -> module.getClass().getModule().getLayer() == layer)
                .toList();
    }

    private static List<TransportModule> all(ServiceLoader<TransportModule> services) {
        return services.stream().map(ServiceLoader.Provider::get).toList();
    }

    private static TransportModule one(String path, String name, List<TransportModule> modules)
            throws WinsockException {
        Stream<TransportModule> wanted =
                modules.stream().filter(module -> name == null || module.name().equals(name));
        List<TransportModule> found = wanted.toList();
        if (found.size() != 1) {
            List<String> names = modules.stream().map(TransportModule::name).toList();
            throw new WinsockException(WsaError.WSAEINVAL, found.isEmpty()
                    ? "there is no module " + path + "; there are: " + names
                    : path + " has " + found.size() + " modules; say which, with !NAME: " + names);
        }
        return found.getFirst();
    }
}
