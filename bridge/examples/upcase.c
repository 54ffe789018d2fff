/*
 * A layered provider to begin with: it counts what passes, and turns what is received into upper case.
 *
 * Non-IFS: each of its sockets is a handle of the host's over one of the provider below. An overlapped operation gets a
 * record of its own, which goes down in place of the client's block; the lower socket is tied to a port of the layer, whose
 * worker threads finish the operation and tell the client: by WPUCompleteOverlappedRequest, or, where he has given a
 * completion routine, by WPUQueueApc.
 *
 * Install it with   ws2 catalog chain libupcase.so --over …   The option "plain" of its entry leaves the data alone.
 */
#define WSP_IMPLEMENT_HOST_SERVICES
#include "ws2spi.h"
#include "threads.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS 2
#define MOST_CHAINS 32

/* One chain that the layer stands in, and the provider below it there. */
typedef struct chain {
    WSAPROTOCOL_INFOW info, lower_info;
    WSPPROC_TABLE lower;
    DWORD own_id; /* of the layer's hidden entry */
    int transforms;
} chain_t;

typedef struct sock {
    SOCKET upper, lower;
    chain_t *chain;
    int uses;      /* operations under way, and 1 until the lower socket is closed; under the lock */
    int overlapped; /* it was made for overlapped operations */
    int at_port;   /* the lower socket is tied to the port; under the lock */
    HWND app_window; /* where messages of WSPAsyncSelect go on to; under the lock */
    UINT app_message;
    struct sock *next, *previous;
} sock_t;

/* A message for a socket that is accepted just now and has no record yet. */
typedef struct orphan {
    SOCKET lower;
    LPARAM what;
    struct orphan *next;
} orphan_t;

typedef struct operation {
    WSAOVERLAPPED block; /* first: the address of one is that of the other */
    sock_t *s;
    struct operation *next;
    LPWSAOVERLAPPED client;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    WSATHREADID thread;
    int own_thread, receives;
    DWORD flags, count;
    WSABUF buffers[];
} operation_t;

/* A completion routine that runs on this thread, and those of the same socket that came meanwhile. */
typedef struct running {
    operation_t *operation, *waiting;
    struct running *outer;
} running_t;

static lock_t guard = LOCK_INIT;
static WSPUPCALLTABLE up;
static chain_t chains[MOST_CHAINS];
static atomic_int chain_count;
static int starts; /* with the chains under a lock of their own, which is held while the providers below start */
static lock_t starting = LOCK_INIT;
static sock_t *sockets;
static orphan_t *orphans;
static HANDLE ports[WORKERS]; /* one for each worker, so that what one socket does keeps its order */
static _Thread_local running_t *running;
static atomic_int stopping;
static HWND window;
static thread_t workers[WORKERS];
static atomic_ullong sent, received, operations;

/* For whoever wants to know: what has passed since the library was loaded. */
WSP_EXPORT void UpcaseCounts(unsigned long long *counts) {
    counts[0] = atomic_load(&sent);
    counts[1] = atomic_load(&received);
    counts[2] = atomic_load(&operations);
}

static INT fail(LPINT lpErrno, INT error) {
    *lpErrno = error;
    return SOCKET_ERROR;
}

/* ---- sockets */

static sock_t *find(SOCKET s, LPINT lpErrno) {
    DWORD_PTR context = 0;
    return up.lpWPUQuerySocketHandleContext(s, &context, lpErrno) == 0 ? (sock_t *)context : NULL;
}

static void release(sock_t *s) {
    INT ignored;
    lock(&guard);
    int last = --s->uses == 0;
    if (last) {
        if (s->previous) s->previous->next = s->next; else sockets = s->next;
        if (s->next) s->next->previous = s->previous;
    }
    unlock(&guard);
    if (last) {
        up.lpWPUCloseSocketHandle(s->upper, &ignored);
        free(s);
    }
}

/* A message of the provider below, on whichever thread posts it: it goes on to the window of the socket's client. */
static void WSPAPI pass_message(HWND w, UINT number, WPARAM lower, LPARAM what, DWORD_PTR unused) {
    (void)w, (void)number, (void)unused;
    HWND app_window = NULL;
    SOCKET upper = 0;
    UINT message = 0;
    lock(&guard);
    sock_t *s = sockets;
    while (s != NULL && s->lower != (SOCKET)lower) s = s->next;
    if (s != NULL) app_window = s->app_window, message = s->app_message, upper = s->upper;
    orphan_t *o = s == NULL ? calloc(1, sizeof *o) : NULL;
    if (o != NULL) o->lower = (SOCKET)lower, o->what = what, o->next = orphans, orphans = o;
    unlock(&guard);
    if (app_window != NULL) up.lpWPUPostMessage(app_window, message, (WPARAM)upper, what);
}

/* Passes on one message that came too early. */
static int pass_orphan(SOCKET lower) {
    lock(&guard);
    orphan_t **o = &orphans;
    while (*o != NULL && (*o)->lower != lower) o = &(*o)->next;
    orphan_t *found = *o;
    if (found != NULL) *o = found->next;
    unlock(&guard);
    if (found != NULL) pass_message(window, 0, (WPARAM)lower, found->what, 0);
    free(found);
    return found != NULL;
}

static SOCKET adopt(SOCKET lower, chain_t *chain, sock_t *parent, int overlapped, LPINT lpErrno) {
    sock_t *s = calloc(1, sizeof *s);
    INT ignored;
    if (s != NULL) {
        s->lower = lower, s->chain = chain, s->overlapped = overlapped, s->uses = 1;
        s->upper = up.lpWPUCreateSocketHandle(chain->own_id, (DWORD_PTR)s, lpErrno);
    }
    if (s == NULL || s->upper == INVALID_SOCKET) {
        chain->lower.lpWSPCloseSocket(lower, &ignored);
        if (s == NULL) *lpErrno = WSAENOBUFS;
        free(s);
        return INVALID_SOCKET;
    }
    lock(&guard);
    if (parent != NULL) s->app_window = parent->app_window, s->app_message = parent->app_message;
    s->next = sockets;
    if (sockets) sockets->previous = s;
    sockets = s;
    unlock(&guard);
    const SOCKET upper = s->upper;
    while (pass_orphan(lower)) {}
    return upper;
}

static chain_t *chain_of(const WSAPROTOCOL_INFOW *info) {
    for (int i = 0; info != NULL && i < chain_count; i++)
        if (chains[i].info.dwCatalogEntryId == info->dwCatalogEntryId) return &chains[i];
    return NULL;
}

/* What goes down in place of an entry: a layer further down is given the chain's own, a base provider its own. */
static WSAPROTOCOL_INFOW down(chain_t *c, const WSAPROTOCOL_INFOW *given) {
    WSAPROTOCOL_INFOW info = c->lower_info.ProtocolChain.ChainLen == LAYERED_PROTOCOL ? c->info : c->lower_info;
    info.dwProviderReserved = given->dwProviderReserved;
    return info;
}

static SOCKET WSPAPI upcase_socket(INT af, INT type, INT protocol, LPWSAPROTOCOL_INFOW lpProtocolInfo, GROUP g,
    DWORD dwFlags, LPINT lpErrno) {
    chain_t *c = chain_of(lpProtocolInfo);
    if (c == NULL) return fail(lpErrno, WSAEINVAL), INVALID_SOCKET;
    WSAPROTOCOL_INFOW info = down(c, lpProtocolInfo);
    SOCKET lower = c->lower.lpWSPSocket(af, type, protocol, &info, g, dwFlags, lpErrno);
    return lower == INVALID_SOCKET ? lower : adopt(lower, c, NULL, (dwFlags & WSA_FLAG_OVERLAPPED) != 0, lpErrno);
}

static SOCKET WSPAPI upcase_accept(SOCKET h, wsp_sockaddr *addr, LPINT addrlen, LPCONDITIONPROC lpfnCondition,
    DWORD_PTR dwCallbackData, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    if (s == NULL) return INVALID_SOCKET;
    SOCKET lower = s->chain->lower.lpWSPAccept(s->lower, addr, addrlen, lpfnCondition, dwCallbackData, lpErrno);
    return lower == INVALID_SOCKET ? lower : adopt(lower, s->chain, s, s->overlapped, lpErrno);
}

static SOCKET WSPAPI upcase_join_leaf(SOCKET h, const wsp_sockaddr *name, INT namelen, LPWSABUF caller,
    LPWSABUF callee, LPQOS sqos, LPQOS gqos, DWORD dwFlags, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    if (s == NULL) return INVALID_SOCKET;
    SOCKET leaf =
        s->chain->lower.lpWSPJoinLeaf(s->lower, name, namelen, caller, callee, sqos, gqos, dwFlags, lpErrno);
    if (leaf == s->lower) return h;
    return leaf == INVALID_SOCKET ? leaf : adopt(leaf, s->chain, s, s->overlapped, lpErrno);
}

static INT WSPAPI upcase_close(SOCKET h, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    if (s->chain->lower.lpWSPCloseSocket(s->lower, lpErrno) != 0) return SOCKET_ERROR;
    lock(&guard);
    s->app_window = NULL;
    unlock(&guard);
    release(s);
    return 0;
}

static INT WSPAPI upcase_duplicate(SOCKET h, DWORD dwProcessId, LPWSAPROTOCOL_INFOW lpProtocolInfo, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    WSAPROTOCOL_INFOW lower;
    if (s == NULL || s->chain->lower.lpWSPDuplicateSocket(s->lower, dwProcessId, &lower, lpErrno) != 0)
        return SOCKET_ERROR;
    *lpProtocolInfo = s->chain->info;
    lpProtocolInfo->dwProviderReserved = lower.dwProviderReserved;
    return 0;
}

/* ---- calls that go down as they are */

#define PASS(name, slot, parameters, arguments)                        \
    static INT WSPAPI name parameters {                                \
        sock_t *s = find(h, lpErrno);                                  \
        return s == NULL ? SOCKET_ERROR : s->chain->lower.slot arguments; \
    }
PASS(upcase_bind, lpWSPBind, (SOCKET h, const wsp_sockaddr *name, INT len, LPINT lpErrno), (s->lower, name, len, lpErrno))
PASS(upcase_connect, lpWSPConnect, (SOCKET h, const wsp_sockaddr *name, INT len, LPWSABUF caller, LPWSABUF callee,
    LPQOS sqos, LPQOS gqos, LPINT lpErrno), (s->lower, name, len, caller, callee, sqos, gqos, lpErrno))
PASS(upcase_listen, lpWSPListen, (SOCKET h, INT backlog, LPINT lpErrno), (s->lower, backlog, lpErrno))
PASS(upcase_shutdown, lpWSPShutdown, (SOCKET h, INT how, LPINT lpErrno), (s->lower, how, lpErrno))
PASS(upcase_peer, lpWSPGetPeerName, (SOCKET h, wsp_sockaddr *name, LPINT len, LPINT lpErrno), (s->lower, name, len, lpErrno))
PASS(upcase_name, lpWSPGetSockName, (SOCKET h, wsp_sockaddr *name, LPINT len, LPINT lpErrno), (s->lower, name, len, lpErrno))
PASS(upcase_send_disconnect, lpWSPSendDisconnect, (SOCKET h, LPWSABUF data, LPINT lpErrno), (s->lower, data, lpErrno))
PASS(upcase_recv_disconnect, lpWSPRecvDisconnect, (SOCKET h, LPWSABUF data, LPINT lpErrno), (s->lower, data, lpErrno))
PASS(upcase_events, lpWSPEventSelect, (SOCKET h, WSAEVENT event, LONG events, LPINT lpErrno), (s->lower, event, events, lpErrno))
PASS(upcase_enum_events, lpWSPEnumNetworkEvents, (SOCKET h, WSAEVENT event, LPWSANETWORKEVENTS events, LPINT lpErrno),
    (s->lower, event, events, lpErrno))

static BOOL WSPAPI upcase_qos(SOCKET h, LPWSABUF name, LPQOS qos, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    return s != NULL && s->chain->lower.lpWSPGetQOSByName(s->lower, name, qos, lpErrno);
}

/* ---- options: the entry is the chain's, and a socket in a value is the layer's */

static INT WSPAPI upcase_get_option(SOCKET h, INT level, INT name, CHAR *value, LPINT length, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    if (level != WSP_SOL_SOCKET || (name != WSP_SO_PROTOCOL_INFOW && name != WSP_SO_PROTOCOL_INFOA))
        return s->chain->lower.lpWSPGetSockOpt(s->lower, level, name, value, length, lpErrno);
    const size_t head = offsetof(WSAPROTOCOL_INFOW, szProtocol), chars = WSAPROTOCOL_LEN + 1;
    const INT size = (INT)(name == WSP_SO_PROTOCOL_INFOW ? sizeof s->chain->info : head + chars);
    if (value == NULL || length == NULL || *length < size) return fail(lpErrno, WSAEFAULT);
    memcpy(value, &s->chain->info, name == WSP_SO_PROTOCOL_INFOW ? sizeof s->chain->info : head);
    for (size_t i = 0; name == WSP_SO_PROTOCOL_INFOA && i < chars; i++) value[head + i] = (CHAR)s->chain->info.szProtocol[i];
    *length = size;
    return 0;
}

static INT WSPAPI upcase_set_option(SOCKET h, INT level, INT name, const CHAR *value, INT length, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    SOCKET other;
    if (s == NULL) return SOCKET_ERROR;
    if (level == WSP_SOL_SOCKET && name == WSP_SO_UPDATE_ACCEPT_CONTEXT && value != NULL && length == sizeof other) {
        memcpy(&other, value, sizeof other);
        sock_t *listener = find(other, lpErrno);
        if (listener == NULL) return SOCKET_ERROR;
        return s->chain->lower.lpWSPSetSockOpt(s->lower, level, name, (CHAR *)&listener->lower, length, lpErrno);
    }
    return s->chain->lower.lpWSPSetSockOpt(s->lower, level, name, value, length, lpErrno);
}

/* ---- data */

static void transform(const sock_t *s, LPWSABUF buffers, DWORD count, DWORD bytes) {
    atomic_fetch_add(&received, bytes);
    for (DWORD i = 0; s->chain->transforms && i < count && bytes > 0; i++) {
        DWORD n = buffers[i].len < bytes ? buffers[i].len : bytes;
        for (DWORD k = 0; k < n; k++)
            if (buffers[i].buf[k] >= 'a' && buffers[i].buf[k] <= 'z') buffers[i].buf[k] -= 'a' - 'A';
        bytes -= n;
    }
}

/* Ties the lower socket to the port once. A socket that was not made for overlapped operations cannot be tied. */
static int tie(sock_t *s) {
    INT error = 0;
    if (!s->overlapped) return 0;
    lock(&guard);
    if (!s->at_port) s->at_port = wsp_host->AssociateSocket(s->lower, ports[s->lower / 4 % WORKERS], (ULONG_PTR)s, &error) ? 1 : -1;
    int tied = s->at_port == 1;
    unlock(&guard);
    return tied;
}

static operation_t *begin(sock_t *s, LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
    LPWSATHREADID thread, LPWSABUF buffers, DWORD count, LPINT lpErrno) {
    operation_t *o = calloc(1, sizeof *o + count * sizeof *buffers);
    INT ignored = 0;
    if (o == NULL) return fail(lpErrno, WSAENOBUFS), NULL;
    o->s = s, o->client = client, o->routine = routine, o->count = count;
    if (count > 0) memcpy(o->buffers, buffers, count * sizeof *buffers);
    if (routine != NULL && thread != NULL) o->thread = *thread;
    else if (routine != NULL) o->own_thread = up.lpWPUOpenCurrentThread(&o->thread, &ignored) == 0;
    HANDLE event = (HANDLE)((ULONG_PTR)client->hEvent & ~(ULONG_PTR)1);
    if (event != NULL) wsp_host->ResetEvent(event, &ignored);
    client->OffsetHigh = 0, client->Offset = 0, client->InternalHigh = 0;
    atomic_store((_Atomic ULONG_PTR *)&client->Internal, WSS_OPERATION_IN_PROGRESS);
    lock(&guard);
    s->uses++;
    unlock(&guard);
    return o;
}

static void end(operation_t *o) {
    INT ignored;
    if (o->own_thread) up.lpWPUCloseThread(&o->thread, &ignored);
    release(o->s);
    free(o);
}

/* What came at once comes through the port as well: every client waits. */
static INT begun(operation_t *o, INT rc, LPINT lpErrno) {
    if (rc == 0) *lpErrno = WSA_IO_PENDING;
    else if (*lpErrno != WSA_IO_PENDING) end(o);
    return SOCKET_ERROR;
}

static void call_routine(operation_t *o) {
    LPWSAOVERLAPPED client = o->client;
    DWORD error = client->OffsetHigh;
    client->Internal = error;
    o->routine(error, (DWORD)client->InternalHigh, client, client->Offset);
}

/* Routines of one socket do not nest: one that comes inside another one's wait follows it. */
static void CALLBACK run_routine(DWORD_PTR context) {
    running_t here = {(operation_t *)context, NULL, running};
    for (running_t *r = running; r != NULL; r = r->outer) {
        if (r->operation->s != here.operation->s) continue;
        operation_t **last = &r->waiting;
        while (*last != NULL) last = &(*last)->next;
        *last = here.operation;
        return;
    }
    running = &here;
    for (operation_t *o = here.operation; o != NULL; o = here.waiting) {
        if (o != here.operation) here.waiting = o->next;
        call_routine(o);
        if (o != here.operation) end(o);
    }
    running = here.outer;
    end(here.operation);
}

/* Tells the client. Of a failed operation the packet has the error; the base says ERROR_CONNECTION_ABORTED for a close. */
static void finish(operation_t *o, INT error, DWORD bytes) {
    DWORD flags = 0;
    INT ignored = 0;
    DWORD asked = bytes;
    if (error == ERROR_CONNECTION_ABORTED) error = WSA_OPERATION_ABORTED;
    if (error == 0) o->s->chain->lower.lpWSPGetOverlappedResult(o->s->lower, &o->block, &asked, FALSE, &flags, &ignored);
    if (o->receives) transform(o->s, o->buffers, o->count, bytes); else atomic_fetch_add(&sent, bytes);
    atomic_fetch_add(&operations, 1);
    LPWSAOVERLAPPED client = o->client;
    client->Offset = flags;
    client->OffsetHigh = (DWORD)error;
    client->InternalHigh = bytes;
    if (atomic_load(&stopping)) {
        end(o);
    } else if (o->routine == NULL) {
        wsp_host->CompleteOverlappedRequest(o->s->upper, client, (DWORD)error, bytes, &ignored);
        end(o);
    } else {
        atomic_store((_Atomic ULONG_PTR *)&client->Internal, (ULONG_PTR)o->routine);
        if (up.lpWPUQueueApc(&o->thread, run_routine, (DWORD_PTR)o, &ignored) != 0) end(o);
    }
}

static THREAD_FUNCTION work(void *port) {
    for (;;) {
        DWORD bytes = 0;
        ULONG_PTR key = 0;
        LPWSAOVERLAPPED block = NULL;
        INT error = 0;
        wsp_host->GetQueuedCompletionStatus(port, &bytes, &key, &block, INFINITE, &error);
        if (block == NULL) return THREAD_END;
        finish((operation_t *)block, error, bytes);
    }
}

/* The bytes of a synchronous receive, and of the beginning of a message that was too long. */
static INT got(const sock_t *s, LPWSABUF buffers, DWORD count, INT rc, const DWORD *bytes, const INT *lpErrno) {
    if (rc == 0) transform(s, buffers, count, *bytes);
    else if (*lpErrno == WSAEMSGSIZE) transform(s, buffers, count, 0xFFFFFFFFu);
    return rc;
}

static INT WSPAPI upcase_send_to(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags,
    const wsp_sockaddr *to, INT tolen, LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
    LPWSATHREADID thread, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    if (client == NULL || !tie(s)) {
        INT rc = s->chain->lower.lpWSPSendTo(s->lower, buffers, count, bytes, flags, to, tolen, NULL, NULL, NULL, lpErrno);
        if (rc == 0) atomic_fetch_add(&sent, *bytes);
        return rc;
    }
    operation_t *o = begin(s, client, routine, thread, NULL, 0, lpErrno);
    return o == NULL ? SOCKET_ERROR : begun(o, s->chain->lower.lpWSPSendTo(
        s->lower, buffers, count, bytes, flags, to, tolen, &o->block, NULL, thread, lpErrno), lpErrno);
}

static INT WSPAPI upcase_send(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags,
    LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    if (client == NULL || !tie(s)) {
        INT rc = s->chain->lower.lpWSPSend(s->lower, buffers, count, bytes, flags, NULL, NULL, NULL, lpErrno);
        if (rc == 0) atomic_fetch_add(&sent, *bytes);
        return rc;
    }
    operation_t *o = begin(s, client, routine, thread, NULL, 0, lpErrno);
    return o == NULL ? SOCKET_ERROR : begun(o, s->chain->lower.lpWSPSend(
        s->lower, buffers, count, bytes, flags, &o->block, NULL, thread, lpErrno), lpErrno);
}

static INT WSPAPI upcase_recv_from(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags,
    wsp_sockaddr *from, LPINT fromlen, LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
    LPWSATHREADID thread, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    if (client == NULL || !tie(s)) return got(s, buffers, count, s->chain->lower.lpWSPRecvFrom(
        s->lower, buffers, count, bytes, flags, from, fromlen, NULL, NULL, NULL, lpErrno), bytes, lpErrno);
    operation_t *o = begin(s, client, routine, thread, buffers, count, lpErrno);
    if (o == NULL) return SOCKET_ERROR;
    o->receives = 1, o->flags = *flags;
    return begun(o, s->chain->lower.lpWSPRecvFrom(
        s->lower, buffers, count, bytes, &o->flags, from, fromlen, &o->block, NULL, thread, lpErrno), lpErrno);
}

static INT WSPAPI upcase_recv(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags,
    LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    if (client == NULL || !tie(s)) return got(s, buffers, count, s->chain->lower.lpWSPRecv(
        s->lower, buffers, count, bytes, flags, NULL, NULL, NULL, lpErrno), bytes, lpErrno);
    operation_t *o = begin(s, client, routine, thread, buffers, count, lpErrno);
    if (o == NULL) return SOCKET_ERROR;
    o->receives = 1, o->flags = *flags;
    return begun(o, s->chain->lower.lpWSPRecv(
        s->lower, buffers, count, bytes, &o->flags, &o->block, NULL, thread, lpErrno), lpErrno);
}

static INT WSPAPI upcase_ioctl(SOCKET h, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length,
    LPDWORD returned, LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
    LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    if (code == WSP_SIO_GET_EXTENSION_FUNCTION_POINTER) return fail(lpErrno, WSAEINVAL); /* it would pass the layer by */
    if (client == NULL || !tie(s)) return s->chain->lower.lpWSPIoctl(
        s->lower, code, in, in_length, out, out_length, returned, NULL, NULL, NULL, lpErrno);
    operation_t *o = begin(s, client, routine, thread, NULL, 0, lpErrno);
    return o == NULL ? SOCKET_ERROR : begun(o, s->chain->lower.lpWSPIoctl(
        s->lower, code, in, in_length, out, out_length, returned, &o->block, NULL, thread, lpErrno), lpErrno);
}

static BOOL WSPAPI upcase_result(SOCKET h, LPWSAOVERLAPPED client, LPDWORD bytes, BOOL wait, LPDWORD flags, LPINT lpErrno) {
    if (find(h, lpErrno) == NULL) return FALSE;
    if (client == NULL) return fail(lpErrno, WSAEFAULT), FALSE;
    HANDLE event = (HANDLE)((ULONG_PTR)client->hEvent & ~(ULONG_PTR)1);
    while (atomic_load((_Atomic ULONG_PTR *)&client->Internal) == WSS_OPERATION_IN_PROGRESS) {
        if (!wait) return fail(lpErrno, WSA_IO_INCOMPLETE), FALSE;
        if (event == NULL) return fail(lpErrno, WSA_INVALID_HANDLE), FALSE;
        if (wsp_host->WaitForMultipleObjects(1, &event, FALSE, INFINITE, FALSE, lpErrno) != 0) return FALSE;
    }
    *bytes = (DWORD)client->InternalHigh;
    *flags = client->Offset;
    if (client->OffsetHigh != 0) return fail(lpErrno, (INT)client->OffsetHigh), FALSE;
    return TRUE;
}

/* ---- readiness */

static INT WSPAPI upcase_async_select(SOCKET h, HWND w, UINT message, LONG events, LPINT lpErrno) {
    sock_t *s = find(h, lpErrno);
    if (s == NULL) return SOCKET_ERROR;
    if (events != 0 && !wsp_host->IsWindow(w)) return fail(lpErrno, WSAEINVAL);
    lock(&guard);
    s->app_window = events != 0 ? w : NULL, s->app_message = message;
    unlock(&guard);
    return s->chain->lower.lpWSPAsyncSelect(s->lower, window, message, events, lpErrno);
}

/* A set of the sockets below, which any number of sockets finds room in; the chain is that of the first socket. */
static INT lower_set(const wsp_fd_set *from, wsp_fd_set **to, chain_t **chain, LPINT lpErrno) {
    if (from == NULL) return 0;
    wsp_fd_set *set = calloc(1, sizeof *set + from->fd_count * sizeof(SOCKET));
    if ((*to = set) == NULL) return fail(lpErrno, WSAENOBUFS);
    for (UINT i = 0; i < from->fd_count; i++) {
        sock_t *s = find(from->fd_array[i], lpErrno);
        if (s == NULL) return SOCKET_ERROR;
        if (*chain == NULL) *chain = s->chain;
        set->fd_array[set->fd_count++] = s->lower;
    }
    return 0;
}

static void upper_set(wsp_fd_set *set, wsp_fd_set *lower, int ready) {
    INT ignored;
    UINT kept = 0;
    for (UINT i = 0; set != NULL && ready && i < set->fd_count; i++) {
        sock_t *s = find(set->fd_array[i], &ignored);
        if (s != NULL && up.lpWPUFDIsSet(s->lower, lower)) set->fd_array[kept++] = set->fd_array[i];
    }
    if (set != NULL && ready) set->fd_count = kept;
    free(lower);
}

static INT WSPAPI upcase_select(INT n, wsp_fd_set *reads, wsp_fd_set *writes, wsp_fd_set *excepts,
    const wsp_timeval *timeout, LPINT lpErrno) {
    wsp_fd_set *r = NULL, *w = NULL, *e = NULL;
    chain_t *chain = NULL;
    INT ready = SOCKET_ERROR;
    if (lower_set(reads, &r, &chain, lpErrno) == 0 && lower_set(writes, &w, &chain, lpErrno) == 0
        && lower_set(excepts, &e, &chain, lpErrno) == 0) {
        ready = chain == NULL ? fail(lpErrno, WSAEINVAL) : chain->lower.lpWSPSelect(n, r, w, e, timeout, lpErrno);
    }
    upper_set(reads, r, ready >= 0);
    upper_set(writes, w, ready >= 0);
    upper_set(excepts, e, ready >= 0);
    return ready;
}

/* ---- texts, and what concerns the provider as a whole */

static INT WSPAPI upcase_to_string(wsp_sockaddr *address, DWORD length, LPWSAPROTOCOL_INFOW lpInfo, LPWSTR text,
    LPDWORD text_length, LPINT lpErrno) {
    chain_t *c = lpInfo == NULL ? NULL : chain_of(lpInfo);
    if (c == NULL) return fail(lpErrno, WSAEINVAL);
    WSAPROTOCOL_INFOW info = down(c, lpInfo);
    return c->lower.lpWSPAddressToString(address, length, &info, text, text_length, lpErrno);
}

static INT WSPAPI upcase_to_address(
    LPWSTR text, INT family, LPWSAPROTOCOL_INFOW lpInfo, wsp_sockaddr *address, LPINT length, LPINT lpErrno) {
    chain_t *c = lpInfo == NULL ? NULL : chain_of(lpInfo);
    if (c == NULL) return fail(lpErrno, WSAEINVAL);
    WSAPROTOCOL_INFOW info = down(c, lpInfo);
    return c->lower.lpWSPStringToAddress(text, family, &info, address, length, lpErrno);
}

/* The thread's blocking call is in the provider below, whichever it is. */
static INT WSPAPI upcase_cancel(LPINT lpErrno) {
    for (int i = 0; i < chain_count; i++)
        if (chains[i].lower.lpWSPCancelBlockingCall(lpErrno) == 0) return 0;
    return SOCKET_ERROR;
}

static void stop(int threads) {
    INT ignored;
    for (int i = 0; i < threads; i++) wsp_host->PostQueuedCompletionStatus(ports[i], 0xFFFFFFFFu, 0, NULL, &ignored);
    for (int i = 0; i < threads; i++) join(workers[i]), wsp_host->CloseHandle(ports[i], &ignored);
    if (window != NULL) wsp_host->DestroyWindow(window, &ignored);
    window = NULL;
}

static INT WSPAPI upcase_cleanup(LPINT lpErrno) {
    INT ignored;
    lock(&starting);
    int last = starts > 0 && --starts == 0;
    if (last) atomic_store(&stopping, 1);
    for (sock_t *s = last ? sockets : NULL; s != NULL; s = s->next) {
        wsp_linger abort = {1, 0};
        s->chain->lower.lpWSPSetSockOpt(
            s->lower, WSP_SOL_SOCKET, WSP_SO_LINGER, (CHAR *)&abort, sizeof abort, &ignored);
        s->chain->lower.lpWSPCloseSocket(s->lower, &ignored);
    }
    if (last) stop(WORKERS);
    while (last && sockets != NULL) sockets->uses = 1, release(sockets);
    for (int i = 0; last && i < chain_count; i++) chains[i].lower.lpWSPCleanup(&ignored);
    if (last) chain_count = 0;
    unlock(&starting);
    *lpErrno = 0;
    return 0;
}

static const WSPPROC_TABLE functions = {
    upcase_accept, upcase_to_string, upcase_async_select, upcase_bind, upcase_cancel, upcase_cleanup, upcase_close,
    upcase_connect, upcase_duplicate, upcase_enum_events, upcase_events, upcase_result, upcase_peer, upcase_name,
    upcase_get_option, upcase_qos, upcase_ioctl, upcase_join_leaf, upcase_listen, upcase_recv, upcase_recv_disconnect,
    upcase_recv_from, upcase_select, upcase_send, upcase_send_disconnect, upcase_send_to, upcase_set_option,
    upcase_shutdown, upcase_socket, upcase_to_address};

static const WSAPROTOCOL_INFOW *entry(const WSAPROTOCOL_INFOW *all, INT count, DWORD id) {
    for (INT i = 0; i < count; i++)
        if (all[i].dwCatalogEntryId == id) return &all[i];
    return NULL;
}

static int is_here(const WSAPROTOCOL_INFOW *layer) {
    WCHAR own[1024], path[1024];
    INT own_length = 1024, length = 1024, ignored;
    GUID id = layer->ProviderId;
    return wsp_host->GetModulePath(own, &own_length, &ignored) == 0
        && wsp_host->GetProviderPath(&id, path, &length, &ignored) == 0 && length == own_length
        && memcmp(own, path, (size_t)length * sizeof *path) == 0;
}

/* Finds the place of this layer in a chain, and starts the provider behind it. */
static INT start_lower(chain_t *c, WORD version, WSPUPCALLTABLE upcalls, const WSAPROTOCOL_INFOW *all, INT count) {
    const WSAPROTOCOL_INFOW *own = NULL, *next = NULL;
    INT error = 0, length = 1024;
    for (int i = 0; i + 1 < c->info.ProtocolChain.ChainLen && next == NULL; i++) {
        own = entry(all, count, c->info.ProtocolChain.ChainEntries[i]);
        if (own != NULL && is_here(own)) next = entry(all, count, c->info.ProtocolChain.ChainEntries[i + 1]);
    }
    if (next == NULL) return WSAEPROVIDERFAILEDINIT;
    WCHAR path[1024];
    CHAR plain[8];
    WSPDATA data;
    GUID id = next->ProviderId;
    c->lower_info = *next;
    c->own_id = own->dwCatalogEntryId;
    c->transforms = wsp_host->GetOption(c->own_id, "plain", plain, sizeof plain) < 0;
    WSAPROTOCOL_INFOW info = down(c, &c->info);
    if (upcalls.lpWPUGetProviderPath(&id, path, &length, &error) != 0) return error;
    LPWSPSTARTUP start_next = wsp_host->GetStartFunction(path, &error);
    return start_next == NULL ? error : start_next(version, &data, &info, upcalls, &c->lower);
}

static INT start_chain(WORD version, LPWSAPROTOCOL_INFOW lpProtocolInfo, WSPUPCALLTABLE upcalls) {
    INT error = 0;
    DWORD length = 0;
    if (chain_of(lpProtocolInfo) != NULL) return 0;
    if (chain_count == MOST_CHAINS) return WSAEPROCLIM;
    wsp_host->EnumProtocols(NULL, NULL, &length, &error);
    WSAPROTOCOL_INFOW *all = malloc(length);
    INT count = all == NULL ? SOCKET_ERROR : wsp_host->EnumProtocols(NULL, all, &length, &error);
    chain_t *c = &chains[chain_count];
    c->info = *lpProtocolInfo;
    error = count == SOCKET_ERROR ? WSASYSNOTREADY : start_lower(c, version, upcalls, all, count);
    free(all);
    if (error == 0) chain_count++;
    return error;
}

static INT start_workers(void) {
    INT error = 0;
    int n = 0;
    atomic_store(&stopping, 0);
    window = wsp_host->MakeWindow(pass_message, 0, WSP_WINDOW_INLINE, &error);
    while (window != NULL && n < WORKERS && (ports[n] = wsp_host->CreateIoCompletionPort(0, &error)) != NULL) {
        if (!start(&workers[n], work, ports[n])) break;
        n++;
    }
    if (n == WORKERS) return 0;
    stop(n);
    return WSAEPROCLIM;
}

INT WSPAPI WSPStartup(WORD wVersionRequested, LPWSPDATA lpWSPData, LPWSAPROTOCOL_INFOW lpProtocolInfo,
    WSPUPCALLTABLE UpcallTable, LPWSPPROC_TABLE lpProcTable) {
    static const char name[] = "upcase";
    if (LOBYTE(wVersionRequested) < 2) return WSAVERNOTSUPPORTED;
    if (wsp_host == NULL || lpProtocolInfo->ProtocolChain.ChainLen < 2) return WSASYSNOTREADY;
    lock(&starting);
    up = UpcallTable;
    INT error = starts == 0 ? start_workers() : 0;
    if (error == 0 && (error = start_chain(wVersionRequested, lpProtocolInfo, UpcallTable)) != 0 && starts == 0) stop(WORKERS);
    if (error == 0) starts++;
    unlock(&starting);
    if (error != 0) return error;
    memset(lpWSPData, 0, sizeof *lpWSPData);
    lpWSPData->wVersion = lpWSPData->wHighVersion = MAKEWORD(2, 2);
    for (size_t i = 0; i < sizeof name; i++) lpWSPData->szDescription[i] = (WCHAR)name[i];
    *lpProcTable = functions;
    return 0;
}
