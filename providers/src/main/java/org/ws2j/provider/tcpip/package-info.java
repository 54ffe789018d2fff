/**
 * The base provider over the operating system's own TCP and UDP.
 *
 * <p>{@link org.ws2j.provider.tcpip.TcpIpModule} is all there is to see. Inside, a socket is a slot with a channel in it and
 * two sides, receiving and sending. Every operation is tried first; what cannot finish waits at a selector of its own, on the
 * calling thread, if it is synchronous, and at the shared poller if it is overlapped or a network event. A transport that can
 * do better than selectors says so by {@link org.ws2j.provider.tcpip.ChannelWaits}.
 *
 * <p><b>Where channels fall short of Winsock:</b>
 * <ul>
 *   <li>A server channel listens as soon as it is bound: listen replaces the channel, and cannot change its queue's length
 *       later.
 *   <li>The end of a stream shows only to who reads: for network events up to 2 KiB are read ahead. With more than that
 *       unread, FD_CLOSE waits for the client to receive; after SD_RECEIVE it does not come.
 *   <li>What the system has not sent yet is not known: a close that lingers refuses to block only if a send has just found
 *       no room, or is queued. How long the system lingers is its affair, and it then goes on in the background.
 *   <li>Datagrams refused by their destination are reported to sockets with a default peer alone.
 *   <li>An IPv6 socket is one for both families. An IPv4 address in IPv6 form is an IPv4 address to Java.
 *   <li>There is no peeking: what is peeked at is read ahead. There is no time to live of single datagrams. Urgent data is
 *       received in line alone. SO_DEBUG and SO_DONTROUTE are kept and do nothing.
 *   <li>The system establishes connections before a condition function can be asked: rejecting one resets it.
 *   <li>SD_RECEIVE does not reset the connection when more data comes. SO_REUSEADDR is the system's, which takes over no
 *       listening port.
 *   <li>Error codes come from the classes and texts of exceptions; where the C library speaks another language than English,
 *       the class alone decides.
 * </ul>
 */
package org.ws2j.provider.tcpip;
