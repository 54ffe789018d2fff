package org.ws2j.agent.install;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.util.List;
import java.util.stream.Stream;

/** Remembers which addresses a name was resolved to by the resolver that the program would have had. */
public final class RecordingResolver implements InetAddressResolver {
    private final InetAddressResolver resolver;
    private final ResolvedNames names;

    /**
     * Makes one.
     *
     * @param resolver resolves
     * @param names remembers
     */
    public RecordingResolver(InetAddressResolver resolver, ResolvedNames names) {
        this.resolver = resolver;
        this.names = names;
    }

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
        // A resolver is free to answer null, which the JDK takes for an unknown host.
        Stream<InetAddress> found = resolver.lookupByName(host, policy);
        if (found == null) {
            return null;
        }
        List<InetAddress> addresses = found.toList();
        for (InetAddress address : addresses) {
            names.resolved(host, address);
        }
        return addresses.stream();
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
        return resolver.lookupByAddress(address);
    }
}
