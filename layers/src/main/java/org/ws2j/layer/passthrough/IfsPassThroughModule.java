package org.ws2j.layer.passthrough;

import org.ws2j.layer.IfsLayeredProvider;
import org.ws2j.layer.LayerFactory;
import org.ws2j.layer.LayerModule;

/** The module {@code ifs-passthrough}: a layer over the base provider's own handles that changes nothing. */
public final class IfsPassThroughModule extends LayerModule {
    /** For the host, which finds it as a service. */
    public IfsPassThroughModule() {
        super("ifs-passthrough");
    }

    @Override
    protected LayerFactory factory() {
        return IfsLayeredProvider::new;
    }
}
