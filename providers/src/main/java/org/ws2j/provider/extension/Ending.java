package org.ws2j.provider.extension;

/** What follows the data of a transmission. */
enum Ending {
    /** Nothing: the connection stays. */
    STAY(false, false),
    /** The connection ends. */
    DISCONNECT(true, false),
    /** The connection ends, and the socket can be used for another one. */
    REUSE(true, true);

    final boolean disconnects;
    final boolean reuses;

    Ending(boolean disconnects, boolean reuses) {
        this.disconnects = disconnects;
        this.reuses = reuses;
    }
}
