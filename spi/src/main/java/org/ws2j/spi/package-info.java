/**
 * What a transport service provider and its host say to each other.
 *
 * <p>Down the chain: {@link org.ws2j.spi.TransportModule} (what a module exports), {@link org.ws2j.spi.TransportProvider}
 * (its {@code WSPStartup}) and {@link org.ws2j.spi.WspProcTable} (the thirty functions). Up: {@link org.ws2j.spi.Upcalls}
 * (the sixteen that Ws2_32 offers) and {@link org.ws2j.spi.HostServices} (what the operating system is to a provider on
 * Windows). Between them travel opaque handles ({@link org.ws2j.spi.SocketHandle}, {@link org.ws2j.spi.WsaEvent},
 * {@link org.ws2j.spi.WsaThreadId}, {@link org.ws2j.spi.WindowHandle}, {@link org.ws2j.spi.CompletionPort}), values and
 * constants with Winsock's own names.
 *
 * <p>Conventions of the whole package:
 * <ul>
 *   <li>A failure is a {@link org.ws2j.spi.WinsockException} that carries the documented code. Expected outcomes that would
 *       be failures in C ({@code WSAEWOULDBLOCK}, {@code WSA_IO_PENDING}, {@code WSA_IO_INCOMPLETE}) are negative results,
 *       see {@link org.ws2j.spi.WspResult}; they allocate nothing.
 *   <li>{@code null} is refused with {@code WSAEFAULT} wherever the documentation of a parameter does not allow it or names
 *       another code; a null handle is answered as one that is not open: {@code WSAENOTSOCK} for a socket,
 *       {@code WSA_INVALID_HANDLE} for an event, a port or a window.
 *   <li>A provider reads a buffer's position and limit when a call is made, and changes neither; exceptions are the buffers of
 *       {@link org.ws2j.spi.FileObject}, whose position advances, and {@link org.ws2j.spi.WsaMsg#control()}, whose limit is
 *       set.
 *   <li>Times are in the unit that the parameter's name says; {@link org.ws2j.spi.Waits#WSA_INFINITE} waits for ever.
 * </ul>
 */
package org.ws2j.spi;
