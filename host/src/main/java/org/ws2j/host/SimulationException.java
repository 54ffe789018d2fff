package org.ws2j.host;

import java.io.Serial;

/**
 * A {@linkplain Simulation simulated} program cannot go on: all of its threads wait for each other, or one waits for something
 * that is not part of the simulation. The message says who waits where; the stacks of the threads are suppressed exceptions.
 */
public final class SimulationException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    SimulationException(String message) {
        super(message);
    }
}
