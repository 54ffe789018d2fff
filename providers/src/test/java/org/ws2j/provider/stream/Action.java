package org.ws2j.provider.stream;

/** What an end does; nothing once it is closed. */
sealed interface Action {
    /** Who does it. */
    End end();

    /** Sends so many bytes, cut into so many buffers. */
    record Send(End end, int length, int buffers) implements Action {
    }

    /** Receives at most so many bytes. */
    record Receive(End end, int room) implements Action {
    }

    /** Looks at so many bytes at most, and leaves them. */
    record Peek(End end, int room) implements Action {
    }

    /** Ends its sending. */
    record HalfClose(End end) implements Action {
    }

    /** Closes its socket as a program does. */
    record Close(End end) implements Action {
    }

    /** Closes its socket, and resets the connection. */
    record Reset(End end) implements Action {
    }
}
