package org.ws2j.layer;

import org.ws2j.spi.WinsockException;

/**
 * The messages that a socket inherits from the one that it is accepted from or joined to; from before the call below, which
 * may post the first one, until after it.
 */
final class Inheritance implements AutoCloseable {
    private final LayeredSocket parent;

    /** The parent's at the beginning; null without messages. */
    private final MessageSelection inherited;

    Inheritance(LayeredSocket parent) {
        this.parent = parent;
        MessageSelection selection = parent.selection();
        inherited = selection != null && selection.beginAccept() ? selection : null;
    }

    void passTo(LayeredSocket child) throws WinsockException {
        if (inherited != null) {
            inherited.join(child);
            child.selection(inherited);
        }
        MessageSelection current = parent.selection();
        if (current != inherited && current != null && current.beginAccept()) {
            passAnew(current, child);
        }
    }

    /** The parent was selected anew while the accept was under way: below, the child may have inherited either. */
    private static void passAnew(MessageSelection current, LayeredSocket child) throws WinsockException {
        try {
            current.select(child.lower());
            current.join(child);
            child.selection(current);
        } finally {
            current.endAccept();
        }
    }

    @Override
    public void close() {
        if (inherited != null) {
            inherited.endAccept();
        }
    }
}
