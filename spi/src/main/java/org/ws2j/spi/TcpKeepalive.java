package org.ws2j.spi;

/**
 * tcp_keepalive: the input of {@link IoctlCode#SIO_KEEPALIVE_VALS}.
 *
 * @param onoff whether idle connections are probed
 * @param keepAliveTimeMillis milliseconds of idleness before the first probe
 * @param keepAliveIntervalMillis milliseconds between probes that are not answered
 * @see <a href="https://learn.microsoft.com/windows/win32/winsock/sio-keepalive-vals">SIO_KEEPALIVE_VALS</a>
 */
public record TcpKeepalive(boolean onoff, int keepAliveTimeMillis, int keepAliveIntervalMillis) {}
