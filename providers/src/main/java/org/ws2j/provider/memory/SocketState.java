package org.ws2j.provider.memory;

/**
 * The states of a socket. They change under its {@link Wire}.
 *
 * <pre>
 *            bind              connect
 *   OPEN ──────────► BOUND ─────────────► CONNECTED
 *    │                 │  ◄─────────────     ▲  ▲
 *    │                 │  datagrams:         │  │
 *    │                 │  connect to nobody  │  │ accepted
 *    │                 │ listen              │  │
 *    │                 ├──────► LISTENING    │  │
 *    │                 └─ connect ──► CONNECTING ── rejected ──► BOUND
 *    └────────────── connect ────────────────┘
 *
 *   OPEN, BOUND again ── AcceptEx ──► ACCEPTING ── a connection, which takes its place ──► CLOSED
 *   CONNECTED ── DisconnectEx, to use it again: another one takes its place ──► CLOSED
 *   every state ── close ──► CLOSED
 * </pre>
 *
 * <p>An attempt to connect is decided at once, unless the listener has SO_CONDITIONAL_ACCEPT: it is CONNECTING until an accept
 * decides, then. A datagram socket knows neither ACCEPTING, CONNECTING nor LISTENING;
 * its CONNECTED means that it has a default peer. A reset connection stays CONNECTED, and every transfer on it fails.
 */
enum SocketState {
    /** Without a local address. */
    OPEN,
    /** With a local address that was asked for, or that a connect or a datagram needed. */
    BOUND,
    /** A listener has yet to decide on its connection. */
    CONNECTING,
    /** With a peer. */
    CONNECTED,
    /** Named by an AcceptEx that is under way. */
    ACCEPTING,
    /** Accepts connections. */
    LISTENING,
    /** Good for nothing. */
    CLOSED
}
