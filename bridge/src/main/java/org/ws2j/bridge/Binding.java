package org.ws2j.bridge;

import org.ws2j.spi.HandleNumbers;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.Upcalls;

/**
 * The host that a library works for at the time. A record, whose fields are constants to the compiler where the record is one.
 *
 * @param session the host's numbers and addresses
 * @param numbers those of sockets, as the session has them
 * @param services the services as the library's module got them
 * @param upcalls the upcalls that its start-up got
 */
record Binding(Session session, HandleNumbers numbers, HostServices services, Upcalls upcalls) {}
