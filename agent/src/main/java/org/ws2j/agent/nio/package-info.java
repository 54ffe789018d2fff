/**
 * The program's channels and selectors: {@link org.ws2j.agent.nio.NioProvider} and what it opens.
 *
 * <p>A channel keeps the states that the JDK's channels have, and a SOCKET does the rest. A selector has a real one below: a key
 * is ready when the operating system's channel behind its SOCKET is, unless a layer claims to know better; then the layer's
 * network events put the key into the selector's queue, and the layer is asked again at each selection until it says no.
 *
 * <p><b>Interrupts.</b> The JDK closes a channel when a thread is interrupted that is blocked in it. The providers below keep an
 * interrupt, and may take the thread's ear meanwhile: they hand it back by
 * {@link org.ws2j.agent.socket.AgentSocket#whenInterrupted}, and what comes in between is looked for at the end.
 *
 * <p><b>Locks.</b> State changes of a channel hold its {@code AgentSocket}; the calls that connect, bind and shut down are made
 * under it, transfers and closing are not. A selection holds what the JDK's selectors hold: the selector, then its selected keys,
 * then the real selector's. Who tells of network events takes none of these.
 */
package org.ws2j.agent.nio;
