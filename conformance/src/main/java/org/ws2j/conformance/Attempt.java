package org.ws2j.conformance;

/** A call that may fail. */
@FunctionalInterface
public interface Attempt {
    /**
     * Makes the call.
     *
     * @throws Exception its failure
     */
    void run() throws Exception;
}
