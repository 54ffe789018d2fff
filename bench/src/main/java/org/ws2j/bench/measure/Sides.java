package org.ws2j.bench.measure;

import java.util.ArrayList;
import java.util.List;

/** Sides that are closed together, whatever becomes of one of them. */
public final class Sides implements AutoCloseable {
    private final List<Side> sides = new ArrayList<>();

    /** Takes a side over. {@return the side} */
    public Side add(Side side) {
        sides.add(side);
        return side;
    }

    /** {@return those that it has taken over} */
    public Side[] all() {
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
