package org.ws2j.cli.demo.tee;

import org.ws2j.layer.LayerFactory;
import org.ws2j.layer.LayerModule;

/**
 * The module {@code tee}: a layer that sends a copy of every stream that its clients receive to a collector, each over a
 * connection of its own, which goes through the layers below as the clients' do. Datagrams pass without a copy.
 *
 * <p>Option {@code collector}: where the collector listens, an address with its port such as {@code 127.0.0.1:4000}.
 */
public final class TeeModule extends LayerModule {
    /** The name of the option that names the collector. */
    public static final String COLLECTOR_OPTION = "collector";

    /** Makes the module. */
    public TeeModule() {
        super("tee");
    }

    @Override
    protected LayerFactory factory() {
        return TeeLayer::new;
    }
}
