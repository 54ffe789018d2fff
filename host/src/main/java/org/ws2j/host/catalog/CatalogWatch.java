package org.ws2j.host.catalog;

import java.util.function.Consumer;

/** A registration for changes of the catalog, until it is closed. */
public final class CatalogWatch implements AutoCloseable {
    private final Runnable changed;

    private final Consumer<CatalogWatch> forget;

    CatalogWatch(Runnable changed, Consumer<CatalogWatch> forget) {
        this.changed = changed;
        this.forget = forget;
    }

    void fire() {
        changed.run();
    }

    /** Ends the registration. A call that another thread has begun already still comes. Closing twice is harmless. */
    @Override
    public void close() {
        forget.accept(this);
    }
}
