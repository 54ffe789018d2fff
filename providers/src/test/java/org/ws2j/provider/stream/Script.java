package org.ws2j.provider.stream;

import java.util.List;

/**
 * One generated case.
 *
 * @param bufferSize what SO_SNDBUF and SO_RCVBUF of both sockets are set to; 0 to leave them as they are
 * @param actions what the ends do, one after the other
 */
record Script(int bufferSize, List<Action> actions) {
}
