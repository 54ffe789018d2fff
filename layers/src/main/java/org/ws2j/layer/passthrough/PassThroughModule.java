package org.ws2j.layer.passthrough;

import org.ws2j.layer.LayerFactory;
import org.ws2j.layer.LayerModule;

/** The module {@code passthrough}: a layer with handles of its own that changes nothing. */
public final class PassThroughModule extends LayerModule {
    /** For the host, which finds it as a service. */
    public PassThroughModule() {
        super("passthrough");
    }

    @Override
    protected LayerFactory factory() {
        return PassThrough::new;
    }
}
