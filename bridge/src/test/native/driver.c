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
    STEP(66, CreateIoCompletionPort((HANDLE)below, NULL, 1, 0) == NULL && WSAGetLastError() == WSA_INVALID_PARAMETER);
    STEP(67, CreateIoCompletionPort(INVALID_HANDLE_VALUE, port, 1, 0) == NULL && WSAGetLastError() == WSA_INVALID_PARAMETER);
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
    INT kept = WSAECONNRESET; /* the error of the call around it, which a success leaves alone */
    STEP(60, up.lpWPUCloseSocketHandle(upper, &kept) == 0 && up.lpWPUCloseSocketHandle(accepted_upper, &kept) == 0
        && kept == WSAECONNRESET);
    STEP(61, up.lpWPUQuerySocketHandleContext(upper, &context, &error) != 0 && error == WSAENOTSOCK);
    STEP(62, WPUCompleteOverlappedRequest(upper, &client, 0, 0, &error) != 0 && error == WSAEINVAL);
    STEP(63, CloseHandle(port) && CloseHandle(client.hEvent) && !CloseHandle(port));
    STEP(64, lower.lpWSPCleanup(&error) == 0);
    STEP(65, lower.lpWSPSocket(family, WSP_SOCK_STREAM, 0, base, 0, 0, &error) == INVALID_SOCKET
        && error == WSANOTINITIALISED);
    free(all);
    return 0;
}

/* ------------------------------------------------------------------ extension functions */

static WSAPROTOCOL_INFOW *base_entries(INT *count) {
    INT error = 0;
    DWORD length = 0;
    WSCEnumProtocols(NULL, NULL, &length, &error);
    WSAPROTOCOL_INFOW *all = malloc(length);
    *count = WSCEnumProtocols(NULL, all, &length, &error);
    return all;
}

static WSAPROTOCOL_INFOW *entry_of(WSAPROTOCOL_INFOW *all, INT count, INT family, INT type) {
    for (INT i = 0; i < count; i++)
        if (all[i].iAddressFamily == family && all[i].iSocketType == type
            && all[i].ProtocolChain.ChainLen == BASE_PROTOCOL) return &all[i];
    return NULL;
}

static void *ask(SOCKET s, GUID id, LPINT lpErrno) {
    void *function = NULL;
    DWORD bytes = 0;
    INT rc = lower.lpWSPIoctl(s, WSP_SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function, sizeof function, &bytes,
        NULL, NULL, NULL, lpErrno);
    return rc == 0 && bytes == sizeof function ? function : NULL;
}

static INT local_name(SOCKET s, wsp_sockaddr_in *name, LPINT lpErrno) {
    INT length = sizeof *name;
    memset(name, 0, sizeof *name);
    name->sin_family = WSP_AF_INET;
    name->sin_addr.s_addr = 0x0100007Fu;
    return lower.lpWSPBind(s, (wsp_sockaddr *)name, sizeof *name, lpErrno) == 0
        && lower.lpWSPGetSockName(s, (wsp_sockaddr *)name, &length, lpErrno) == 0;
}

static INT receive_all(SOCKET s, CHAR *to, DWORD n, LPINT lpErrno) {
    for (DWORD got = 0; got < n;) {
        WSABUF in = {n - got, to + got};
        DWORD bytes = 0, flags = 0;
        if (lower.lpWSPRecv(s, &in, 1, &bytes, &flags, NULL, NULL, NULL, lpErrno) != 0 || bytes == 0) return FALSE;
        got += bytes;
    }
    return TRUE;
}

static INT stream_extensions(SOCKET listener, SOCKET client, SOCKET target, const WCHAR *file_path) {
    INT error = 0;
    DWORD bytes = 0, flags = 0;
    LPFN_ACCEPTEX accept_ex = (LPFN_ACCEPTEX)ask(listener, (GUID)WSAID_ACCEPTEX, &error);
    LPFN_GETACCEPTEXSOCKADDRS addresses = (LPFN_GETACCEPTEXSOCKADDRS)ask(listener, (GUID)WSAID_GETACCEPTEXSOCKADDRS, &error);
    LPFN_CONNECTEX connect_ex = (LPFN_CONNECTEX)ask(client, (GUID)WSAID_CONNECTEX, &error);
    LPFN_DISCONNECTEX disconnect_ex = (LPFN_DISCONNECTEX)ask(client, (GUID)WSAID_DISCONNECTEX, &error);
    LPFN_TRANSMITFILE transmit_file = (LPFN_TRANSMITFILE)ask(client, (GUID)WSAID_TRANSMITFILE, &error);
    LPFN_TRANSMITPACKETS transmit_packets = (LPFN_TRANSMITPACKETS)ask(client, (GUID)WSAID_TRANSMITPACKETS, &error);
    STEP(110, accept_ex && addresses && connect_ex && disconnect_ex && transmit_file && transmit_packets);
    STEP(111, ask(target, (GUID)WSAID_ACCEPTEX, &error) == (void *)accept_ex);
    const GUID unknown = {1, 2, 3, {4}}, known = WSAID_ACCEPTEX;
    STEP(112, ask(listener, unknown, &error) == NULL && error == WSAEINVAL);
    void *function;
    STEP(113, lower.lpWSPIoctl(listener, WSP_SIO_GET_EXTENSION_FUNCTION_POINTER, (void *)&known, 4, &function, 8, &bytes, NULL,
        NULL, NULL, &error) != 0 && error == WSAEFAULT);
    STEP(114, lower.lpWSPIoctl(listener, WSP_SIO_GET_EXTENSION_FUNCTION_POINTER, (void *)&known, 16, &function, 8, NULL, NULL,
        NULL, NULL, &error) != 0 && error == WSAEFAULT);

    wsp_sockaddr_in at, from;
    STEP(115, local_name(listener, &at, &error) && lower.lpWSPListen(listener, 5, &error) == 0);
    STEP(116, local_name(client, &from, &error));
    CHAR room[5 + 32 + 32] = {0}, first[] = "first";
    WSAOVERLAPPED accepting, connecting;
    memset(&accepting, 0, sizeof accepting), memset(&connecting, 0, sizeof connecting);
    accepting.hEvent = wsp_host->MakeEvent(TRUE, FALSE, &error), connecting.hEvent = wsp_host->MakeEvent(TRUE, FALSE, &error);

    /* what cannot be */
    STEP(117, !accept_ex(listener, target, room, 5, 32, 32, &bytes, NULL) && WSAGetLastError() == WSA_INVALID_PARAMETER);
    STEP(118, !accept_ex(listener, target, NULL, 5, 32, 32, &bytes, &accepting) && WSAGetLastError() == WSAEFAULT);
    STEP(119, !accept_ex(listener, target, room, 0xFFFFFFFFu, 32, 32, &bytes, &accepting) && WSAGetLastError() == WSAEFAULT);
    STEP(120, !accept_ex(listener, 3, room, 5, 32, 32, &bytes, &accepting) && WSAGetLastError() == WSAENOTSOCK);
    STEP(121, !accept_ex(listener, target, room, 5, 32, 32, &bytes, (LPWSAOVERLAPPED)(room + 1)) && WSAGetLastError() == WSAEFAULT);
    STEP(122, !connect_ex(client, (wsp_sockaddr *)(uintptr_t)1, 16, NULL, 0, &bytes, &connecting) && WSAGetLastError() == WSAEFAULT);
    STEP(123, !disconnect_ex(client, NULL, 0, 1) && WSAGetLastError() == WSAEINVAL);
    STEP(124, !transmit_file(client, (HANDLE)(uintptr_t)0x7FFC, 0, 0, NULL, NULL, 0) && WSAGetLastError() == WSA_INVALID_HANDLE);

    STEP(125, !accept_ex(listener, target, room, 5, 32, 32, &bytes, &accepting) && WSAGetLastError() == WSA_IO_PENDING);
    BOOL done = connect_ex(client, (wsp_sockaddr *)&at, sizeof at, first, 5, &bytes, &connecting);
    STEP(126, done || WSAGetLastError() == WSA_IO_PENDING);
    STEP(127, wait_for(connecting.hEvent) && connecting.Internal == 0 && connecting.InternalHigh == 5);
    STEP(128, wait_for(accepting.hEvent) && accepting.Internal == 0 && accepting.InternalHigh == 5);
    STEP(129, memcmp(room, "first", 5) == 0);
    wsp_sockaddr *own = NULL, *peer = NULL;
    INT own_length = 0, peer_length = 0;
    addresses(room, 5, 32, 32, &own, &own_length, &peer, &peer_length);
    STEP(130, own_length == sizeof at && memcmp(own, &at, 8) == 0 && (CHAR *)own > room && (CHAR *)own < room + sizeof room);
    STEP(131, peer_length == sizeof from && memcmp(peer, &from, 8) == 0);
    addresses(room, 5, 32, 32, &own, &own_length, &peer, &peer_length);
    STEP(132, own_length == sizeof at && memcmp(peer, &from, 8) == 0);
    STEP(133, lower.lpWSPSetSockOpt(
        target, WSP_SOL_SOCKET, WSP_SO_UPDATE_ACCEPT_CONTEXT, (CHAR *)&listener, sizeof listener, &error) == 0);
    STEP(134, lower.lpWSPSetSockOpt(client, WSP_SOL_SOCKET, WSP_SO_UPDATE_CONNECT_CONTEXT, NULL, 0, &error) == 0);

    /* files: "file" is in it */
    HANDLE file = wsp_host->OpenFile(file_path, &error);
    STEP(135, file != NULL && wsp_host->OpenFile(u"/no/such/file", &error) == NULL && error == 2);
    CHAR text[16] = {0};
    STEP(136, wsp_host->ReadFile(file, text, sizeof text, 1, &bytes, &error) && bytes == 3 && memcmp(text, "ile", 3) == 0);
    STEP(137, wsp_host->ReadFile(file, text, sizeof text, 4, &bytes, &error) && bytes == 0);
    TRANSMIT_FILE_BUFFERS around = {"<", 1, ">", 1};
    STEP(138, transmit_file(client, file, 0, 0, NULL, &around, 0) && receive_all(target, text, 6, &error));
    STEP(139, memcmp(text, "<file>", 6) == 0);
    TRANSMIT_PACKETS_ELEMENT elements[2];
    memset(elements, 0, sizeof elements);
    elements[0].dwElFlags = TP_ELEMENT_MEMORY, elements[0].cLength = 1, elements[0].u.pBuffer = "-";
    elements[1].dwElFlags = TP_ELEMENT_FILE, elements[1].u.File.nFileOffset = 1, elements[1].u.File.hFile = file;
    STEP(140, transmit_packets(client, elements, 2, 0, NULL, 0) && receive_all(target, text, 4, &error));
    STEP(141, memcmp(text, "-ile", 4) == 0);
    elements[1].dwElFlags = 3;
    STEP(142, !transmit_packets(client, elements, 2, 0, NULL, 0) && WSAGetLastError() == WSAEINVAL);
    STEP(143, !transmit_packets(client, (LPTRANSMIT_PACKETS_ELEMENT)(uintptr_t)8, 2, 0, NULL, 0) && WSAGetLastError() == WSAEFAULT);
    WSAOVERLAPPED part = {.Offset = 2, .hEvent = connecting.hEvent};
    ResetEvent(part.hEvent);
    done = transmit_file(client, file, 0, 0, &part, NULL, 0);
    STEP(144, done || WSAGetLastError() == WSA_IO_PENDING);
    STEP(145, wait_for(part.hEvent) && part.InternalHigh == 2 && receive_all(target, text, 2, &error) && memcmp(text, "le", 2) == 0);
    STEP(146, CloseHandle(file) && !transmit_file(client, file, 0, 0, NULL, NULL, 0) && WSAGetLastError() == WSA_INVALID_HANDLE);

    STEP(147, disconnect_ex(client, NULL, TF_REUSE_SOCKET, 0));
    WSABUF in = {1, text};
    STEP(148, lower.lpWSPRecv(target, &in, 1, &bytes, &flags, NULL, NULL, NULL, &error) == 0 && bytes == 0);
    STEP(149, CloseHandle(accepting.hEvent) && CloseHandle(connecting.hEvent));
    return 0;
}

static INT datagram_extensions(SOCKET receiver, SOCKET sender) {
    INT error = 0;
    DWORD bytes = 0;
    LPFN_WSARECVMSG recv_msg = (LPFN_WSARECVMSG)ask(receiver, (GUID)WSAID_WSARECVMSG, &error);
    LPFN_WSASENDMSG send_msg = (LPFN_WSASENDMSG)ask(sender, (GUID)WSAID_WSASENDMSG, &error);
    wsp_sockaddr_in to, own, from;
    STEP(160, recv_msg && send_msg && local_name(receiver, &to, &error) && local_name(sender, &own, &error));
    CHAR text[] = "message", room[16] = {0};
    WSABUF out = {7, text}, in = {sizeof room, room};
    WSAMSG sent = {.name = (wsp_sockaddr *)&to, .namelen = sizeof to, .lpBuffers = &out, .dwBufferCount = 1};
    WSAMSG received = {.name = (wsp_sockaddr *)&from, .namelen = sizeof from, .lpBuffers = &in, .dwBufferCount = 1};
    STEP(161, recv_msg(receiver, NULL, &bytes, NULL, NULL) != 0 && WSAGetLastError() == WSAEFAULT);
    STEP(162, send_msg(sender, (LPWSAMSG)(uintptr_t)~7ull, 0, &bytes, NULL, NULL) != 0 && WSAGetLastError() == WSAEFAULT);
    STEP(163, send_msg(sender, &sent, 0, &bytes, NULL, NULL) == 0 && bytes == 7);
    STEP(164, recv_msg(receiver, &received, &bytes, NULL, NULL) == 0 && bytes == 7 && memcmp(room, text, 7) == 0);
    STEP(165, received.namelen == sizeof own && memcmp(&from, &own, 8) == 0 && received.dwFlags == 0);

    WSAOVERLAPPED block;
    memset(&block, 0, sizeof block), memset(room, 0, sizeof room), memset(&from, 0, sizeof from);
    block.hEvent = wsp_host->MakeEvent(TRUE, FALSE, &error);
    received.namelen = sizeof from;
    STEP(166, recv_msg(receiver, &received, &bytes, &block, NULL) != 0 && WSAGetLastError() == WSA_IO_PENDING);
    STEP(167, send_msg(sender, &sent, 0, &bytes, NULL, NULL) == 0 && wait_for(block.hEvent));
    STEP(168, block.InternalHigh == 7 && memcmp(room, text, 7) == 0 && memcmp(&from, &own, 8) == 0);
    in.len = 3, received.namelen = sizeof from;
    STEP(169, send_msg(sender, &sent, 0, &bytes, NULL, NULL) == 0);
    STEP(170, recv_msg(receiver, &received, &bytes, NULL, NULL) != 0 && WSAGetLastError() == WSAEMSGSIZE);
    STEP(171, memcmp(&from, &own, 8) == 0 && (received.dwFlags & 0x100) != 0); /* MSG_TRUNC */
    STEP(172, CloseHandle(block.hEvent));
    return 0;
}

/* The eight extension functions of the provider at a path, from C; the file has "file" in it. The answer is DriverSequence's. */
WSP_EXPORT INT DriverExtensions(const WCHAR *path, INT family, const WCHAR *file_path) {
    INT error = 0, count = 0;
    WSAPROTOCOL_INFOW *all = base_entries(&count);
    WSAPROTOCOL_INFOW *stream = entry_of(all, count, family, WSP_SOCK_STREAM), *datagram = entry_of(all, count, family, WSP_SOCK_DGRAM);
    STEP(101, stream != NULL && datagram != NULL);
    LPWSPSTARTUP start_next = wsp_host->GetStartFunction(path, &error);
    WSPDATA data;
    STEP(102, start_next != NULL && start_next(MAKEWORD(2, 2), &data, stream, up, &lower) == 0);
    SOCKET s[5];
    for (int i = 0; i < 5; i++) {
        s[i] = lower.lpWSPSocket(family, i < 3 ? WSP_SOCK_STREAM : WSP_SOCK_DGRAM, 0, i < 3 ? stream : datagram, 0, WSA_FLAG_OVERLAPPED, &error);
        STEP(103, s[i] != INVALID_SOCKET);
    }
    INT failed = stream_extensions(s[0], s[1], s[2], file_path);
    if (failed == 0) failed = datagram_extensions(s[3], s[4]);
    LPFN_DISCONNECTEX disconnect_ex = (LPFN_DISCONNECTEX)ask(s[1], (GUID)WSAID_DISCONNECTEX, &error);
    for (int i = 0; i < 5; i++) STEP(180, lower.lpWSPCloseSocket(s[i], &error) == 0);
    STEP(181, lower.lpWSPCleanup(&error) == 0);
    if (failed == 0) STEP(182, !disconnect_ex(s[1], NULL, 0, 0) && WSAGetLastError() == WSANOTINITIALISED);
    free(all);
    return failed;
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
    static const INT known[] = {2, 6, 8, 87, 258, 735, 10014, 10022, 10038, 10055, 10093, 10106};
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
    int what = (int)(next(f) % 36);
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
    case 27: next(f) % 64 == 0 ? wsp_host->SleepEx(0, TRUE) : 0, told(f, what, 0, 0); break; /* it gives the processor away */
    case 28: keep(f, h = (uintptr_t)wsp_host->CreateIoCompletionPort((DWORD)(next(f) % 3 - 1), e)), told(f, what, h == 0, error); break;
    case 29: told(f, what, !wsp_host->AssociateSocket(scalar(f), (HANDLE)scalar(f), scalar(f), e), error); break;
    case 30: error = 258, told(f, what, !wsp_host->GetQueuedCompletionStatus((HANDLE)scalar(f), pointer(f), pointer(f), pointer(f), 0, e), error > 0 && error < 10000 ? 258 : error); break;
    case 31: told(f, what, !wsp_host->PostQueuedCompletionStatus((HANDLE)scalar(f), (DWORD)next(f), scalar(f), pointer(f), e), error); break;
    case 32: keep(f, h = (uintptr_t)wsp_host->MakeWindow(next(f) % 2 ? no_message : NULL, scalar(f), (DWORD)(next(f) % 3), e)), told(f, what, h == 0, error); break;
    case 33: keep(f, h = (uintptr_t)wsp_host->OpenFile(pointer(f), e)), told(f, what, h == 0, error); break;
    case 34: told(f, what, !wsp_host->ReadFile((HANDLE)scalar(f), pointer(f), (DWORD)(next(f) % 64), next(f), pointer(f), e), error); break;
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
