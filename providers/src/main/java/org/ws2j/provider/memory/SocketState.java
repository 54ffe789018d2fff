package org.ws2j.provider.memory;

/**
 * The states of a socket. They change under its {@link Wire}.
 *
 * <pre>
 *            bind              connect
 *   OPEN ──────────► BOUND ─────────────► CONNECTED
 *    │                 │  ◄─────────────     ▲
 *    │                 │  datagrams:         │
 *    │                 │  connect to nobody  │
 *    │                 │ listen              │
 *    │                 └──────► LISTENING    │
 *    └────────────── connect ────────────────┘
 *
 *   OPEN, BOUND again ── AcceptEx ──► ACCEPTING ── a connection, which takes its place ──► CLOSED
 *   CONNECTED ── DisconnectEx, to use it again: another one takes its place ──► CLOSED
 *   every state ── close ──► CLOSED
 * </pre>
 *
 * <p>An attempt to connect is decided at once, so there is no state for one under way. A datagram socket knows neither ACCEPTING nor LISTENING;
 * its CONNECTED means that it has a default peer. A reset connection stays CONNECTED, and every transfer on it fails.
 */
enum SocketState {
    /** Without a local address. */
    OPEN,
    /** With a local address that was asked for, or that a connect or a datagram needed. */
    BOUND,
    /** With a peer. */
    CONNECTED,
    /** Named by an AcceptEx that is under way. */
    ACCEPTING,
    /** Accepts connections. */
    LISTENING,
    /** Good for nothing. */
    CLOSED
}
