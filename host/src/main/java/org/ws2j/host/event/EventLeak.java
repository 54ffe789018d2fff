package org.ws2j.host.event;

import org.ws2j.spi.WsaEvent;

/**
 * An event that nobody has closed, or that was closed although threads wait on it.
 *
 * @param event the event
 * @param closed whether it was closed
 * @param waitingThreads how many threads wait on it
 */
public record EventLeak(WsaEvent event, boolean closed, int waitingThreads) {
}
