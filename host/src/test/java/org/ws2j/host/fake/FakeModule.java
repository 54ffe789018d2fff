package org.ws2j.host.fake;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspStartup;

/** A module whose WSPStartup a test scripts. It belongs to one host, and remembers each start. */
public final class FakeModule implements TransportModule {
    /** Makes the functions of a provider that is being started; what it throws is WSPStartup's failure. */
    @FunctionalInterface
    public interface Tables {
        WspProcTable start(FakeStart start) throws WinsockException;
    }

    /** The whole of WSPStartup. */
    @FunctionalInterface
    public interface Startup {
        WspStartup start(FakeStart start) throws WinsockException;
    }

    private final String name;
    private final Startup startup;
    private final AtomicInteger loads = new AtomicInteger();
    private final List<FakeStart> starts = new CopyOnWriteArrayList<>();
    private final List<WspProcTable> tables = new CopyOnWriteArrayList<>();
    private volatile HostServices services;

    private FakeModule(String name, Startup startup) {
        this.name = name;
        this.startup = startup;
    }

    /** A module that negotiates as it should, and answers with this table. */
    public static FakeModule of(String name, Tables tables) {
        return new FakeModule(name,
                start -> new WspStartup(WspData.negotiate(start.requested(), name), tables.start(start)));
    }

    /** A module with a WSPStartup of the test's own. */
    public static FakeModule starting(String name, Startup startup) {
        return new FakeModule(name, startup);
    }

    /** A non-IFS base provider: {@link NonIfsTable}. */
    public static FakeModule nonIfs(String name) {
        return of(name, NonIfsTable::new);
    }

    /** An IFS base provider: {@link IfsTable}. */
    public static FakeModule ifs(String name) {
        return of(name, IfsTable::new);
    }

    /** A non-IFS layer that forwards everything: {@link NonIfsLayerTable}. */
    public static FakeModule nonIfsLayer(String name) {
        return of(name, NonIfsLayerTable::new);
    }

    /** An IFS layer that passes handles through: {@link IfsLayerTable}. */
    public static FakeModule ifsLayer(String name) {
        return of(name, IfsLayerTable::new);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TransportProvider load(HostServices hostServices) {
        loads.incrementAndGet();
        services = hostServices;
        return (requested, info, upcalls) -> {
            FakeStart start = new FakeStart(requested, info, upcalls, hostServices);
            starts.add(start);
            WspStartup result = startup.start(start);
            if (result != null && result.procTable() != null) {
                tables.add(result.procTable());
            }
            return result;
        };
    }

    /** {@return the path under which the catalog knows the module} */
    public String path() {
        return "builtin:" + name;
    }

    /** {@return how often the module was loaded} */
    public int loads() {
        return loads.get();
    }

    /** {@return the calls of WSPStartup, in order} */
    public List<FakeStart> starts() {
        return starts;
    }

    /** {@return the upcalls of the first start} */
    public Upcalls upcalls() {
        return starts.getFirst().upcalls();
    }

    /** {@return the table that the first start returned} */
    public <T extends WspProcTable> T table(Class<T> type) {
        return type.cast(tables.getFirst());
    }

    /** {@return the tables that starts returned, in order} */
    public List<WspProcTable> tables() {
        return tables;
    }

    /** {@return what the module got when it was loaded} */
    public HostServices services() {
        return services;
    }
}
