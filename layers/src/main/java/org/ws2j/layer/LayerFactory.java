package org.ws2j.layer;

import org.ws2j.spi.WinsockException;

/** Makes the layer for one start-up. */
@FunctionalInterface
public interface LayerFactory {
    /**
     * Makes a layer. The next provider below is running already; if this fails, it is cleaned up again.
     *
     * @param start where the layer stands, and what it may use
     * @return the layer, never null
     * @throws WinsockException if the layer cannot work here, such as for an option that it cannot read
     */
    Layer create(LayerStart start) throws WinsockException;
}
