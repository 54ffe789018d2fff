package org.ws2j.layer.passthrough;

import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredProvider;

/** A non-IFS layer that changes nothing. */
final class PassThrough extends LayeredProvider {
    PassThrough(LayerStart start) {
        super(start);
    }
}
