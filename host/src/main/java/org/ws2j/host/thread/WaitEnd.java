package org.ws2j.host.thread;

/** Why {@link HostThread#await} returned. */
public enum WaitEnd {
    /** What the thread waited for is no longer pending. */
    DECIDED,
    /** The time is over. */
    TIMED_OUT,
    /** The wait was alertable, and a procedure is queued for the thread. */
    APC_QUEUED
}
