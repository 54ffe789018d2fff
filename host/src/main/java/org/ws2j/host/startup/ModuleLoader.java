package org.ws2j.host.startup;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.ws2j.host.thread.Fatal;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.ModuleFormat;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * Finds the module that a path names: LoadLibrary. A path is {@code builtin:NAME} for a module that lies on the host's own
 * module or class path, the path of a file in one of the {@linkplain ModuleFormat formats} that lie beside the host, or the path
 * of a jar, with {@code !NAME} behind it where the jar has several. Each jar has a class loader of its own.
 */
public final class ModuleLoader {
    /** How the path of a module begins that lies beside the host. */
    public static final String BUILTIN = "builtin:";

    private final List<TransportModule> given;

    /**
     * Makes a loader.
     *
     * @param given modules that are found by name before those that lie beside the host
     */
    public ModuleLoader(List<TransportModule> given) {
        this.given = List.copyOf(given);
    }

    /** {@return the modules that can be named by {@code builtin:}, the given ones first} */
    public List<TransportModule> builtin() {
        List<TransportModule> all = new ArrayList<>(given);
        ServiceLoader.load(TransportModule.class, ModuleLoader.class.getClassLoader()).forEach(all::add);
        return all;
    }

    /**
     * Loads the module at a path.
     *
     * @param path the path, without references to the environment
     * @param services what the module is bound to
     * @return its start-up function
     * @throws WinsockException {@code WSAEPROVIDERFAILEDINIT} if there is none, or it cannot be loaded
     */
    TransportProvider load(String path, HostServices services) throws WinsockException {
        try {
            TransportProvider provider = find(path).load(services);
            if (provider == null) {
                throw failed(path, "it has no start-up function", null);
            }
            return provider;
        } catch (WinsockException e) {
            throw e.is(WsaError.WSAEPROVIDERFAILEDINIT) ? e : failed(path, e.getMessage(), e);
        } catch (Throwable e) {
            Fatal.rethrow(e);
            throw failed(path, e.toString(), e);
        }
    }

    /**
     * Finds the module at a path.
     *
     * @param path the path, without references to the environment
     * @return the module; that of a jar with a class loader of its own
     * @throws WinsockException {@code WSAEPROVIDERFAILEDINIT} if there is none, or several and the path does not say which
     */
    public TransportModule find(String path) throws WinsockException {
        if (path.startsWith(BUILTIN)) {
            String name = path.substring(BUILTIN.length());
            TransportModule own = ofName(given, name);
            // Service loading takes its time, so only where it is needed.
            return own != null ? own : named(builtin(), name, path);
        }
        for (ModuleFormat format : ServiceLoader.load(ModuleFormat.class, ModuleLoader.class.getClassLoader())) {
            if (format.accepts(path)) {
                return format.module(existing(path, path));
            }
        }
        int mark = path.lastIndexOf('!');
        String jar = mark < 0 ? path : path.substring(0, mark);
        List<TransportModule> modules = inJar(path, jar);
        if (mark >= 0) {
            return named(modules, path.substring(mark + 1), path);
        }
        if (modules.size() != 1) {
            String names = String.join(", ", modules.stream().map(TransportModule::name).toList());
            throw failed(path,
                    "the jar has " + modules.size() + " modules (" + names + "): name one as " + jar + "!NAME", null);
        }
        return modules.getFirst();
    }

    private static TransportModule named(List<TransportModule> modules, String name, String path)
            throws WinsockException {
        TransportModule module = ofName(modules, name);
        if (module != null) {
            return module;
        }
        String names = String.join(", ", modules.stream().map(TransportModule::name).toList());
        throw failed(path, "there is no module of that name, but " + (names.isEmpty() ? "none at all" : names), null);
    }

    private static TransportModule ofName(List<TransportModule> modules, String name) {
        for (TransportModule module : modules) {
            if (module.name().equals(name)) {
                return module;
            }
        }
        return null;
    }

    private static List<TransportModule> inJar(String path, String jar) throws WinsockException {
        try {
            Path file = existing(path, jar);
            // The loader stays open as long as the module may load classes: like a DLL, a jar is not unloaded.
            URLClassLoader loader = new URLClassLoader(
                    "ws2j:" + file.getFileName(),
                    new URL[] {file.toUri().toURL()},
                    TransportModule.class.getClassLoader());
            List<TransportModule> modules = new ArrayList<>();
            for (String name : moduleClasses(file)) {
                modules.add(Class.forName(name, true, loader)
                        .asSubclass(TransportModule.class)
                        .getConstructor()
                        .newInstance());
            }
            return modules;
        } catch (WinsockException e) {
            throw e;
        } catch (IOException | ReflectiveOperationException | FindException | ClassCastException e) {
            throw failed(path, e.toString(), e);
        }
    }

    private static Path existing(String path, String name) throws WinsockException {
        try {
            Path file = Path.of(name);
            if (Files.isRegularFile(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw failed(path, e.toString(), e);
        }
        throw failed(path, "there is no such file", null);
    }

    /**
     * Tells whether a path is that of a file in a format other than a jar.
     *
     * @param path a path, or its end
     * @return true if something beside the host reads such files
     */
    public static boolean isOfFormat(String path) {
        for (ModuleFormat format : ServiceLoader.load(ModuleFormat.class, ModuleLoader.class.getClassLoader())) {
            if (format.accepts(path)) {
                return true;
            }
        }
        return false;
    }

    /** Reads what a jar provides, from its module descriptor or its META-INF/services. */
    private static List<String> moduleClasses(Path jar) {
        List<String> names = new ArrayList<>();
        for (ModuleReference module : ModuleFinder.of(jar).findAll()) {
            module.descriptor().provides().stream()
                    .filter(p -> p.service().equals(TransportModule.class.getName()))
                    .forEach(p -> names.addAll(p.providers()));
        }
        return names;
    }

    private static WinsockException failed(String path, String why, Throwable cause) {
        return new WinsockException(
                WsaError.WSAEPROVIDERFAILEDINIT, "the provider's module at " + path + " cannot be loaded: " + why,
                cause);
    }
}
