/*
 * A library that drives the host from C: the calls that a layered provider makes, in their order, and arbitrary calls from
 * several threads. It registers as a base provider, whose functions nobody calls.
 */
#define WSP_IMPLEMENT_HOST_SERVICES
#include "ws2spi.h"
#include "threads.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static WSPUPCALLTABLE up;
static DWORD own_id;

static INT WSPAPI refuse(void) {
    return SOCKET_ERROR;
}

static INT WSPAPI clean_up(LPINT lpErrno) {
    *lpErrno = 0;
    return 0;
}

INT WSPAPI WSPModuleProtocols(LPWSAPROTOCOL_INFOW p, INT count) {
    static const uint8_t id[16] = {0x4d, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 1, 2, 3, 4, 5, 6};
    if (count < 1) return 1;
    memset(p, 0, sizeof *p);
    memcpy(&p->ProviderId, id, sizeof id);
    p->dwServiceFlags1 = XP1_GUARANTEED_DELIVERY;
    p->ProtocolChain.ChainLen = BASE_PROTOCOL;
    p->iVersion = 2, p->iAddressFamily = 17, p->iMaxSockAddr = 16, p->iMinSockAddr = 16;
    p->iSocketType = WSP_SOCK_STREAM, p->iProtocol = 99;
    p->szProtocol[0] = 'd';
    return 1;
}

INT WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE table, LPWSPPROC_TABLE procs) {
    (void)version;
    up = table;
    own_id = info->dwCatalogEntryId;
    memset(data, 0, sizeof *data);
    data->wVersion = data->wHighVersion = MAKEWORD(2, 2);
    for (size_t i = 0; i < sizeof *procs / sizeof(void *); i++) ((INT(WSPAPI **)(void))procs)[i] = refuse;
    procs->lpWSPCleanup = clean_up;
    return 0;
}

/* ------------------------------------------------------------------ the sequence of a layered provider */

static WSPPROC_TABLE lower;
static SOCKET accepted_upper, window_socket;
static LPARAM window_event;
static UINT window_message;
static HANDLE port;
static SOCKET upper;
static atomic_int worker_step, apc_bytes;
static DWORD_PTR expected_context = 0xABCDEF01u;

#define STEP(n, condition) \
    do {                   \
        if (!(condition)) return (n) * 100000 + error; \
    } while (0)

static void WSPAPI on_message(HWND w, UINT number, WPARAM wParam, LPARAM lParam, DWORD_PTR context) {
    (void)w, (void)context;
    window_message = number, window_socket = (SOCKET)wParam, window_event = lParam;
}

static void CALLBACK on_apc(DWORD_PTR context) {
    atomic_store(&apc_bytes, (int)((LPWSAOVERLAPPED)context)->InternalHigh);
}

struct job {
    WSAOVERLAPPED block; /* the layer's own */
    LPWSAOVERLAPPED client;
    WSATHREADID *thread;
    SOCKET below;
};

/* What a worker thread does with a packet: it is one of the library's own, which the host has never seen. */
static THREAD_FUNCTION worker(void *unused) {
    (void)unused;
    for (int i = 0; i < 2; i++) {
        DWORD bytes = 0, flags = 0;
        ULONG_PTR key = 0;
        LPWSAOVERLAPPED block = NULL;
        INT error = 0;
        DWORD_PTR context = 0;
        if (!wsp_host->GetQueuedCompletionStatus(port, &bytes, &key, &block, 10000, &error)) return THREAD_END;
        struct job *job = (struct job *)block;
        if ((SOCKET)key != upper || up.lpWPUQuerySocketHandleContext(upper, &context, &error) != 0
            || context != expected_context) return THREAD_END;
        if (!lower.lpWSPGetOverlappedResult(job->below, block, &bytes, FALSE, &flags, &error)) return THREAD_END;
        job->client->Offset = flags, job->client->OffsetHigh = 0;
        if (job->thread != NULL) {
            WSATHREADID copy = *job->thread;
            job->client->InternalHigh = bytes;
            if (up.lpWPUQueueApc(&copy, on_apc, (DWORD_PTR)job->client, &error) != 0) return THREAD_END;
            if (up.lpWPUCloseThread(job->thread, &error) != 0) return THREAD_END;
        } else if (WPUCompleteOverlappedRequest(upper, job->client, 0, bytes, &error) != 0) {
            return THREAD_END;
        }
        if (up.lpWPUQuerySocketHandleContext(upper, &context, &error) != 0) return THREAD_END;
        atomic_fetch_add(&worker_step, 1);
    }
    return THREAD_END;
}

static INT wait_for(HANDLE event) {
    return WaitForSingleObjectEx(event, 10000, FALSE) == 0;
}

/* Runs over the provider at a path; 0, or the step that failed, times 100000, plus the error. */
WSP_EXPORT INT DriverSequence(const WCHAR *path, INT family) {
    INT error = 0;
    DWORD length = 0;
    STEP(1, WSCEnumProtocols(NULL, NULL, &length, &error) == SOCKET_ERROR && error == WSAENOBUFS && length > 0);
    WSAPROTOCOL_INFOW *all = malloc(length), *base = NULL;
    INT count = WSCEnumProtocols(NULL, all, &length, &error);
    STEP(2, count > 0 && (DWORD)count * sizeof *all == length);
    for (INT i = 0; i < count; i++)
        if (all[i].iAddressFamily == family && all[i].iSocketType == WSP_SOCK_STREAM
            && all[i].ProtocolChain.ChainLen == BASE_PROTOCOL) base = &all[i];
    STEP(3, base != NULL);

    LPWSPSTARTUP start_next = wsp_host->GetStartFunction(path, &error);
    STEP(4, start_next != NULL);
    WSPDATA data;
    error = start_next(MAKEWORD(2, 2), &data, base, up, &lower);
    STEP(5, error == 0 && data.wVersion == MAKEWORD(2, 2));

    /* socket: below, then the handle of the layer's own */
    SOCKET below = lower.lpWSPSocket(family, WSP_SOCK_STREAM, 0, base, 0, WSA_FLAG_OVERLAPPED, &error);
    SOCKET listener = lower.lpWSPSocket(family, WSP_SOCK_STREAM, 0, base, 0, WSA_FLAG_OVERLAPPED, &error);
    STEP(6, below != INVALID_SOCKET && listener != INVALID_SOCKET && below != listener);
    upper = up.lpWPUCreateSocketHandle(own_id, expected_context, &error);
    STEP(7, upper != INVALID_SOCKET && upper < 0x80000000u && upper % 4 == 0);
    DWORD_PTR context = 0;
    STEP(8, up.lpWPUQuerySocketHandleContext(upper, &context, &error) == 0 && context == expected_context);
    context = 42;
    STEP(9, up.lpWPUQuerySocketHandleContext(below, &context, &error) != 0 && error == WSAENOTSOCK && context == 42);

    wsp_sockaddr_in address;
    INT address_length = sizeof address;
    memset(&address, 0, sizeof address);
    address.sin_family = WSP_AF_INET;
    address.sin_addr.s_addr = 0x0100007Fu;
    STEP(10, lower.lpWSPBind(listener, (wsp_sockaddr *)&address, sizeof address, &error) == 0);
    STEP(11, lower.lpWSPListen(listener, 5, &error) == 0);
    STEP(12, lower.lpWSPGetSockName(listener, (wsp_sockaddr *)&address, &address_length, &error) == 0
        && address_length == sizeof address && address.sin_port != 0);
    STEP(13, lower.lpWSPConnect(below, (wsp_sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, &error) == 0);
    SOCKET peer = lower.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
    STEP(14, peer != INVALID_SOCKET);
    accepted_upper = up.lpWPUCreateSocketHandle(own_id, 0, &error);
    STEP(15, accepted_upper != INVALID_SOCKET);
    context = 42;
    STEP(16, up.lpWPUQuerySocketHandleContext(accepted_upper, &context, &error) == 0 && context == 0);

    /* overlapped: port, pending, worker; completed by event first, by a procedure for this thread then */
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    STEP(17, port != NULL);
    STEP(18, CreateIoCompletionPort((HANDLE)below, port, (ULONG_PTR)upper, 0) == port);
    STEP(19, CreateIoCompletionPort((HANDLE)below, port, 1, 0) == NULL && WSAGetLastError() == WSA_INVALID_PARAMETER);
    thread_t thread;
    atomic_store(&worker_step, 0);
    STEP(20, start(&thread, worker, NULL));
    CHAR room[16] = {0};
    WSABUF buffer = {sizeof room, room};
    DWORD bytes = 0, flags = 0;
    WSAOVERLAPPED client;
    memset(&client, 0, sizeof client);
    client.hEvent = wsp_host->MakeEvent(TRUE, FALSE, &error);
    client.Internal = WSS_OPERATION_IN_PROGRESS;
    STEP(21, client.hEvent != NULL);
    struct job job = {.client = &client, .below = below};
    STEP(22, lower.lpWSPRecv(below, &buffer, 1, &bytes, &flags, &job.block, NULL, NULL, &error) == SOCKET_ERROR
        && error == WSA_IO_PENDING);
    CHAR text[] = "hello";
    WSABUF out = {5, text};
    STEP(23, lower.lpWSPSend(peer, &out, 1, &bytes, 0, NULL, NULL, NULL, &error) == 0 && bytes == 5);
    STEP(24, wait_for(client.hEvent));
    STEP(25, client.Internal == 0 && client.InternalHigh == 5 && memcmp(room, "hello", 5) == 0);
    WSATHREADID me;
    STEP(26, up.lpWPUOpenCurrentThread(&me, &error) == 0);
    struct job second = {.client = &client, .below = below, .thread = &me};
    STEP(27, lower.lpWSPRecv(below, &buffer, 1, &bytes, &flags, &second.block, NULL, &me, &error) == SOCKET_ERROR
        && error == WSA_IO_PENDING);
    STEP(28, lower.lpWSPSend(peer, &out, 1, &bytes, 0, NULL, NULL, NULL, &error) == 0);
    STEP(29, SleepEx(10000, TRUE) == WAIT_IO_COMPLETION);
    STEP(30, atomic_load(&apc_bytes) == 5);
    join(thread);
    STEP(31, atomic_load(&worker_step) == 2);
    STEP(32, up.lpWPUCloseThread(&me, &error) != 0 && error == WSAEINVAL);
    STEP(33, PostQueuedCompletionStatus(port, 0xFFFFFFFFu, 0, NULL));
    ULONG_PTR key = 1;
    LPWSAOVERLAPPED none = &client;
    STEP(34, GetQueuedCompletionStatus(port, &bytes, &key, &none, 0) && bytes == 0xFFFFFFFFu && key == 0 && none == NULL);
    STEP(35, !GetQueuedCompletionStatus(port, &bytes, &key, &none, 0) && WSAGetLastError() == WAIT_TIMEOUT && none == NULL);

    /* select: the sockets below, and the upcall for each */
    STEP(36, lower.lpWSPSend(peer, &out, 1, &bytes, 0, NULL, NULL, NULL, &error) == 0);
    wsp_fd_set reads;
    memset(&reads, 0, sizeof reads);
    reads.fd_count = 2, reads.fd_array[0] = listener, reads.fd_array[1] = below;
    wsp_timeval time = {10, 0};
    STEP(37, lower.lpWSPSelect(0, &reads, NULL, NULL, &time, &error) == 1);
    STEP(38, up.lpWPUFDIsSet(below, &reads) && !up.lpWPUFDIsSet(listener, &reads));
    STEP(39, lower.lpWSPRecv(below, &buffer, 1, &bytes, &flags, NULL, NULL, NULL, &error) == 0 && bytes == 5);

    /* messages: a window of this thread, and one whose procedure runs where the message is posted */
    HWND window = wsp_host->MakeWindow(on_message, 7, WSP_WINDOW_OF_THREAD, &error);
    STEP(40, window != NULL && wsp_host->IsWindow(window));
    STEP(41, lower.lpWSPAsyncSelect(below, window, 0x0400 + 321, FD_READ | FD_CLOSE, &error) == 0);
    STEP(42, lower.lpWSPSend(peer, &out, 1, &bytes, 0, NULL, NULL, NULL, &error) == 0);
    WSPMESSAGE message;
    STEP(43, wsp_host->TakeMessage(&message, 10000) && message.hWnd == window);
    wsp_host->HandleMessage(&message);
    STEP(44, window_message == 0x0400 + 321 && window_socket == below && WSAGETSELECTEVENT(window_event) == FD_READ
        && WSAGETSELECTERROR(window_event) == 0);
    HWND inline_window = wsp_host->MakeWindow(on_message, 8, WSP_WINDOW_INLINE, &error);
    STEP(45, inline_window != NULL);
    STEP(46, up.lpWPUPostMessage(inline_window, 0x0400, (WPARAM)upper, WSAMAKESELECTREPLY(FD_CLOSE, WSAECONNRESET)));
    STEP(47, window_message == 0x0400 && window_socket == upper && WSAGETSELECTERROR(window_event) == WSAECONNRESET);
    STEP(48, wsp_host->DestroyWindow(window, &error) && wsp_host->DestroyWindow(inline_window, &error));
    STEP(49, !up.lpWPUPostMessage(inline_window, 0x0400, 0, 0) && !wsp_host->IsWindow(window));

    /* the upcalls that the sample never makes */
    WSAEVENT event = up.lpWPUCreateEvent(&error);
    STEP(50, event != WSA_INVALID_EVENT && up.lpWPUSetEvent(event, &error) && wait_for(event));
    STEP(51, up.lpWPUResetEvent(event, &error) && WaitForSingleObjectEx(event, 0, FALSE) == WAIT_TIMEOUT);
    STEP(52, up.lpWPUCloseEvent(event, &error) && !up.lpWPUCloseEvent(event, &error) && error == WSA_INVALID_HANDLE);
    WCHAR found[512];
    INT found_length = 3;
    GUID id = base->ProviderId;
    STEP(53, up.lpWPUGetProviderPath(&id, found, &found_length, &error) != 0 && error == WSAEFAULT && found_length > 3);
    STEP(54, up.lpWPUGetProviderPath(&id, found, &found_length, &error) == 0 && found[found_length - 1] == 0);
    LPBLOCKINGCALLBACK hook = (LPBLOCKINGCALLBACK)(uintptr_t)1;
    DWORD_PTR hook_context = 1;
    STEP(55, up.lpWPUQueryBlockingCallback(own_id, &hook, &hook_context, &error) == 0 && hook == NULL);

    /* closing: the handle goes when the layer says so */
    STEP(56, lower.lpWSPCloseSocket(below, &error) == 0 && lower.lpWSPCloseSocket(peer, &error) == 0);
    STEP(57, lower.lpWSPCloseSocket(listener, &error) == 0);
    STEP(58, lower.lpWSPCloseSocket(listener, &error) != 0 && error == WSAENOTSOCK);
    STEP(59, up.lpWPUQuerySocketHandleContext(upper, &context, &error) == 0);
    STEP(60, up.lpWPUCloseSocketHandle(upper, &error) == 0 && up.lpWPUCloseSocketHandle(accepted_upper, &error) == 0);
    STEP(61, up.lpWPUQuerySocketHandleContext(upper, &context, &error) != 0 && error == WSAENOTSOCK);
    STEP(62, WPUCompleteOverlappedRequest(upper, &client, 0, 0, &error) != 0 && error == WSAEINVAL);
    STEP(63, CloseHandle(port) && CloseHandle(client.hEvent) && !CloseHandle(port));
    STEP(64, lower.lpWSPCleanup(&error) == 0);
    STEP(65, lower.lpWSPSocket(family, WSP_SOCK_STREAM, 0, base, 0, 0, &error) == INVALID_SOCKET
        && error == WSANOTINITIALISED);
    free(all);
    return 0;
}

/* ------------------------------------------------------------------ arbitrary calls */

#define ARENA (2u << 20)
#define RING 64

struct fuzz {
    uint64_t random;
    long long count;
    char *arena;
    uintptr_t ring[RING]; /* handles that were given out, stale ones among them */
    int ring_next;
    long long answers[4]; /* successes, documented failures, others, and the last of those */
};

static uint64_t next(struct fuzz *f) {
    f->random ^= f->random << 13, f->random ^= f->random >> 7, f->random ^= f->random << 17;
    return f->random;
}

static uintptr_t scalar(struct fuzz *f) {
    switch (next(f) % 8) {
    case 0: return 0;
    case 1: return next(f) % 0x10000;
    case 2: return (uintptr_t)next(f);
    case 3: return ~(uintptr_t)0;
    default: return f->ring[next(f) % RING] + (next(f) % 8 == 0 ? next(f) % 4 : 0);
    }
}

/* Null, small, misaligned, impossible; mostly memory that is really there. */
static void *pointer(struct fuzz *f) {
    switch (next(f) % 12) {
    case 0: return NULL;
    case 1: return (void *)(uintptr_t)(next(f) % 0x10000);
    case 2: return f->arena + 1 + next(f) % 7;
    case 3: return (void *)((uintptr_t)next(f) | (uintptr_t)1 << 62);
    case 4: return (void *)(~(uintptr_t)0 - next(f) % 16);
    default: {
        char *place = f->arena + next(f) % 4096 * 16;
        for (int i = 0; i < 4; i++) ((uint64_t *)place)[i] = next(f) % 3 == 0 ? next(f) : next(f) % 96;
        return place;
    }
    }
}

static void keep(struct fuzz *f, uintptr_t handle) {
    f->ring[f->ring_next++ % RING] = handle;
}

static int is_documented(INT error) {
    static const INT known[] = {6, 8, 87, 258, 735, 10014, 10022, 10038, 10055, 10093, 10106};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i] == error) return 1;
    return 0;
}

static void told(struct fuzz *f, int what, int failed, INT error) {
    if (!failed) f->answers[0]++;
    else if (is_documented(error)) f->answers[1]++;
    else f->answers[2]++, f->answers[3] = what * 100000LL + error;
}

static void CALLBACK nothing(DWORD_PTR context) {
    (void)context;
}

static void WSPAPI no_message(HWND w, UINT number, WPARAM wParam, LPARAM lParam, DWORD_PTR context) {
    (void)w, (void)number, (void)wParam, (void)lParam, (void)context;
}

static void any_upcall(struct fuzz *f) {
    INT error = 10014;
    INT *e = next(f) % 16 == 0 ? (INT *)(uintptr_t)(next(f) % 8) : &error;
    int what = (int)(next(f) % 34);
    uintptr_t h = 0;
    switch (what) {
    case 0: told(f, what, !up.lpWPUCloseEvent((HANDLE)scalar(f), e), error); break;
    case 1: told(f, what, up.lpWPUCloseSocketHandle(scalar(f), e) != 0, error); break;
    case 2: keep(f, h = (uintptr_t)up.lpWPUCreateEvent(e)), told(f, what, h == 0, error); break;
    case 3: keep(f, h = up.lpWPUCreateSocketHandle(next(f) % 2 ? own_id : (DWORD)scalar(f), scalar(f), e)), told(f, what, h == INVALID_SOCKET, error); break;
    case 4: up.lpWPUFDIsSet(scalar(f), pointer(f)), told(f, what, 0, 0); break;
    case 5: told(f, what, up.lpWPUGetProviderPath(pointer(f), pointer(f), pointer(f), e) != 0, error); break;
    case 6: told(f, what, up.lpWPUModifyIFSHandle((DWORD)scalar(f), scalar(f), e) == INVALID_SOCKET, error); break;
    case 7: up.lpWPUPostMessage((HWND)scalar(f), (UINT)next(f), scalar(f), (LPARAM)scalar(f)), told(f, what, 0, 0); break;
    case 8: told(f, what, up.lpWPUQueryBlockingCallback((DWORD)scalar(f), pointer(f), pointer(f), e) != 0, error); break;
    case 9: told(f, what, up.lpWPUQuerySocketHandleContext(scalar(f), pointer(f), e) != 0, error); break;
    case 10: told(f, what, up.lpWPUQueueApc(pointer(f), next(f) % 2 ? nothing : NULL, scalar(f), e) != 0, error); break;
    case 11: told(f, what, !up.lpWPUResetEvent((HANDLE)scalar(f), e), error); break;
    case 12: told(f, what, !up.lpWPUSetEvent((HANDLE)scalar(f), e), error); break;
    case 13: told(f, what, up.lpWPUOpenCurrentThread(pointer(f), e) != 0, error); break;
    case 14: told(f, what, up.lpWPUCloseThread(pointer(f), e) != 0, error); break;
    case 15: told(f, what, wsp_host->CompleteOverlappedRequest(scalar(f), pointer(f), (DWORD)next(f), (DWORD)next(f), e) != 0, error); break;
    case 16: told(f, what, wsp_host->CompleteFileRequest(scalar(f), pointer(f), (DWORD)next(f), (DWORD)next(f), e) != 0, error); break;
    case 17: told(f, what, wsp_host->EnumProtocols(pointer(f), pointer(f), pointer(f), e) == SOCKET_ERROR, error); break;
    case 18: told(f, what, wsp_host->GetProviderPath(pointer(f), pointer(f), pointer(f), e) != 0, error); break;
    case 19: told(f, what, wsp_host->GetStartFunction(pointer(f), e) == NULL, error); break;
    case 20: told(f, what, wsp_host->GetModulePath(pointer(f), pointer(f), e) != 0, error); break;
    case 21: wsp_host->SetLastError((INT)next(f)), wsp_host->GetLastError(), told(f, what, 0, 0); break;
    case 22: keep(f, h = (uintptr_t)wsp_host->MakeEvent(next(f) % 2, next(f) % 2, e)), told(f, what, h == 0, error); break;
    case 23: told(f, what, !wsp_host->SetEvent((HANDLE)scalar(f), e), error); break;
    case 24: told(f, what, !wsp_host->ResetEvent((HANDLE)scalar(f), e), error); break;
    case 25: told(f, what, !wsp_host->CloseHandle((HANDLE)scalar(f), e), error); break;
    case 26: told(f, what, wsp_host->WaitForMultipleObjects((DWORD)(next(f) % 70), pointer(f), next(f) % 2, 0, next(f) % 2, e) == 0xFFFFFFFFu, error); break;
    case 27: wsp_host->SleepEx(0, TRUE), told(f, what, 0, 0); break;
    case 28: keep(f, h = (uintptr_t)wsp_host->CreateIoCompletionPort((DWORD)(next(f) % 3 - 1), e)), told(f, what, h == 0, error); break;
    case 29: told(f, what, !wsp_host->AssociateSocket(scalar(f), (HANDLE)scalar(f), scalar(f), e), error); break;
    case 30: error = 258, told(f, what, !wsp_host->GetQueuedCompletionStatus((HANDLE)scalar(f), pointer(f), pointer(f), pointer(f), 0, e), error > 0 && error < 10000 ? 258 : error); break;
    case 31: told(f, what, !wsp_host->PostQueuedCompletionStatus((HANDLE)scalar(f), (DWORD)next(f), scalar(f), pointer(f), e), error); break;
    case 32: keep(f, h = (uintptr_t)wsp_host->MakeWindow(next(f) % 2 ? no_message : NULL, scalar(f), (DWORD)(next(f) % 3), e)), told(f, what, h == 0, error); break;
    default:
        told(f, what, !wsp_host->DestroyWindow((HWND)scalar(f), e), error);
        wsp_host->IsWindow((HWND)scalar(f));
        wsp_host->PostWindowMessage((HWND)scalar(f), (UINT)next(f), scalar(f), 0);
        wsp_host->TakeMessage(pointer(f), 0);
        wsp_host->HandleMessage(pointer(f));
        wsp_host->GetOption((DWORD)scalar(f), pointer(f), pointer(f), (INT)(next(f) % 64));
        break;
    }
}

static THREAD_FUNCTION fuzz_thread(void *argument) {
    struct fuzz *f = argument;
    for (long long i = 0; i < f->count; i++) any_upcall(f);
    return THREAD_END;
}

/* Makes calls on threads of its own, and puts what was answered into four places: see struct fuzz. */
WSP_EXPORT INT DriverFuzz(uint64_t seed, long long count, INT threads, long long *answers) {
    struct fuzz all[16] = {{0}};
    thread_t ids[16];
    if (threads > 16) return -1;
    memset(answers, 0, 4 * sizeof *answers);
    for (int i = 0; i < threads; i++) {
        all[i].random = seed * 2654435761u + (uint64_t)i + 1;
        all[i].count = count / threads;
        all[i].arena = calloc(1, ARENA);
        if (all[i].arena == NULL || !start(&ids[i], fuzz_thread, &all[i])) return -1;
    }
    for (int i = 0; i < threads; i++) {
        join(ids[i]);
        for (int k = 0; k < 3; k++) answers[k] += all[i].answers[k];
        if (all[i].answers[3] != 0) answers[3] = all[i].answers[3];
        free(all[i].arena);
    }
    return 0;
}
