package org.ws2j.spi;

/** The opaque handle of a completion port, made by {@link CompletionPorts}. */
public abstract class CompletionPort {
    /** For hosts alone. */
    protected CompletionPort() {}
}
