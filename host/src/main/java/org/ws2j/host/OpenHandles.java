package org.ws2j.host;

import java.util.List;

/**
 * What a host still holds: the leak report.
 *
 * @param sockets socket handles that are not released, those between two layers included
 * @param events events that are not closed
 * @param threadIds thread ids that were opened and not closed
 * @param ports completion ports that are not closed
 * @param windows message windows that are not destroyed
 * @param details a line for each socket, with its owner, and for each closed event on which threads still wait
 */
public record OpenHandles(int sockets, int events, int threadIds, int ports, int windows, List<String> details) {
    /** {@return whether nothing is left} */
    public boolean isEmpty() {
        return (sockets | events | threadIds | ports | windows) == 0;
    }
}
