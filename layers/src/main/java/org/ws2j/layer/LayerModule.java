package org.ws2j.layer;

import java.util.Objects;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;

/**
 * The module of a layer: finds the layer's place in a chain, starts the next provider below, and counts starts.
 *
 * <p>A layer that passes everything on, whole:
 *
 * <pre>{@code
 * public final class QuietModule extends LayerModule {
 *     public QuietModule() {
 *         super("quiet");
 *     }
 *
 *     @Override
 *     protected LayerFactory factory() {
 *         return start -> new LayeredProvider(start) {};
 *     }
 * }
 * }</pre>
 *
 * <p>The module is named as a service of {@link TransportModule}. An installer puts a hidden entry with its path into the
 * catalog, and chains that contain that entry's id. A chain contains an id once; a layer that is to stand in it several times
 * has several hidden entries.
 */
public abstract class LayerModule implements TransportModule {
    private final String name;

    /**
     * Names the module.
     *
     * @param name the name by which a path refers to it
     */
    protected LayerModule(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * Makes a module without a class of its own, for a host that is given it by name.
     *
     * @param name the name by which a path refers to it
     * @param factory makes its layers, for each host that loads it
     * @return the module
     */
    public static LayerModule of(String name, LayerFactory factory) {
        return new LayerModule(name) {
            @Override
            protected LayerFactory factory() {
                return factory;
            }
        };
    }

    @Override
    public final String name() {
        return name;
    }

    /**
     * Makes the factory of one host's layers: called once for each host that loads the module. What the layers of a host
     * share is held by the factory.
     *
     * @return the factory
     */
    protected abstract LayerFactory factory();

    @Override
    public final TransportProvider load(HostServices services) {
        return new LayerTransport(name, factory(), services);
    }

    @Override
    public final String toString() {
        return "LayerModule[" + name + "]";
    }
}
