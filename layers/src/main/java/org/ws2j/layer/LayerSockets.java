package org.ws2j.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * The sockets of a layer whose handles are not released, for the clean-up alone. The links lie in the sockets: one costs no memory
 * beyond them. The lock is a leaf.
 */
final class LayerSockets {
    private LayeredSocket first;

    synchronized void add(LayeredSocket socket) {
        socket.after = first;
        if (first != null) {
            first.before = socket;
        }
        first = socket;
    }

    /** Removes a socket, unless it is in here no longer, or not yet. */
    synchronized void remove(LayeredSocket socket) {
        if (socket.before == null && first != socket) {
            return;
        }
        if (socket.before == null) {
            first = socket.after;
        } else {
            socket.before.after = socket.after;
        }
        if (socket.after != null) {
            socket.after.before = socket.before;
        }
        socket.before = null;
        socket.after = null;
    }

    synchronized List<LayeredSocket> all() {
        List<LayeredSocket> all = new ArrayList<>();
        for (LayeredSocket each = first; each != null; each = each.after) {
            all.add(each);
        }
        return all;
    }
}
