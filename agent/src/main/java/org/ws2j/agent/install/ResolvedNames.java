package org.ws2j.agent.install;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The names by which the program came to addresses: the last {@value #CAPACITY}. */
public final class ResolvedNames {
    private static final int CAPACITY = 10_000;

    /** Guarded by itself. What was resolved longest ago goes first. */
    private final SequencedMap<InetAddress, String> names = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, String> eldest) {
            return size() > CAPACITY;
        }
    };

    /** Makes an empty memory. */
    public ResolvedNames() {}

    /**
     * Remembers a name.
     *
     * @param name the name that was looked up
     * @param address an address that it resolved to
     */
    public void resolved(String name, InetAddress address) {
        synchronized (names) {
            names.putLast(address, name);
        }
    }

    /**
     * Finds the name of an address.
     *
     * @param address the address
     * @return the name that resolved to it most recently, if any did
     */
    public Optional<String> nameOf(InetAddress address) {
        synchronized (names) {
            return Optional.ofNullable(names.get(address));
        }
    }
}
