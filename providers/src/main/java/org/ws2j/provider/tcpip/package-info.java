/**
 * The base provider over the operating system's own TCP and UDP.
 *
 * <p>{@link org.ws2j.provider.tcpip.TcpIpModule} is all there is to see. Inside, a socket is a slot with a channel in it and
 * two sides, receiving and sending. Every operation is tried first; what cannot finish waits at a selector of its own, on the
 * calling thread, if it is synchronous, and at the shared poller if it is overlapped or a network event.
 */
package org.ws2j.provider.tcpip;
