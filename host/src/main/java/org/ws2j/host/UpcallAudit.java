package org.ws2j.host;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.handle.HandleTable;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.startup.Owners;
import org.ws2j.host.startup.StartedProvider;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcall;
import org.ws2j.spi.Upcalls;

/**
 * Who makes which upcall, how often.
 *
 * <p>All providers share one object of upcalls, so it does not tell its caller. A call is attributed to the provider that is
 * being started on the thread, else to the one whose function is running there; failing that to the owner of the handle or of
 * the catalog entry in its arguments; and if there is neither, to {@link #UNATTRIBUTED}.
 */
public final class UpcallAudit {
    /** Who made a call of which nothing tells. */
    public static final String UNATTRIBUTED = "unattributed";

    private final Map<String, Upcall> byMethod =
            Arrays.stream(Upcall.values())
                    .collect(Collectors.toUnmodifiableMap(Upcall::methodName, Function.identity()));
    private final Map<Upcall, Map<String, LongAdder>> counts = new ConcurrentSkipListMap<>();
    private final ThreadLocal<String> running = new ThreadLocal<>();

    UpcallAudit() {}

    /**
     * Returns the counts of one upcall.
     *
     * @param upcall the upcall
     * @return the numbers of calls by the names of providers, in alphabetical order
     */
    public Map<String, Long> callers(Upcall upcall) {
        Map<String, Long> result = new TreeMap<>();
        counts.getOrDefault(upcall, Map.of()).forEach((caller, n) -> result.put(caller, n.sum()));
        return result;
    }

    /**
     * Returns how often an upcall was made.
     *
     * @param upcall the upcall
     * @return the number of calls
     */
    public long count(Upcall upcall) {
        return callers(upcall).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Puts a table in place of a provider's own that leaves the provider's name on the thread. */
    StartedProvider attribute(StartedProvider provider) {
        return TableProxies.around(provider, call -> {
            String outer = running.get();
            running.set(provider.name());
            try {
                return call.make();
            } finally {
                running.set(outer);
            }
        });
    }

    /** Puts upcalls in place of the host's own that count. */
    Upcalls counting(Upcalls upcalls, Owners owners, HandleTable handles) {
        return (Upcalls) Proxy.newProxyInstance(
                Upcalls.class.getClassLoader(), new Class<?>[] {Upcalls.class}, (proxy, method, args) -> {
                    Upcall upcall = byMethod.get(method.getName());
                    if (upcall != null) {
                        String caller = caller(method, args, owners, handles);
                        counts.computeIfAbsent(upcall, name -> new ConcurrentSkipListMap<>())
                                .computeIfAbsent(caller, name -> new LongAdder())
                                .increment();
                    }
                    return TableProxies.invoke(method, upcalls, args);
                });
    }

    private String caller(Method method, Object[] args, Owners owners, HandleTable handles) {
        HandleOwner starting = owners.starting();
        if (starting != null) {
            return starting.name();
        }
        String name = running.get();
        if (name != null) {
            return name;
        }
        HandleOwner owner = ownerOf(method, args == null ? new Object[0] : args, owners, handles);
        return owner == null ? UNATTRIBUTED : owner.name();
    }

    /** A socket stands in the first place, or in that of a message's first parameter. */
    private static HandleOwner ownerOf(Method method, Object[] args, Owners owners, HandleTable handles) {
        for (Object arg : args) {
            if (arg instanceof SocketHandle s) {
                HostSocket h = handles.any(s);
                return h == null ? null : h.owner();
            }
        }
        return args.length > 0 && args[0] instanceof Integer id && method.getParameterTypes()[0] == int.class
                ? owners.owner(id)
                : null;
    }
}
