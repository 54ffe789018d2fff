package org.ws2j.spi;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What the operating system is to a provider on Windows, which links with kernel32 and user32: the second face of a host.
 *
 * <p>Handed over when a provider's module is loaded, as the imports of a DLL are bound then; works until the host ends. May
 * be used from any thread. None of it holds a lock of the host while it runs a provider's or a client's code.
 */
public interface HostServices {
    /** {@return the handles of the file system: what an IFS provider's sockets are} */
    FileHandles files();

    /** {@return socket handles as numbers, for what lies outside Java} */
    HandleNumbers handleNumbers();

    /** {@return events of the system, waits and sleeps} */
    Waits waits();

    /** {@return completion ports} */
    CompletionPorts ports();

    /** {@return message windows and their queues} */
    MessageWindows windows();

    /** {@return the protocol catalog, and the modules of the providers in it} */
    ProviderCatalog catalog();

    /**
     * Returns where the module lies that these services were handed to: GetModuleFileName. How a layer recognises itself among
     * the entries of a chain: {@code catalog().loadProvider(path) == catalog().loadProvider(modulePath())}.
     *
     * @return the path that the module was loaded from, references to the environment expanded
     */
    String modulePath();

    /** {@return the clock that all waiting and timing goes by} */
    HostClock clock();

    /**
     * Returns the calling thread's last error, which extension functions report by.
     *
     * @return a Winsock code, 0 before any
     */
    int wsaGetLastError();

    /**
     * Sets the calling thread's last error.
     *
     * @param error a Winsock code
     */
    void wsaSetLastError(int error);

    /**
     * Finds the name by which the program came to an address.
     *
     * @param address the address
     * @return the name that the program resolved to it most recently, if the host has seen that
     */
    Optional<String> resolvedName(InetAddress address);

    /**
     * Reports a failure that no caller can be told of, such as one on a provider's own thread.
     *
     * @param what what was being done, to what
     * @param failure what was thrown
     */
    void report(String what, Throwable failure);
}
