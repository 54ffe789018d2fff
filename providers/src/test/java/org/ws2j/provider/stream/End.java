package org.ws2j.provider.stream;

/** One of the two ends of a connection. */
enum End {
    CLIENT, SERVER;

    End other() {
        return this == CLIENT ? SERVER : CLIENT;
    }
}
