package org.ws2j.provider.tcpip;

/**
 * The states of a socket. They change under both of its transfer locks.
 *
 * <pre>
 *            bind               connect, finished at once
 *   OPEN ──────────► BOUND ─────────────────────────────────► CONNECTED
 *    │  ▲             │ │  ▲                                    ▲    │
 *    │  │     connect │ │  │ connect failed                     │    │ datagrams: connect to nobody
 *    │  │             │ │  └──────────────── CONNECTING ────────┘    └──────► BOUND
 *    │  └─ failed ────┼─┼───────────────────▲  ▲       finishConnect
 *    └───── connect ──┼─┼───────────────────┘  │
 *                     │ └── connect ───────────┘
 *                     │ listen
 *                     └───────────► LISTENING
 *
 *   OPEN, BOUND again ── AcceptEx ──► ACCEPTING ── a connection ──► CONNECTED
 *   CONNECTED ── DisconnectEx, to use it again ──► OPEN, or BOUND if a client has bound it
 *   every state ── close ──► CLOSED
 * </pre>
 *
 * <p>A datagram socket knows neither CONNECTING nor ACCEPTING nor LISTENING; its CONNECTED means that it has a default peer.
 */
enum SocketState {
    /** Without a local address. */
    OPEN,
    /** With a local address that was asked for, or that a datagram needed. */
    BOUND,
    /** The attempt to connect is under way. */
    CONNECTING,
    /** With a peer. */
    CONNECTED,
    /** Named by an AcceptEx that is under way. */
    ACCEPTING,
    /** Accepts connections; a server channel has taken the place of the former one. */
    LISTENING,
    /** Good for nothing. */
    CLOSED
}
