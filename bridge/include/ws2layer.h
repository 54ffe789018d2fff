/*
 * The plumbing of a non-IFS layered provider: what every one of them needs, whatever it does with the data.
 *
 *   chains     WSPStartup finds the layer's place in the chain that it is started for, and starts the provider below it.
 *   sockets    Each socket is a handle of the host's (WPUCreateSocketHandle) over one of the provider below, with a record
 *              that both sides find. A record is held while a call or an operation uses it; the handle goes with the last.
 *   functions  wsl_fill gives a table whose functions pass everything down and know handles alone. The layer puts its own in
 *              place of those that it changes, and has to bring the seven that such a table cannot have: WSPSend, WSPSendTo,
 *              WSPRecv, WSPRecvFrom, WSPIoctl and WSPGetOverlappedResult, which overlapped operations are made of, and
 *              WSPCleanup.
 *   messages   WSPAsyncSelect goes down with a window of the layer's, from which messages go on to the client's.
 *
 * Include it in the one source file of the layer that defines WSP_IMPLEMENT_HOST_SERVICES. Everything in it is static and
 * begins with wsl_. C11 and C++17; examples/upcase.c is a layer that is made with it.
 *
 * Licence: Apache-2.0.
 */
#ifndef WS2J_WS2LAYER_H
#define WS2J_WS2LAYER_H

#include "ws2spi.h"

#include <stdlib.h>
#include <string.h>

#define WSL_INLINE static inline

/* ------------------------------------------------------------------ locks */

#if defined(_WIN32)
#include <windows.h>
typedef SRWLOCK wsl_lock;
#define WSL_LOCK_INIT SRWLOCK_INIT
WSL_INLINE void wsl_acquire(wsl_lock *l) { AcquireSRWLockExclusive(l); }
WSL_INLINE void wsl_give_up(wsl_lock *l) { ReleaseSRWLockExclusive(l); }
#else
#include <pthread.h>
typedef pthread_mutex_t wsl_lock;
#define WSL_LOCK_INIT PTHREAD_MUTEX_INITIALIZER
WSL_INLINE void wsl_acquire(wsl_lock *l) { pthread_mutex_lock(l); }
WSL_INLINE void wsl_give_up(wsl_lock *l) { pthread_mutex_unlock(l); }
#endif

/* ------------------------------------------------------------------ records */

#define WSL_MOST_CHAINS 32
#define WSL_PATH 1024

/* Extension functions of the provider below, as far as they were asked for: see wsl_need_below. */
typedef struct wsl_extensions {
    LPFN_ACCEPTEX accept_ex;
    LPFN_CONNECTEX connect_ex;
    LPFN_DISCONNECTEX disconnect_ex;
    LPFN_TRANSMITFILE transmit_file;
    LPFN_TRANSMITPACKETS transmit_packets;
    LPFN_WSARECVMSG recv_msg;
    LPFN_WSASENDMSG send_msg;
} wsl_extensions;

/* One chain that the layer stands in, and the provider below it there. */
typedef struct wsl_chain {
    WSAPROTOCOL_INFOW info, lower_info;
    WSPPROC_TABLE lower;
    wsl_extensions extensions; /* those of the provider below */
    DWORD own_id;              /* the layer's own entry of the catalog, which options belong to */
    WSPUPCALLTABLE up;
} wsl_chain;

typedef struct wsl_socket {
    SOCKET upper, lower;
    wsl_chain *chain;
    int overlapped;  /* it was made for overlapped operations */
    int uses;        /* who holds it, and 1 until it is closed; under the lock */
    int is_closed;   /* under the lock */
    int is_left;     /* the layer was cleaned up: the last one who holds it frees it; under the lock */
    int is_tied, tag; /* the layer's own business; 0 at first */
    HWND app_window; /* where messages of WSPAsyncSelect go on to; under the lock */
    UINT app_message;
    struct wsl_socket *next, *previous;
} wsl_socket;

/* A message for a socket that is accepted just now and has no record yet. */
typedef struct wsl_orphan {
    SOCKET lower;
    LPARAM what;
    struct wsl_orphan *next;
} wsl_orphan;

static wsl_lock wsl_guard = WSL_LOCK_INIT;
static WSPUPCALLTABLE wsl_up; /* valid from the first wsl_start on */
static wsl_chain wsl_chains[WSL_MOST_CHAINS];
static int wsl_chain_count; /* the chains before it never change while anybody is started; under the lock */
static int wsl_starts;      /* start-ups without their clean-up; the layer calls wsl_start and wsl_stop one at a time */
static wsl_socket *wsl_sockets; /* under the lock, as the next two */
static wsl_socket *wsl_free;    /* records for the next ones: a pointer to a record never points to anything else */
static wsl_orphan *wsl_orphans;
static HWND wsl_window;

WSL_INLINE INT wsl_fail(LPINT lpErrno, INT error) {
    *lpErrno = error;
    return SOCKET_ERROR;
}

/* ------------------------------------------------------------------ sockets */

/* Finds the record of a handle and holds it, so that a close on another thread does not take it away: wsl_release follows. */
WSL_INLINE wsl_socket *wsl_hold(SOCKET h, LPINT lpErrno) {
    DWORD_PTR context = 0;
    if (wsl_up.lpWPUQuerySocketHandleContext(h, &context, lpErrno) != 0) return NULL;
    wsl_socket *s = (wsl_socket *)context;
    wsl_acquire(&wsl_guard);
    const int is_it = s->upper == h && !s->is_closed;
    if (is_it) s->uses++;
    wsl_give_up(&wsl_guard);
    if (is_it) return s;
    *lpErrno = WSAENOTSOCK;
    return NULL;
}

/* For whoever holds it already and needs it longer, such as an operation that goes on. */
WSL_INLINE void wsl_hold_again(wsl_socket *s) {
    wsl_acquire(&wsl_guard);
    s->uses++;
    wsl_give_up(&wsl_guard);
}

/* Keeps a record that nobody uses for the next socket. */
WSL_INLINE void wsl_recycle(wsl_socket *s) {
    wsl_acquire(&wsl_guard);
    s->upper = INVALID_SOCKET, s->next = wsl_free, wsl_free = s;
    wsl_give_up(&wsl_guard);
}

WSL_INLINE void wsl_release(wsl_socket *s) {
    INT ignored;
    wsl_acquire(&wsl_guard);
    const int is_last = --s->uses == 0, is_left = s->is_left;
    if (is_last && !is_left) {
        if (s->previous != NULL) s->previous->next = s->next; else wsl_sockets = s->next;
        if (s->next != NULL) s->next->previous = s->previous;
    }
    wsl_give_up(&wsl_guard);
    if (is_last && is_left) free(s);
    if (!is_last || is_left) return;
    wsl_up.lpWPUCloseSocketHandle(s->upper, &ignored);
    wsl_recycle(s);
}

/* A message of the provider below, on whichever thread posts it: it goes on to the window of the socket's client. */
static void WSPAPI wsl_pass_message(HWND w, UINT number, WPARAM lower, LPARAM what, DWORD_PTR unused) {
    (void)w, (void)number, (void)unused;
    HWND app_window = NULL;
    SOCKET upper = 0;
    UINT message = 0;
    wsl_acquire(&wsl_guard);
    wsl_socket *s = wsl_sockets;
    while (s != NULL && s->lower != (SOCKET)lower) s = s->next;
    if (s != NULL) app_window = s->app_window, message = s->app_message, upper = s->upper;
    wsl_orphan *o = s == NULL ? (wsl_orphan *)calloc(1, sizeof *o) : NULL;
    if (o != NULL) o->lower = (SOCKET)lower, o->what = what, o->next = wsl_orphans, wsl_orphans = o;
    wsl_give_up(&wsl_guard);
    if (app_window != NULL) wsl_up.lpWPUPostMessage(app_window, message, (WPARAM)upper, what);
}

/* Passes on one message that came too early. */
WSL_INLINE int wsl_pass_orphan(SOCKET lower) {
    wsl_acquire(&wsl_guard);
    wsl_orphan **o = &wsl_orphans;
    while (*o != NULL && (*o)->lower != lower) o = &(*o)->next;
    wsl_orphan *found = *o;
    if (found != NULL) *o = found->next;
    wsl_give_up(&wsl_guard);
    if (found != NULL) wsl_pass_message(wsl_window, 0, (WPARAM)lower, found->what, 0);
    free(found);
    return found != NULL;
}

/* An empty record; null if there is no memory. */
WSL_INLINE wsl_socket *wsl_record(void) {
    wsl_acquire(&wsl_guard);
    wsl_socket *s = wsl_free;
    if (s != NULL) wsl_free = s->next;
    wsl_give_up(&wsl_guard);
    return s != NULL ? s : (wsl_socket *)calloc(1, sizeof *s);
}

/* Makes a handle over a socket of the provider below, which is closed if that fails; parent is null, or the listener. */
WSL_INLINE SOCKET wsl_adopt(SOCKET lower, wsl_chain *chain, const wsl_socket *parent, int overlapped, LPINT lpErrno) {
    INT ignored;
    wsl_socket *s = wsl_record();
    SOCKET upper = INVALID_SOCKET;
    if (s == NULL) *lpErrno = WSAENOBUFS;
    else upper = wsl_up.lpWPUCreateSocketHandle(chain->own_id, (DWORD_PTR)s, lpErrno);
    if (upper == INVALID_SOCKET) {
        chain->lower.lpWSPCloseSocket(lower, &ignored);
        if (s != NULL) wsl_recycle(s);
        return INVALID_SOCKET;
    }
    wsl_acquire(&wsl_guard);
    memset(s, 0, sizeof *s);
    s->upper = upper, s->lower = lower, s->chain = chain, s->overlapped = overlapped, s->uses = 1;
    if (parent != NULL) s->app_window = parent->app_window, s->app_message = parent->app_message;
    s->next = wsl_sockets;
    if (wsl_sockets != NULL) wsl_sockets->previous = s;
    wsl_sockets = s;
    wsl_give_up(&wsl_guard);
    while (wsl_pass_orphan(lower)) {}
    return upper;
}

/* ------------------------------------------------------------------ chains */

WSL_INLINE wsl_chain *wsl_chain_of(const WSAPROTOCOL_INFOW *info) {
    wsl_acquire(&wsl_guard);
    const int count = wsl_chain_count;
    wsl_give_up(&wsl_guard);
    for (int i = 0; info != NULL && i < count; i++)
        if (wsl_chains[i].info.dwCatalogEntryId == info->dwCatalogEntryId) return &wsl_chains[i];
    return NULL;
}

/* What goes down in place of an entry: a layer further down is given the chain's own, a base provider its own. */
WSL_INLINE WSAPROTOCOL_INFOW wsl_down(const wsl_chain *c, const WSAPROTOCOL_INFOW *given) {
    WSAPROTOCOL_INFOW info = c->lower_info.ProtocolChain.ChainLen == LAYERED_PROTOCOL ? c->info : c->lower_info;
    info.dwProviderReserved = given->dwProviderReserved;
    return info;
}

WSL_INLINE const WSAPROTOCOL_INFOW *wsl_entry(const WSAPROTOCOL_INFOW *all, INT count, DWORD id) {
    for (INT i = 0; i < count; i++)
        if (all[i].dwCatalogEntryId == id) return &all[i];
    return NULL;
}

/* The catalog's path may refer to the environment, or be spelled otherwise; the module is the same then. */
WSL_INLINE int wsl_is_here(const WSAPROTOCOL_INFOW *layer) {
    WCHAR own[WSL_PATH], path[WSL_PATH];
    INT own_length = WSL_PATH, length = WSL_PATH, ignored;
    GUID id = layer->ProviderId;
    if (wsp_host->GetModulePath(own, &own_length, &ignored) != 0) return 0;
    if (wsp_host->GetProviderPath(&id, path, &length, &ignored) != 0) return 0;
    if (length == own_length && memcmp(own, path, (size_t)length * sizeof *path) == 0) return 1;
    const LPWSPSTARTUP there = wsp_host->GetStartFunction(path, &ignored);
    return there != NULL && there == wsp_host->GetStartFunction(own, &ignored);
}

/* Finds the place of this layer in a chain, and starts the provider behind it. */
WSL_INLINE INT wsl_start_lower(wsl_chain *c, WORD version, const WSAPROTOCOL_INFOW *all, INT count) {
    const WSAPROTOCOL_INFOW *own = NULL, *next = NULL;
    INT error = 0, length = WSL_PATH;
    for (int i = 0; i + 1 < c->info.ProtocolChain.ChainLen && next == NULL; i++) {
        own = wsl_entry(all, count, c->info.ProtocolChain.ChainEntries[i]);
        if (own != NULL && wsl_is_here(own)) next = wsl_entry(all, count, c->info.ProtocolChain.ChainEntries[i + 1]);
    }
    if (next == NULL) return WSAEPROVIDERFAILEDINIT;
    WCHAR path[WSL_PATH];
    WSPDATA data;
    GUID id = next->ProviderId;
    c->lower_info = *next;
    c->own_id = own->dwCatalogEntryId;
    WSAPROTOCOL_INFOW info = wsl_down(c, &c->info);
    if (c->up.lpWPUGetProviderPath(&id, path, &length, &error) != 0) return error;
    LPWSPSTARTUP start_next = wsp_host->GetStartFunction(path, &error);
    return start_next == NULL ? error : start_next(version, &data, &info, c->up, &c->lower);
}

WSL_INLINE INT wsl_start_chain(WORD version, const WSAPROTOCOL_INFOW *info, const WSPUPCALLTABLE *up) {
    INT error = 0;
    DWORD length = 0;
    if (wsl_chain_of(info) != NULL) return 0;
    if (wsl_chain_count == WSL_MOST_CHAINS) return WSAEPROCLIM;
    wsp_host->EnumProtocols(NULL, NULL, &length, &error);
    WSAPROTOCOL_INFOW *all = (WSAPROTOCOL_INFOW *)malloc(length);
    const INT count = all == NULL ? SOCKET_ERROR : wsp_host->EnumProtocols(NULL, all, &length, &error);
    wsl_chain *c = &wsl_chains[wsl_chain_count];
    memset(c, 0, sizeof *c);
    c->info = *info, c->up = *up;
    error = count == SOCKET_ERROR ? WSASYSNOTREADY : wsl_start_lower(c, version, all, count);
    free(all);
    wsl_acquire(&wsl_guard);
    if (error == 0) wsl_chain_count++;
    wsl_give_up(&wsl_guard);
    return error;
}

/*
 * Gives back one start-up. Before the last one the layer calls wsl_abort and ends its own threads. A socket that is held still
 * (by an operation whose completion routine waits for its thread) loses its handle, and its record when it is released.
 */
WSL_INLINE void wsl_stop(void) {
    INT ignored;
    if (wsl_starts == 0 || --wsl_starts > 0) return;
    if (wsl_window != NULL) wsp_host->DestroyWindow(wsl_window, &ignored);
    wsl_window = NULL;
    for (;;) {
        wsl_acquire(&wsl_guard);
        wsl_socket *s = wsl_sockets;
        if (s != NULL) {
            wsl_sockets = s->next;
            if (s->next != NULL) s->next->previous = NULL; /* its last holder may take it out meanwhile */
            s->is_left = s->is_closed = 1, s->uses++;
        }
        wsl_give_up(&wsl_guard);
        if (s == NULL) break;
        wsl_up.lpWPUCloseSocketHandle(s->upper, &ignored);
        wsl_release(s);
    }
    for (int i = 0; i < wsl_chain_count; i++) wsl_chains[i].lower.lpWSPCleanup(&ignored);
    wsl_chain_count = 0;
    wsl_acquire(&wsl_guard);
    for (wsl_socket *s; (s = wsl_free) != NULL; free(s)) wsl_free = s->next;
    for (wsl_orphan *o; (o = wsl_orphans) != NULL; free(o)) wsl_orphans = o->next;
    wsl_give_up(&wsl_guard);
}

/*
 * What WSPStartup does first in every layer: starts the chain's provider below unless it is started. wsl_describe and wsl_fill
 * follow, and the functions that the layer has to bring. A start-up that succeeds has its wsl_stop. Returns a Winsock error, or 0.
 */
WSL_INLINE INT wsl_start(WORD version, const WSAPROTOCOL_INFOW *info, const WSPUPCALLTABLE *up) {
    INT error = 0;
    if (LOBYTE(version) < 2) return WSAVERNOTSUPPORTED;
    if (wsp_host == NULL || info->ProtocolChain.ChainLen < 2) return WSASYSNOTREADY;
    wsl_up = *up;
    if (wsl_starts == 0 && wsl_window == NULL)
        wsl_window = wsp_host->MakeWindow(wsl_pass_message, 0, WSP_WINDOW_INLINE, &error);
    if (wsl_window == NULL) return WSAEPROCLIM;
    wsl_starts++;
    error = wsl_start_chain(version, info, up);
    if (error != 0) wsl_stop();
    return error;
}

/* What the layer calls itself, and the version of those asked for. */
WSL_INLINE void wsl_describe(LPWSPDATA data, WORD version, const char *name) {
    memset(data, 0, sizeof *data);
    data->wHighVersion = MAKEWORD(2, 2);
    data->wVersion = LOBYTE(version) == 2 && HIBYTE(version) < 2 ? version : data->wHighVersion;
    for (size_t i = 0; i < WSPDESCRIPTION_LEN && name[i] != 0; i++) data->szDescription[i] = (WCHAR)name[i];
}

/* Closes every socket of the provider below hard, as the last clean-up begins: what is under way there ends. */
WSL_INLINE void wsl_abort(void) {
    const wsp_linger hard = {1, 0};
    INT ignored;
    for (;;) {
        wsl_acquire(&wsl_guard);
        wsl_socket *s = wsl_sockets;
        while (s != NULL && s->is_closed) s = s->next;
        if (s != NULL) s->is_closed = 1, s->uses++;
        wsl_give_up(&wsl_guard);
        if (s == NULL) return;
        s->chain->lower.lpWSPSetSockOpt(
            s->lower, WSP_SOL_SOCKET, WSP_SO_LINGER, (const CHAR *)&hard, sizeof hard, &ignored);
        s->chain->lower.lpWSPCloseSocket(s->lower, &ignored);
        wsl_release(s); /* as its close does */
        wsl_release(s);
    }
}

/* ------------------------------------------------------------------ extension functions */

typedef void(WSPAPI *wsl_function)(void);

/* A function of the layer's own, and where the one below goes among the chain's: offsetof(wsl_extensions, ...). */
typedef struct wsl_extension {
    GUID id;
    wsl_function own;
    size_t place;
} wsl_extension;

WSL_INLINE INT wsl_ask_below(wsl_socket *s, GUID id, void *place, LPINT lpErrno) {
    wsl_function function = NULL;
    DWORD bytes = 0;
    const INT rc = s->chain->lower.lpWSPIoctl(s->lower, WSP_SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function,
        sizeof function, &bytes, NULL, NULL, NULL, lpErrno);
    if (rc != 0) return rc;
    wsl_acquire(&wsl_guard);
    if (memcmp(place, &function, sizeof function) != 0) memcpy(place, &function, sizeof function);
    wsl_give_up(&wsl_guard);
    return 0;
}

/* The same unless this chain has it. A layer's own function begins so: its client may have got it from a socket of another chain,
   or before the last clean-up. */
WSL_INLINE INT wsl_need_below(wsl_socket *s, GUID id, void *place, LPINT lpErrno) {
    wsl_function known = NULL;
    wsl_acquire(&wsl_guard);
    memcpy(&known, place, sizeof known);
    wsl_give_up(&wsl_guard);
    return known != NULL ? 0 : wsl_ask_below(s, id, place, lpErrno);
}

/*
 * Answers SIO_GET_EXTENSION_FUNCTION_POINTER. A function of the provider below knows its handles alone: so the layer gives one of
 * its own, which calls that one. GetAcceptExSockaddrs takes no handle, and goes up as it is; what the layer has no function for
 * does not (WSAEINVAL), nor what the provider below does not have.
 */
WSL_INLINE INT wsl_extension_function(wsl_socket *s, const wsl_extension *own, size_t count, const void *in, DWORD in_length,
    void *out, DWORD out_length, LPDWORD bytes, LPINT lpErrno) {
    const GUID addresses = WSAID_GETACCEPTEXSOCKADDRS;
    GUID id;
    if (in == NULL || in_length < sizeof id || out == NULL || out_length < sizeof(wsl_function) || bytes == NULL)
        return wsl_fail(lpErrno, WSAEFAULT);
    memcpy(&id, in, sizeof id);
    *bytes = sizeof(wsl_function);
    if (memcmp(&id, &addresses, sizeof id) == 0) return wsl_ask_below(s, id, out, lpErrno);
    for (size_t i = 0; i < count; i++) {
        if (memcmp(&id, &own[i].id, sizeof id) != 0) continue;
        if (wsl_ask_below(s, id, (char *)&s->chain->extensions + own[i].place, lpErrno) != 0) return SOCKET_ERROR;
        memcpy(out, &own[i].own, sizeof own[i].own);
        return 0;
    }
    return wsl_fail(lpErrno, WSAEINVAL);
}

/* ------------------------------------------------------------------ functions that pass everything down */

static SOCKET WSPAPI wsl_socket_function(INT af, INT type, INT protocol, LPWSAPROTOCOL_INFOW lpProtocolInfo, GROUP g,
    DWORD dwFlags, LPINT lpErrno) {
    wsl_chain *c = wsl_chain_of(lpProtocolInfo);
    if (c == NULL) return wsl_fail(lpErrno, WSAEINVAL), INVALID_SOCKET;
    WSAPROTOCOL_INFOW info = wsl_down(c, lpProtocolInfo);
    const SOCKET lower = c->lower.lpWSPSocket(af, type, protocol, &info, g, dwFlags, lpErrno);
    return lower == INVALID_SOCKET ? lower : wsl_adopt(lower, c, NULL, (dwFlags & WSA_FLAG_OVERLAPPED) != 0, lpErrno);
}

static SOCKET WSPAPI wsl_accept(SOCKET h, wsp_sockaddr *addr, LPINT addrlen, LPCONDITIONPROC lpfnCondition,
    DWORD_PTR dwCallbackData, LPINT lpErrno) {
    wsl_socket *s = wsl_hold(h, lpErrno);
    if (s == NULL) return INVALID_SOCKET;
    SOCKET accepted = s->chain->lower.lpWSPAccept(s->lower, addr, addrlen, lpfnCondition, dwCallbackData, lpErrno);
    if (accepted != INVALID_SOCKET) accepted = wsl_adopt(accepted, s->chain, s, s->overlapped, lpErrno);
    wsl_release(s);
    return accepted;
}

static SOCKET WSPAPI wsl_join_leaf(SOCKET h, const wsp_sockaddr *name, INT namelen, LPWSABUF caller, LPWSABUF callee,
    LPQOS sqos, LPQOS gqos, DWORD dwFlags, LPINT lpErrno) {
    wsl_socket *s = wsl_hold(h, lpErrno);
    if (s == NULL) return INVALID_SOCKET;
    SOCKET leaf = s->chain->lower.lpWSPJoinLeaf(s->lower, name, namelen, caller, callee, sqos, gqos, dwFlags, lpErrno);
    if (leaf == s->lower) leaf = h;
    else if (leaf != INVALID_SOCKET) leaf = wsl_adopt(leaf, s->chain, s, s->overlapped, lpErrno);
    wsl_release(s);
    return leaf;
}

static INT WSPAPI wsl_close(SOCKET h, LPINT lpErrno) {
    wsl_socket *s = wsl_hold(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    const INT rc = s->chain->lower.lpWSPCloseSocket(s->lower, lpErrno);
    int closes = 0;
    if (rc == 0) {
        wsl_acquire(&wsl_guard);
        closes = !s->is_closed;
        s->is_closed = 1, s->app_window = NULL;
        wsl_give_up(&wsl_guard);
    }
    if (closes) wsl_release(s);
    wsl_release(s);
    return rc;
}

static INT WSPAPI wsl_duplicate(SOCKET h, DWORD dwProcessId, LPWSAPROTOCOL_INFOW lpProtocolInfo, LPINT lpErrno) {
    WSAPROTOCOL_INFOW lower;
    wsl_socket *s = wsl_hold(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    const INT rc = s->chain->lower.lpWSPDuplicateSocket(s->lower, dwProcessId, &lower, lpErrno);
    if (rc == 0) *lpProtocolInfo = s->chain->info, lpProtocolInfo->dwProviderReserved = lower.dwProviderReserved;
    wsl_release(s);
    return rc;
}

/* A function that goes down as it is, but for the handle. */
#define WSL_PASS(type, failure, name, slot, parameters, arguments) \
    static type WSPAPI name parameters {                           \
        wsl_socket *s = wsl_hold(h, lpErrno);                      \
        if (s == NULL) return failure;                             \
        const type result = s->chain->lower.slot arguments;        \
        wsl_release(s);                                            \
        return result;                                             \
    }
WSL_PASS(INT, SOCKET_ERROR, wsl_bind, lpWSPBind, (SOCKET h, const wsp_sockaddr *name, INT len, LPINT lpErrno),
    (s->lower, name, len, lpErrno))
WSL_PASS(INT, SOCKET_ERROR, wsl_connect, lpWSPConnect, (SOCKET h, const wsp_sockaddr *name, INT len, LPWSABUF caller,
    LPWSABUF callee, LPQOS sqos, LPQOS gqos, LPINT lpErrno), (s->lower, name, len, caller, callee, sqos, gqos, lpErrno))
WSL_PASS(INT, SOCKET_ERROR, wsl_listen, lpWSPListen, (SOCKET h, INT backlog, LPINT lpErrno), (s->lower, backlog, lpErrno))
WSL_PASS(INT, SOCKET_ERROR, wsl_shutdown, lpWSPShutdown, (SOCKET h, INT how, LPINT lpErrno), (s->lower, how, lpErrno))
WSL_PASS(INT, SOCKET_ERROR, wsl_peer_name, lpWSPGetPeerName, (SOCKET h, wsp_sockaddr *name, LPINT len, LPINT lpErrno),
    (s->lower, name, len, lpErrno))
WSL_PASS(INT, SOCKET_ERROR, wsl_own_name, lpWSPGetSockName, (SOCKET h, wsp_sockaddr *name, LPINT len, LPINT lpErrno),
    (s->lower, name, len, lpErrno))
WSL_PASS(INT, SOCKET_ERROR, wsl_send_disconnect, lpWSPSendDisconnect, (SOCKET h, LPWSABUF data, LPINT lpErrno),
    (s->lower, data, lpErrno))
WSL_PASS(INT, SOCKET_ERROR, wsl_recv_disconnect, lpWSPRecvDisconnect, (SOCKET h, LPWSABUF data, LPINT lpErrno),
    (s->lower, data, lpErrno))
WSL_PASS(INT, SOCKET_ERROR, wsl_event_select, lpWSPEventSelect, (SOCKET h, WSAEVENT event, LONG events, LPINT lpErrno),
    (s->lower, event, events, lpErrno))
WSL_PASS(INT, SOCKET_ERROR, wsl_enum_events, lpWSPEnumNetworkEvents, (SOCKET h, WSAEVENT event,
    LPWSANETWORKEVENTS events, LPINT lpErrno), (s->lower, event, events, lpErrno))
WSL_PASS(BOOL, FALSE, wsl_qos_by_name, lpWSPGetQOSByName, (SOCKET h, LPWSABUF name, LPQOS qos, LPINT lpErrno),
    (s->lower, name, qos, lpErrno))

/* SO_PROTOCOL_INFO: the entry is the chain's. */
WSL_INLINE INT wsl_get_info(const wsl_chain *c, int is_wide, CHAR *value, LPINT length, LPINT lpErrno) {
    const size_t head = offsetof(WSAPROTOCOL_INFOW, szProtocol), chars = WSAPROTOCOL_LEN + 1;
    const size_t size = is_wide ? sizeof c->info : head + chars;
    if (value == NULL || length == NULL || *length < (INT)size) return wsl_fail(lpErrno, WSAEFAULT);
    memcpy(value, &c->info, is_wide ? size : head);
    for (size_t i = 0; !is_wide && i < chars; i++) value[head + i] = (CHAR)c->info.szProtocol[i];
    *length = (INT)size;
    return 0;
}

static INT WSPAPI wsl_get_option(SOCKET h, INT level, INT name, CHAR *value, LPINT length, LPINT lpErrno) {
    wsl_socket *s = wsl_hold(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    const int is_info = level == WSP_SOL_SOCKET && (name == WSP_SO_PROTOCOL_INFOW || name == WSP_SO_PROTOCOL_INFOA);
    const INT rc = is_info
        ? wsl_get_info(s->chain, name == WSP_SO_PROTOCOL_INFOW, value, length, lpErrno)
        : s->chain->lower.lpWSPGetSockOpt(s->lower, level, name, value, length, lpErrno);
    wsl_release(s);
    return rc;
}

/* SO_UPDATE_ACCEPT_CONTEXT has a socket in its value: the layer's becomes the one below. */
static INT WSPAPI wsl_set_option(SOCKET h, INT level, INT name, const CHAR *value, INT length, LPINT lpErrno) {
    SOCKET other = 0;
    wsl_socket *listener = NULL, *s = wsl_hold(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    INT rc = 0;
    if (level == WSP_SOL_SOCKET && name == WSP_SO_UPDATE_ACCEPT_CONTEXT && value != NULL && length == sizeof other) {
        memcpy(&other, value, sizeof other);
        listener = wsl_hold(other, lpErrno);
        if (listener == NULL) rc = SOCKET_ERROR;
        else other = listener->lower, value = (const CHAR *)&other;
    }
    if (rc == 0) rc = s->chain->lower.lpWSPSetSockOpt(s->lower, level, name, value, length, lpErrno);
    if (listener != NULL) wsl_release(listener);
    wsl_release(s);
    return rc;
}

static INT WSPAPI wsl_async_select(SOCKET h, HWND w, UINT message, LONG events, LPINT lpErrno) {
    wsl_socket *s = wsl_hold(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    INT rc = 0;
    if (events != 0 && !wsp_host->IsWindow(w)) rc = wsl_fail(lpErrno, WSAEINVAL);
    if (rc == 0) {
        /* Before the call, in which the first message may come. */
        wsl_acquire(&wsl_guard);
        const HWND window_before = s->app_window;
        const UINT message_before = s->app_message;
        s->app_window = events != 0 ? w : NULL, s->app_message = message;
        wsl_give_up(&wsl_guard);
        rc = s->chain->lower.lpWSPAsyncSelect(s->lower, wsl_window, message, events, lpErrno);
        wsl_acquire(&wsl_guard);
        if (rc != 0 && !s->is_closed) s->app_window = window_before, s->app_message = message_before;
        wsl_give_up(&wsl_guard);
    }
    wsl_release(s);
    return rc;
}

/* A set of the sockets below, which any number of sockets finds room in; the chain is that of the first socket. */
WSL_INLINE INT wsl_lower_set(const wsp_fd_set *from, wsp_fd_set **to, wsl_chain **chain, LPINT lpErrno) {
    if (from == NULL) return 0;
    wsp_fd_set *set = (wsp_fd_set *)calloc(1, sizeof *set + from->fd_count * sizeof(SOCKET));
    if ((*to = set) == NULL) return wsl_fail(lpErrno, WSAENOBUFS);
    for (UINT i = 0; i < from->fd_count; i++) {
        wsl_socket *s = wsl_hold(from->fd_array[i], lpErrno);
        if (s == NULL) return SOCKET_ERROR;
        if (*chain == NULL) *chain = s->chain;
        set->fd_array[set->fd_count++] = s->lower;
        wsl_release(s);
    }
    return 0;
}

WSL_INLINE void wsl_upper_set(wsp_fd_set *set, wsp_fd_set *lower, int is_ready) {
    INT ignored;
    UINT kept = 0;
    for (UINT i = 0; set != NULL && is_ready && i < set->fd_count; i++) {
        wsl_socket *s = wsl_hold(set->fd_array[i], &ignored);
        if (s == NULL) continue;
        if (wsl_up.lpWPUFDIsSet(s->lower, lower)) set->fd_array[kept++] = set->fd_array[i];
        wsl_release(s);
    }
    if (set != NULL && is_ready) set->fd_count = kept;
    free(lower);
}

static INT WSPAPI wsl_select(INT n, wsp_fd_set *reads, wsp_fd_set *writes, wsp_fd_set *excepts,
    const wsp_timeval *timeout, LPINT lpErrno) {
    wsp_fd_set *r = NULL, *w = NULL, *e = NULL;
    wsl_chain *chain = NULL;
    INT ready = SOCKET_ERROR;
    if (wsl_lower_set(reads, &r, &chain, lpErrno) == 0 && wsl_lower_set(writes, &w, &chain, lpErrno) == 0
        && wsl_lower_set(excepts, &e, &chain, lpErrno) == 0) {
        wsp_timeval time = {0, 0}; /* a copy: MinGW's header knows no const there */
        if (timeout != NULL) time = *timeout;
        ready = chain == NULL
            ? wsl_fail(lpErrno, WSAEINVAL)
            : chain->lower.lpWSPSelect(n, r, w, e, timeout == NULL ? NULL : &time, lpErrno);
    }
    wsl_upper_set(reads, r, ready >= 0);
    wsl_upper_set(writes, w, ready >= 0);
    wsl_upper_set(excepts, e, ready >= 0);
    return ready;
}

static INT WSPAPI wsl_address_to_string(wsp_sockaddr *address, DWORD length, LPWSAPROTOCOL_INFOW lpInfo, LPWSTR text,
    LPDWORD text_length, LPINT lpErrno) {
    wsl_chain *c = wsl_chain_of(lpInfo);
    if (c == NULL) return wsl_fail(lpErrno, WSAEINVAL);
    WSAPROTOCOL_INFOW info = wsl_down(c, lpInfo);
    return c->lower.lpWSPAddressToString(address, length, &info, text, text_length, lpErrno);
}

static INT WSPAPI wsl_string_to_address(
    LPWSTR text, INT family, LPWSAPROTOCOL_INFOW lpInfo, wsp_sockaddr *address, LPINT length, LPINT lpErrno) {
    wsl_chain *c = wsl_chain_of(lpInfo);
    if (c == NULL) return wsl_fail(lpErrno, WSAEINVAL);
    WSAPROTOCOL_INFOW info = wsl_down(c, lpInfo);
    return c->lower.lpWSPStringToAddress(text, family, &info, address, length, lpErrno);
}

/* The thread's blocking call is in the provider below, whichever it is. */
static INT WSPAPI wsl_cancel(LPINT lpErrno) {
    for (int i = 0; i < wsl_chain_count; i++)
        if (wsl_chains[i].lower.lpWSPCancelBlockingCall(lpErrno) == 0) return 0;
    return SOCKET_ERROR;
}

/* Fills in a table; the members that the layer has to bring are null. */
WSL_INLINE void wsl_fill(LPWSPPROC_TABLE table) {
    memset(table, 0, sizeof *table);
    table->lpWSPAccept = wsl_accept;
    table->lpWSPAddressToString = wsl_address_to_string;
    table->lpWSPAsyncSelect = wsl_async_select;
    table->lpWSPBind = wsl_bind;
    table->lpWSPCancelBlockingCall = wsl_cancel;
    table->lpWSPCloseSocket = wsl_close;
    table->lpWSPConnect = wsl_connect;
    table->lpWSPDuplicateSocket = wsl_duplicate;
    table->lpWSPEnumNetworkEvents = wsl_enum_events;
    table->lpWSPEventSelect = wsl_event_select;
    table->lpWSPGetPeerName = wsl_peer_name;
    table->lpWSPGetSockName = wsl_own_name;
    table->lpWSPGetSockOpt = wsl_get_option;
    table->lpWSPGetQOSByName = wsl_qos_by_name;
    table->lpWSPJoinLeaf = wsl_join_leaf;
    table->lpWSPListen = wsl_listen;
    table->lpWSPRecvDisconnect = wsl_recv_disconnect;
    table->lpWSPSelect = (LPWSPSELECT)wsl_select; /* likewise */
    table->lpWSPSendDisconnect = wsl_send_disconnect;
    table->lpWSPSetSockOpt = wsl_set_option;
    table->lpWSPShutdown = wsl_shutdown;
    table->lpWSPSocket = wsl_socket_function;
    table->lpWSPStringToAddress = wsl_string_to_address;
}

#endif
