package org.ws2j.agent.async;

import java.util.function.Supplier;

/** What a channel knows of one direction: at most one operation at a time, and none after one was given up. */
final class Direction {
    /** How an operation begins. */
    enum Admission {
        /** It goes to the socket. */
        GO,

        /** The direction was shut down. */
        SHUT,

        /** It has nothing to do. */
        NOTHING
    }

    private final String verb;
    private final Supplier<RuntimeException> pending;
    private boolean busy;
    private boolean killed;
    private boolean shut;

    Direction(String verb, Supplier<RuntimeException> pending) {
        this.verb = verb;
        this.pending = pending;
    }

    /** Lets an operation in; {@code isOver} means that there is no more to come than after a shutdown. */
    synchronized Admission enter(boolean hasWork, boolean isOver) {
        if (killed) {
            throw new IllegalStateException(verb + " not allowed due to timeout or cancellation");
        }
        if (busy) {
            throw pending.get();
        }
        if (shut || isOver) {
            return Admission.SHUT;
        }
        busy = hasWork;
        return hasWork ? Admission.GO : Admission.NOTHING;
    }

    synchronized void leave() {
        busy = false;
    }

    /** An operation was given up while it was under way: what it has done to the stream is not known. */
    synchronized void kill() {
        killed = true;
    }

    /** Shuts it down. {@return whether it was not before} */
    synchronized boolean shut() {
        boolean first = !shut;
        shut = true;
        return first;
    }

    synchronized boolean isShut() {
        return shut;
    }
}
