package org.ws2j.host.port;

/** The tie of a socket to a port: where its completions put their packets, and with which key. */
public final class PortAssociation {
    private final IoCompletionPort port;
    private final Object completionKey;
    private final int generation;

    PortAssociation(IoCompletionPort port, Object completionKey, int generation) {
        this.port = port;
        this.completionKey = completionKey;
        this.generation = generation;
    }

    IoCompletionPort port() {
        return port;
    }

    Object completionKey() {
        return completionKey;
    }

    int generation() {
        return generation;
    }
}
