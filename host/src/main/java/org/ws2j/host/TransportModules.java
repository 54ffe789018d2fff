package org.ws2j.host;

import java.util.List;
import java.util.ServiceConfigurationError;
import org.ws2j.host.startup.ModuleLoader;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * Finds the module at a path without binding it to a host: an installer asks it for its entries, to put them into a
 * {@link ProtocolCatalog}.
 */
public final class TransportModules {
    /** How the path of a module begins that lies beside the host. */
    public static final String BUILTIN = ModuleLoader.BUILTIN;

    private TransportModules() {}

    /** {@return the modules that lie on the host's own module or class path} */
    public static List<TransportModule> builtin() {
        return new ModuleLoader(List.of()).builtin();
    }

    /**
     * Tells whether a path is that of a file in a format other than a jar, such as a shared library.
     *
     * @param path a path, or its end
     * @return true if a {@link org.ws2j.spi.ModuleFormat} beside the host reads such files; the file need not exist
     */
    public static boolean isOfFormat(String path) {
        return ModuleLoader.isOfFormat(path);
    }

    /**
     * Finds the module that a path means.
     *
     * @param path {@code builtin:NAME}, the path of a file in a format of its own ({@link #isOfFormat}), or the path of a jar, with {@code !NAME} behind it where the jar has several
     * @return the module; that of a jar is another one in each host that loads it
     * @throws WinsockException {@code WSAEPROVIDERFAILEDINIT} if there is no such file or module, the jar has several and the
     *     path does not say which, or the jar cannot be read
     */
    public static TransportModule find(String path) throws WinsockException {
        try {
            return new ModuleLoader(List.of()).find(path);
        } catch (LinkageError | ServiceConfigurationError e) {
            throw new WinsockException(
                    WsaError.WSAEPROVIDERFAILEDINIT, "the module at " + path + " is broken: " + e, e);
        }
    }
}
