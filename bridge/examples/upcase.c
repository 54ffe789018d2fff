/*
 * A layered provider to begin with: it counts what passes, and turns what is received into upper case.
 *
 * Non-IFS: each of its sockets is a handle of the host's over one of the provider below; ws2layer.h does what every such layer
 * does. Here is what makes this one: an overlapped operation gets a record of its own, which goes down in place of the client's
 * block; the lower socket is tied to a port of the layer, whose worker threads finish the operation and tell the client: by
 * WPUCompleteOverlappedRequest, or, where he has given a completion routine, by WPUQueueApc.
 *
 * Install it with   ws2 catalog chain libupcase.so NAME   The option "plain" of its entry leaves the data alone.
 */
#define WSP_IMPLEMENT_HOST_SERVICES
#include "ws2layer.h"
#include "threads.h"

#include <stdatomic.h>

#define WORKERS 2

typedef enum kind { SENDS, RECEIVES, OTHER } kind_t;

/* A call that transfers data; one that is not over when it returns lies on the heap. */
typedef struct operation {
    WSAOVERLAPPED block; /* first: the address of one is that of the other */
    wsl_socket *s;
    kind_t kind;
    LPWSAOVERLAPPED below; /* the block for the provider below; null if the client waits for the call */
    LPWSAOVERLAPPED client;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    WSATHREADID thread;
    int own_thread;
    DWORD flags, count;
    LPWSABUF buffers; /* what is received into */
    struct operation *next;
} operation_t;

/* A completion routine that runs on this thread, and those of the same socket that came meanwhile. */
typedef struct running {
    operation_t *operation, *waiting;
    struct running *outer;
} running_t;

static lock_t starting = LOCK_INIT; /* held while the providers below start and end */
static HANDLE ports[WORKERS]; /* one for each worker, so that what one socket does keeps its order */
static thread_t workers[WORKERS];
static int working; /* how many of them; under the lock */
static _Thread_local running_t *running;
static atomic_int stopping;
static atomic_ullong sent, received, operations;

/* For whoever wants to know: what has passed since the library was loaded. */
WSP_EXPORT void UpcaseCounts(unsigned long long *counts) {
    counts[0] = atomic_load(&sent);
    counts[1] = atomic_load(&received);
    counts[2] = atomic_load(&operations);
}

/* ---- data */

/* What the layer is for. */
static void see(const operation_t *o, DWORD bytes) {
    CHAR plain[8];
    if (o->kind == SENDS) atomic_fetch_add(&sent, bytes);
    if (o->kind != RECEIVES) return;
    atomic_fetch_add(&received, bytes);
    if (bytes > 0 && o->s->tag == 0) /* the option is looked at once for each socket */
        o->s->tag = wsp_host->GetOption(o->s->chain->own_id, "plain", plain, sizeof plain) < 0 ? 1 : 2;
    for (DWORD i = 0; i < o->count && bytes > 0 && o->s->tag == 1; i++) {
        const DWORD n = o->buffers[i].len < bytes ? o->buffers[i].len : bytes;
        for (DWORD k = 0; k < n; k++)
            if (o->buffers[i].buf[k] >= 'a' && o->buffers[i].buf[k] <= 'z') o->buffers[i].buf[k] -= 'a' - 'A';
        bytes -= n;
    }
}

static DWORD room(const operation_t *o) {
    DWORD sum = 0, i = 0;
    while (i < o->count) sum += o->buffers[i++].len;
    return sum;
}

/* ---- operations: begin, the call below, ended; and for overlapped ones finish on a worker thread */

/* Ties the lower socket to a port once. A socket that was not made for overlapped operations cannot be tied. Duplicates may be one
   file below, which a second handle's port is an invalid parameter to: it has one of ours. */
static int tie(wsl_socket *s) {
    INT error = 0;
    wsl_acquire(&wsl_guard);
    if (!s->is_tied && s->overlapped)
        s->is_tied = wsp_host->AssociateSocket(s->lower, ports[s->lower / 4 % WORKERS], (ULONG_PTR)s, &error)
            || error == WSA_INVALID_PARAMETER;
    const int tied = s->is_tied;
    wsl_give_up(&wsl_guard);
    return tied;
}

/* The record for the provider below, and the marks that the client's block is under way. */
static operation_t *overlap(const operation_t *here, LPWSATHREADID thread) {
    operation_t *o = malloc(sizeof *o + here->count * sizeof *o->buffers);
    LPWSAOVERLAPPED client = here->client;
    INT ignored = 0;
    if (o == NULL) return NULL;
    *o = *here;
    o->buffers = (LPWSABUF)(o + 1);
    if (o->count > 0) memcpy(o->buffers, here->buffers, o->count * sizeof *o->buffers);
    o->block.Offset = client->Offset, o->block.OffsetHigh = client->OffsetHigh; /* where TransmitFile begins */
    o->below = &o->block;
    if (o->routine != NULL && thread != NULL) o->thread = *thread;
    else if (o->routine != NULL) o->own_thread = wsl_up.lpWPUOpenCurrentThread(&o->thread, &ignored) == 0;
    HANDLE event = (HANDLE)((ULONG_PTR)client->hEvent & ~(ULONG_PTR)1);
    if (event != NULL) wsp_host->ResetEvent(event, &ignored);
    client->OffsetHigh = 0, client->Offset = 0, client->InternalHigh = 0;
    atomic_store((_Atomic ULONG_PTR *)&client->Internal, WSS_OPERATION_IN_PROGRESS);
    return o;
}

static operation_t *begin(operation_t *here, SOCKET h, kind_t kind, LPWSABUF buffers, DWORD count, LPWSAOVERLAPPED client,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    wsl_socket *s = wsl_hold(h, lpErrno);
    if (s == NULL) return NULL;
    memset(here, 0, sizeof *here);
    here->s = s, here->kind = kind, here->client = client, here->routine = routine;
    here->buffers = buffers, here->count = buffers == NULL ? 0 : count;
    if (client == NULL || !tie(s)) return here;
    operation_t *o = overlap(here, thread);
    if (o == NULL) *lpErrno = WSAENOBUFS, wsl_release(s);
    return o;
}

static void end(operation_t *o) {
    INT ignored;
    if (o->own_thread) wsl_up.lpWPUCloseThread(&o->thread, &ignored);
    wsl_release(o->s);
    if (o->below != NULL) free(o);
}

/* The call below has returned. What came at once comes through the port as well: every client with a block waits, and a worker
   thread may have finished and freed the record by now. */
static INT ended(const operation_t *here, operation_t *o, INT rc, const DWORD *bytes, LPINT lpErrno) {
    if (o != here && (rc == 0 || *lpErrno == WSA_IO_PENDING)) return wsl_fail(lpErrno, WSA_IO_PENDING);
    if (rc == 0 && bytes != NULL) see(o, *bytes);
    else if (rc != 0 && *lpErrno == WSAEMSGSIZE && o == here) see(o, room(o)); /* the beginning is there */
    end(o);
    return rc;
}

static void call_routine(operation_t *o) {
    LPWSAOVERLAPPED client = o->client;
    const DWORD error = client->OffsetHigh;
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

/* Tells the client. */
static void finish(operation_t *o, INT error, DWORD bytes, DWORD flags) {
    LPWSAOVERLAPPED client = o->client;
    INT ignored = 0;
    see(o, bytes);
    atomic_fetch_add(&operations, 1);
    client->Offset = flags, client->OffsetHigh = (DWORD)error, client->InternalHigh = bytes;
    if (atomic_load(&stopping)) { /* in silence, but whoever looks at the block sees it */
        atomic_store((_Atomic ULONG_PTR *)&client->Internal, (ULONG_PTR)error);
        end(o);
    } else if (o->routine == NULL) {
        wsp_host->CompleteOverlappedRequest(o->s->upper, client, (DWORD)error, bytes, &ignored);
        end(o);
    } else {
        atomic_store((_Atomic ULONG_PTR *)&client->Internal, (ULONG_PTR)o->routine);
        if (wsl_up.lpWPUQueueApc(&o->thread, run_routine, (DWORD_PTR)o, &ignored) != 0) end(o);
    }
}

/* A worker thread. Of a failed operation the packet has the error; of a close, the base says ERROR_CONNECTION_ABORTED. */
static THREAD_FUNCTION work(void *port) {
    for (;;) {
        DWORD bytes = 0, asked = 0, flags = 0;
        ULONG_PTR key = 0;
        LPWSAOVERLAPPED block = NULL;
        INT error = 0, ignored;
        wsp_host->GetQueuedCompletionStatus(port, &bytes, &key, &block, INFINITE, &error);
        if (block == NULL) return THREAD_END;
        operation_t *o = (operation_t *)block;
        if (error == ERROR_CONNECTION_ABORTED) error = WSA_OPERATION_ABORTED;
        if (error == 0) o->s->chain->lower.lpWSPGetOverlappedResult(o->s->lower, block, &asked, FALSE, &flags, &ignored);
        finish(o, error, bytes, flags);
    }
}

#define BELOW(o) (o)->s->chain->lower
#define EXTENSION(o) (o)->s->chain->extensions

static INT WSPAPI upcase_send_to(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags,
    const wsp_sockaddr *to, INT tolen, LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
    LPWSATHREADID thread, LPINT lpErrno) {
    operation_t here, *o = begin(&here, h, SENDS, NULL, 0, client, routine, thread, lpErrno);
    return o == NULL ? SOCKET_ERROR : ended(&here, o, BELOW(o).lpWSPSendTo(
        o->s->lower, buffers, count, bytes, flags, to, tolen, o->below, NULL, thread, lpErrno), bytes, lpErrno);
}

static INT WSPAPI upcase_send(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags,
    LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    operation_t here, *o = begin(&here, h, SENDS, NULL, 0, client, routine, thread, lpErrno);
    return o == NULL ? SOCKET_ERROR : ended(&here, o, BELOW(o).lpWSPSend(
        o->s->lower, buffers, count, bytes, flags, o->below, NULL, thread, lpErrno), bytes, lpErrno);
}

/* The flags of an overlapped receive are read when it is over: by then the client's are gone. */
static LPDWORD flags_for(operation_t *o, LPDWORD flags) {
    if (o->below == NULL || flags == NULL) return flags;
    return o->flags = *flags, &o->flags;
}

static INT WSPAPI upcase_recv_from(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags,
    wsp_sockaddr *from, LPINT fromlen, LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
    LPWSATHREADID thread, LPINT lpErrno) {
    operation_t here, *o = begin(&here, h, RECEIVES, buffers, count, client, routine, thread, lpErrno);
    return o == NULL ? SOCKET_ERROR : ended(&here, o, BELOW(o).lpWSPRecvFrom(o->s->lower, buffers, count, bytes,
        flags_for(o, flags), from, fromlen, o->below, NULL, thread, lpErrno), bytes, lpErrno);
}

static INT WSPAPI upcase_recv(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags,
    LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    operation_t here, *o = begin(&here, h, RECEIVES, buffers, count, client, routine, thread, lpErrno);
    return o == NULL ? SOCKET_ERROR : ended(&here, o, BELOW(o).lpWSPRecv(o->s->lower, buffers, count, bytes,
        flags_for(o, flags), o->below, NULL, thread, lpErrno), bytes, lpErrno);
}

static BOOL WSPAPI upcase_result(SOCKET h, LPWSAOVERLAPPED client, LPDWORD bytes, BOOL wait, LPDWORD flags, LPINT lpErrno) {
    wsl_socket *s = wsl_hold(h, lpErrno);
    if (s == NULL) return FALSE;
    wsl_release(s); /* the block says everything */
    if (client == NULL) return *lpErrno = WSAEFAULT, FALSE;
    HANDLE event = (HANDLE)((ULONG_PTR)client->hEvent & ~(ULONG_PTR)1);
    while (atomic_load((_Atomic ULONG_PTR *)&client->Internal) == WSS_OPERATION_IN_PROGRESS) {
        if (!wait) return *lpErrno = WSA_IO_INCOMPLETE, FALSE;
        if (event == NULL) return *lpErrno = WSA_INVALID_HANDLE, FALSE;
        if (wsp_host->WaitForMultipleObjects(1, &event, FALSE, INFINITE, FALSE, lpErrno) != 0) return FALSE;
    }
    *bytes = (DWORD)client->InternalHigh, *flags = client->Offset;
    if (client->OffsetHigh != 0) return *lpErrno = (INT)client->OffsetHigh, FALSE;
    return TRUE;
}

/* ---- extension functions: the layer's own, since those below do not know its handles */

/* They tell the thread's last error, and TRUE or FALSE. */
static BOOL told(const operation_t *here, operation_t *o, BOOL done, const DWORD *bytes, INT error) {
    if (o != NULL && !done) error = wsp_host->GetLastError();
    if (o != NULL && ended(here, o, done ? 0 : SOCKET_ERROR, bytes, &error) == 0) return TRUE;
    wsp_host->SetLastError(error);
    return FALSE;
}

/* The provider below may lack one, or have it for some of its sockets alone. */
static int has_below(operation_t *o, GUID id, void *place) {
    INT error = 0;
    if (wsl_need_below(o->s, id, place, &error) == 0) return 1;
    wsp_host->SetLastError(error);
    return 0;
}

#define HAS_BELOW(o, id, name) ((o) != NULL && has_below(o, (GUID)id, &EXTENSION(o).name))

static BOOL WSPAPI upcase_accept_ex(SOCKET listener, SOCKET h, LPVOID buffer, DWORD data, DWORD local, DWORD remote,
    LPDWORD bytes, LPWSAOVERLAPPED client) {
    INT error = 0;
    WSABUF first = {data, buffer};
    wsl_socket *target = wsl_hold(h, &error);
    operation_t here, *o = target == NULL ? NULL : begin(&here, listener, RECEIVES, &first, 1, client, NULL, NULL, &error);
    const BOOL done = told(&here, o, HAS_BELOW(o, WSAID_ACCEPTEX, accept_ex) && EXTENSION(o).accept_ex(
        o->s->lower, target->lower, buffer, data, local, remote, bytes, o->below), bytes, error);
    if (target != NULL) wsl_release(target);
    return done;
}

static BOOL WSPAPI upcase_connect_ex(
    SOCKET h, const wsp_sockaddr *name, INT len, LPVOID data, DWORD length, LPDWORD bytes, LPWSAOVERLAPPED client) {
    INT error = 0;
    operation_t here, *o = begin(&here, h, SENDS, NULL, 0, client, NULL, NULL, &error);
    return told(&here, o, HAS_BELOW(o, WSAID_CONNECTEX, connect_ex)
        && EXTENSION(o).connect_ex(o->s->lower, name, len, data, length, bytes, o->below), bytes, error);
}

static BOOL WSPAPI upcase_disconnect_ex(SOCKET h, LPWSAOVERLAPPED client, DWORD flags, DWORD reserved) {
    INT error = 0;
    operation_t here, *o = begin(&here, h, OTHER, NULL, 0, client, NULL, NULL, &error);
    return told(&here, o, HAS_BELOW(o, WSAID_DISCONNECTEX, disconnect_ex)
        && EXTENSION(o).disconnect_ex(o->s->lower, o->below, flags, reserved), NULL, error);
}

/* What the next two send while their client waits is not counted: they do not tell how much it was. */
static BOOL WSPAPI upcase_transmit_file(SOCKET h, HANDLE file, DWORD bytes, DWORD per_send, LPWSAOVERLAPPED client,
    LPTRANSMIT_FILE_BUFFERS around, DWORD flags) {
    INT error = 0;
    operation_t here, *o = begin(&here, h, SENDS, NULL, 0, client, NULL, NULL, &error);
    return told(&here, o, HAS_BELOW(o, WSAID_TRANSMITFILE, transmit_file)
        && EXTENSION(o).transmit_file(o->s->lower, file, bytes, per_send, o->below, around, flags), NULL, error);
}

static BOOL WSPAPI upcase_transmit_packets(
    SOCKET h, LPTRANSMIT_PACKETS_ELEMENT array, DWORD count, DWORD size, LPWSAOVERLAPPED client, DWORD flags) {
    INT error = 0;
    operation_t here, *o = begin(&here, h, SENDS, NULL, 0, client, NULL, NULL, &error);
    return told(&here, o, HAS_BELOW(o, WSAID_TRANSMITPACKETS, transmit_packets)
        && EXTENSION(o).transmit_packets(o->s->lower, array, count, size, o->below, flags), NULL, error);
}

static INT WSPAPI upcase_recv_msg(
    SOCKET h, LPWSAMSG msg, LPDWORD bytes, LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    INT error = WSAEFAULT;
    operation_t here, *o = msg == NULL ? NULL
        : begin(&here, h, RECEIVES, msg->lpBuffers, msg->dwBufferCount, client, routine, NULL, &error);
    return told(&here, o, HAS_BELOW(o, WSAID_WSARECVMSG, recv_msg)
        && EXTENSION(o).recv_msg(o->s->lower, msg, bytes, o->below, NULL) == 0, bytes, error) ? 0 : SOCKET_ERROR;
}

static INT WSPAPI upcase_send_msg(SOCKET h, LPWSAMSG msg, DWORD flags, LPDWORD bytes, LPWSAOVERLAPPED client,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    INT error = 0;
    operation_t here, *o = begin(&here, h, SENDS, NULL, 0, client, routine, NULL, &error);
    return told(&here, o, HAS_BELOW(o, WSAID_WSASENDMSG, send_msg)
        && EXTENSION(o).send_msg(o->s->lower, msg, flags, bytes, o->below, NULL) == 0, bytes, error) ? 0 : SOCKET_ERROR;
}

static const wsl_extension extensions[] = {
    {WSAID_ACCEPTEX, (wsl_function)upcase_accept_ex, offsetof(wsl_extensions, accept_ex)},
    {WSAID_CONNECTEX, (wsl_function)upcase_connect_ex, offsetof(wsl_extensions, connect_ex)},
    {WSAID_DISCONNECTEX, (wsl_function)upcase_disconnect_ex, offsetof(wsl_extensions, disconnect_ex)},
    {WSAID_TRANSMITFILE, (wsl_function)upcase_transmit_file, offsetof(wsl_extensions, transmit_file)},
    {WSAID_TRANSMITPACKETS, (wsl_function)upcase_transmit_packets, offsetof(wsl_extensions, transmit_packets)},
    {WSAID_WSARECVMSG, (wsl_function)upcase_recv_msg, offsetof(wsl_extensions, recv_msg)},
    {WSAID_WSASENDMSG, (wsl_function)upcase_send_msg, offsetof(wsl_extensions, send_msg)},
};

static INT WSPAPI upcase_ioctl(SOCKET h, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length,
    LPDWORD bytes, LPWSAOVERLAPPED client, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
    LPINT lpErrno) {
    const int asks = code == WSP_SIO_GET_EXTENSION_FUNCTION_POINTER; /* over at once; whoever gives a block is told by it, too */
    operation_t here, *o = begin(&here, h, OTHER, NULL, 0, client, routine, thread, lpErrno);
    if (o == NULL) return SOCKET_ERROR;
    const INT rc = asks
        ? wsl_extension_function(o->s, extensions, sizeof extensions / sizeof *extensions, in, in_length, out, out_length,
            bytes, lpErrno)
        : BELOW(o).lpWSPIoctl(
            o->s->lower, code, in, in_length, out, out_length, bytes, o->below, NULL, thread, lpErrno);
    return asks && rc == 0 && o != &here ? (finish(o, 0, 0, 0), 0) : ended(&here, o, rc, NULL, lpErrno);
}

/* ---- start-up and clean-up */

static void stop_workers(void) {
    INT ignored;
    for (int i = 0; i < working; i++) wsp_host->PostQueuedCompletionStatus(ports[i], 0xFFFFFFFFu, 0, NULL, &ignored);
    for (; working > 0; wsp_host->CloseHandle(ports[working], &ignored)) join(workers[--working]);
}

static INT start_workers(void) {
    INT ignored;
    atomic_store(&stopping, 0);
    for (; working < WORKERS; working++) {
        if ((ports[working] = wsp_host->CreateIoCompletionPort(0, &ignored)) == NULL) break;
        if (start(&workers[working], work, ports[working])) continue;
        wsp_host->CloseHandle(ports[working], &ignored);
        break;
    }
    if (working == WORKERS) return 0;
    stop_workers();
    return WSAEPROCLIM;
}

static INT WSPAPI upcase_cleanup(LPINT lpErrno) {
    lock(&starting);
    const int is_started = wsl_starts > 0;
    if (wsl_starts == 1) {
        atomic_store(&stopping, 1);
        wsl_abort();
        stop_workers();
    }
    wsl_stop();
    unlock(&starting);
    return is_started ? 0 : wsl_fail(lpErrno, WSANOTINITIALISED);
}

INT WSPAPI WSPStartup(WORD wVersionRequested, LPWSPDATA lpWSPData, LPWSAPROTOCOL_INFOW lpProtocolInfo,
    WSPUPCALLTABLE UpcallTable, LPWSPPROC_TABLE lpProcTable) {
    lock(&starting);
    INT error = wsl_start(wVersionRequested, lpProtocolInfo, &UpcallTable);
    if (error == 0 && working == 0 && (error = start_workers()) != 0) wsl_stop();
    unlock(&starting);
    if (error != 0) return error;
    wsl_describe(lpWSPData, wVersionRequested, "upcase");
    wsl_fill(lpProcTable);
    lpProcTable->lpWSPSend = upcase_send, lpProcTable->lpWSPSendTo = upcase_send_to;
    lpProcTable->lpWSPRecv = upcase_recv, lpProcTable->lpWSPRecvFrom = upcase_recv_from;
    lpProcTable->lpWSPIoctl = upcase_ioctl, lpProcTable->lpWSPGetOverlappedResult = upcase_result;
    lpProcTable->lpWSPCleanup = upcase_cleanup;
    return 0;
}
