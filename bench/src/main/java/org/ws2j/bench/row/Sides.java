package org.ws2j.bench.row;

import java.util.ArrayList;
import java.util.List;
import org.ws2j.bench.measure.Side;

/** Sides that are closed together, whatever becomes of one of them. */
final class Sides implements AutoCloseable {
    private final List<Side> sides = new ArrayList<>();

    /** Takes a side over. {@return the side} */
    Side add(Side side) {
        sides.add(side);
        return side;
    }

    Side[] all() {
        return sides.toArray(Side[]::new);
    }

    @Override
    public void close() throws Exception {
        Exception first = null;
        for (Side side : sides) {
            try {
                side.close();
            } catch (Exception e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
