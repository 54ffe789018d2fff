package org.ws2j.spi;

import java.nio.file.Path;

/**
 * A kind of file that holds the module of a provider, beside the jars that every host reads: shared libraries, for one.
 *
 * <p>Found as a service ({@code provides org.ws2j.spi.ModuleFormat with …}) beside the host, which knows no format by name.
 * An implementation has a public constructor without parameters and does no work there. May be used from any thread.
 */
public interface ModuleFormat {
    /**
     * Tells by the name of a file whether it is of this format. The file need not exist.
     *
     * @param path a path as a catalog has it, references to the environment expanded
     * @return true if {@link #module} is to read it
     */
    boolean accepts(String path);

    /**
     * Returns the module in a file. It is not bound to a host before {@link TransportModule#load}.
     *
     * @param file a file that exists
     * @return the module
     * @throws WinsockException {@code WSAEPROVIDERFAILEDINIT} if it cannot be read, or this system has no use for it
     */
    TransportModule module(Path file) throws WinsockException;
}
