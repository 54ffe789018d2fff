package org.ws2j.host.startup;

import org.ws2j.spi.TransportProvider;

/** Watches providers being started; it may put others in place of what it sees. */
public interface StartObserver {
    /** Sees nothing. */
    StartObserver NONE = new StartObserver() {};

    /**
     * Sees a module that was loaded.
     *
     * @param name the name of the module
     * @param provider its start-up function
     * @return what is to be called in its place
     */
    default TransportProvider loaded(String name, TransportProvider provider) {
        return provider;
    }

    /**
     * Sees a provider that was started.
     *
     * @param provider the provider
     * @return the provider to be used, perhaps with another table
     */
    default StartedProvider started(StartedProvider provider) {
        return provider;
    }
}
