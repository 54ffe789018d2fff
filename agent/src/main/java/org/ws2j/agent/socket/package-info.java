/**
 * What the program's channels, sockets and asynchronous channels have in common: the one host behind them
 * ({@link org.ws2j.agent.socket.AgentNetwork}), its SOCKETs as they see them ({@link org.ws2j.agent.socket.AgentSocket}), and the
 * two translations between Winsock and the JDK: of exceptions and of options.
 *
 * <p>Nothing here asks {@link java.nio.channels.spi.SelectorProvider#provider()}, which under the agent would be the agent itself.
 */
package org.ws2j.agent.socket;
