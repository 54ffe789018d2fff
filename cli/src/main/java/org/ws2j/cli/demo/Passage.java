package org.ws2j.cli.demo;

/**
 * Data that went from one side to the other, as each side saw it.
 *
 * @param client the version of Winsock that the client negotiated
 * @param style how the client worked
 * @param what what was transferred
 * @param sent what left; null if that side saw nothing
 * @param received what arrived; null if that side saw nothing
 */
public record Passage(String client, String style, String what, Fingerprint sent, Fingerprint received) {

    /** {@return whether all of it arrived, and nothing else} */
    public boolean isIntact() {
        return sent != null && sent.equals(received);
    }
}
