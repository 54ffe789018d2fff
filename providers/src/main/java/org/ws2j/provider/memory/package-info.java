/**
 * The base provider whose network lies inside the process.
 *
 * <p>{@link org.ws2j.provider.memory.MemoryModule} is the way in, {@link org.ws2j.provider.memory.MemoryNetwork} what several
 * hosts can share. There is no operating system below, no thread and no selector: whoever sends moves the bytes, and wakes,
 * completes and reports what comes of it. Who has to wait parks by the host's clock.
 *
 * <p>A stream is two flows, one for each direction; in each, sends that wait, a ring of bytes and receives that wait follow
 * one another. The ring takes as many bytes as the send buffer of the one end and the receive buffer of the other together,
 * 64 KiB each at first. Datagrams are queued by their receiver, and dropped where his buffer is full.
 *
 * <p><b>Lock order</b>, of everything in this package: start lock of the provider; a {@code Wire}, and inside it
 * that of a socket that is about to take the place of its socket, which nobody else waits inside of; a {@code Backlog}, taken inside the wire of the end that connects, never the other way round; record lock of the
 * network events; then the leaves, none of which is taken inside another: table lock of the network, list of watchers, frames
 * of completion routines, kept option values. Both ends of a connection share one wire, made by the end that connects. Of the
 * host, {@code wpuResetEvent} alone is called under a lock, as it may be; events, messages, procedures, completions, hooks and
 * condition functions never are.
 *
 * <p>With SO_CONDITIONAL_ACCEPT a connect is decided by the accept: the client is CONNECTING until then. Without it the
 * connection is there at once. Urgent bytes ({@code UrgentData}) lie beside the ring; of a send with MSG_OOB the last byte is
 * urgent, as with TCP, but several can wait and none is lost.
 *
 * <p><b>The same every time:</b> threads park and are woken by the host's clock alone, sockets and watchers are kept in the order
 * in which they came, and ports are given out one after the other. Where a clock lets one thread run at a time, nothing here is
 * left to chance.
 *
 * <p><b>What differs from TCP/IP on Windows:</b>
 * <ul>
 *   <li>A connect is decided at once, or by an accept: it never times out. A condition function that rejects resets the
 *       connection, unless the listener has SO_CONDITIONAL_ACCEPT.
 *   <li>All addresses are local, there are no interfaces, and IPv4 and IPv6 are apart. The loopback address stands for all
 *       where a list or a route is asked for, and neither ever changes.
 *   <li>A listener that is closed frees its address at once; accepted connections do not hold it.
 *   <li>SIO_FLUSH ends the sends that wait; what is in the ring arrives. A datagram that meets nobody, or somebody who has
 *       another peer, makes the next receive of its sender fail, before what is queued, unless SIO_UDP_CONNRESET is off.
 *   <li>There is no quality of service, no data at connect or disconnect. Both buffers of size 0 still let one byte wait. Time
 *       to live, keep-alive and the like are kept and do nothing.
 *   <li>The completion port of a duplicated socket is each handle's own: a provider without handles of the file system
 *       cannot know of it.
 * </ul>
 */
package org.ws2j.provider.memory;
