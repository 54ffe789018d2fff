package org.ws2j.bridge;

import org.ws2j.spi.HostServices;
import org.ws2j.spi.Upcalls;

/**
 * The host that a library works for at the time.
 *
 * @param session the host's numbers and addresses
 * @param services the services as the library's module got them
 * @param upcalls the upcalls that its start-up got
 */
record Binding(Session session, HostServices services, Upcalls upcalls) {}
