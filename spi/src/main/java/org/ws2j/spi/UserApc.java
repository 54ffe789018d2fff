package org.ws2j.spi;

/** A procedure that is queued for a thread and runs there in an alertable wait. */
@FunctionalInterface
public interface UserApc {
    /**
     * Runs the procedure.
     *
     * @param context what {@link Upcalls#wpuQueueApc} was given; null is a value like any other
     */
    void run(Object context);
}
