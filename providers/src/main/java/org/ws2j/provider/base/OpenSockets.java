package org.ws2j.provider.base;

import java.util.ArrayList;
import java.util.List;

/**
 * The open sockets of one started provider, in the order in which they came.
 *
 * <p>The links lie in the sockets themselves: opening and closing one takes the same time however many there are, hashes
 * nothing, makes no object, and touches no memory but that of its neighbours.
 *
 * @param <S> the provider's sockets
 */
public final class OpenSockets<S extends OpenSockets.Link> {
    /** What a socket extends to be in here. */
    public abstract static class Link {
        /** Null while it is in no list; guarded by the list. */
        private Link before;

        private Link after;

        /** Makes one that is in no list. */
        protected Link() {}
    }

    /** Stands before the first and after the last. */
    private static final class Ends extends Link {}

    private final Class<S> type;
    private final Link ends = new Ends();

    /**
     * Makes an empty list.
     *
     * @param type the class of the sockets
     */
    public OpenSockets(Class<S> type) {
        this.type = type;
        ends.before = ends;
        ends.after = ends;
    }

    /**
     * Adds a socket as the last one, unless it is there.
     *
     * @param socket the socket
     */
    public void add(S socket) {
        Link added = socket;
        synchronized (ends) {
            if (added.before == null) {
                added.before = ends.before;
                added.after = ends;
                ends.before.after = added;
                ends.before = added;
            }
        }
    }

    /**
     * Takes a socket out, if it is there.
     *
     * @param socket the socket
     */
    public void remove(S socket) {
        Link removed = socket;
        synchronized (ends) {
            if (removed.before != null) {
                removed.before.after = removed.after;
                removed.after.before = removed.before;
                removed.before = null;
                removed.after = null;
            }
        }
    }

    /** {@return those that are open now, the oldest first} */
    public List<S> all() {
        List<S> all = new ArrayList<>();
        synchronized (ends) {
            for (Link each = ends.after; each != ends; each = each.after) {
                all.add(type.cast(each));
            }
        }
        return all;
    }
}
