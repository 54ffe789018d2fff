/*
 * A host as small as can be, linked with one provider, for what goes wrong only between two steps: it does something of its own
 * just when the provider calls it. Its argument is the name of a check; it ends with 0, or tells what went wrong.
 */
#define _GNU_SOURCE
#include "ws2spi.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HIDDEN 1001
#define BASE 1002
#define FIRST_CHAIN 1003
#define SECOND_CHAIN 1004
#define ENTRIES 4
#define MOST 64
#define FIRST 0x400000
#define LONGEST 30 /* seconds */

#define CHECK(condition)                                                                            \
    do {                                                                                            \
        if (!(condition)) return printf("line %d: %s (error %d)\n", __LINE__, #condition, error), 1; \
    } while (0)

static INT bad(LPINT lpErrno, INT error) {
    *lpErrno = error;
    return SOCKET_ERROR;
}

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

/* ---- what a check does when the provider calls */

static void (*on_close_handle)(SOCKET s);
static void (*on_reset_event)(void);
static void (*on_completion)(LPWSAOVERLAPPED block);

/* ---- handles */

static DWORD_PTR contexts[MOST];
static char is_open[MOST];
static int used, wrong_closes;

static int place_of(SOCKET s) {
    const int place = (int)((s - FIRST) / 4);
    return s >= FIRST && s < FIRST + 4 * MOST && is_open[place] ? place : -1;
}

static int open_handles(void) {
    int sum = 0;
    for (int i = 0; i < used; i++) sum += is_open[i];
    return sum;
}

static SOCKET WSPAPI create_handle(DWORD id, DWORD_PTR context, LPINT lpErrno) {
    (void)id;
    if (used == MOST) return bad(lpErrno, WSAENOBUFS), INVALID_SOCKET;
    contexts[used] = context, is_open[used] = 1;
    return FIRST + 4 * (SOCKET)used++;
}

static INT WSPAPI close_handle(SOCKET s, LPINT lpErrno) {
    const int place = place_of(s);
    if (place < 0) return wrong_closes++, bad(lpErrno, WSAENOTSOCK);
    is_open[place] = 0;
    if (on_close_handle != NULL) on_close_handle(s);
    return 0;
}

static INT WSPAPI query_context(SOCKET s, DWORD_PTR *context, LPINT lpErrno) {
    const int place = place_of(s);
    if (place < 0) return bad(lpErrno, WSAENOTSOCK);
    *context = contexts[place];
    return 0;
}

/* ---- procedure calls: the check makes them */

static struct {
    LPWSAUSERAPC procedure;
    DWORD_PTR context;
} calls[MOST];
static int call_count;

static INT WSPAPI queue_apc(LPWSATHREADID id, LPWSAUSERAPC procedure, DWORD_PTR context, LPINT lpErrno) {
    (void)id, (void)lpErrno;
    pthread_mutex_lock(&guard);
    calls[call_count].procedure = procedure, calls[call_count++].context = context;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&guard);
    return 0;
}

static void await_calls(int count) {
    pthread_mutex_lock(&guard);
    while (call_count < count) pthread_cond_wait(&changed, &guard);
    pthread_mutex_unlock(&guard);
}

static void make_call(int i) {
    calls[i].procedure(calls[i].context);
}

static INT WSPAPI thread_id(LPWSATHREADID id, LPINT lpErrno) {
    (void)id, (void)lpErrno;
    return 0;
}

/* ---- completion ports */

static struct packet {
    HANDLE port;
    DWORD bytes;
    LPWSAOVERLAPPED block;
    INT error;
} packets[MOST];
static int packet_count;
static uintptr_t ports;

static HANDLE WSPAPI create_port(DWORD threads, LPINT lpErrno) {
    (void)threads, (void)lpErrno;
    return (HANDLE)++ports;
}

static void queue_packet(HANDLE port, DWORD bytes, LPWSAOVERLAPPED block, INT error) {
    pthread_mutex_lock(&guard);
    packets[packet_count++] = (struct packet){port, bytes, block, error};
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&guard);
}

static BOOL WSPAPI post_packet(HANDLE port, DWORD bytes, ULONG_PTR key, LPWSAOVERLAPPED block, LPINT lpErrno) {
    (void)key, (void)lpErrno;
    queue_packet(port, bytes, block, 0);
    return TRUE;
}

static BOOL WSPAPI get_packet(HANDLE port, LPDWORD bytes, ULONG_PTR *key, LPWSAOVERLAPPED *block, DWORD time, LPINT lpErrno) {
    (void)time;
    int i = 0;
    pthread_mutex_lock(&guard);
    for (;;) {
        for (i = 0; i < packet_count && packets[i].port != port; i++) {}
        if (i < packet_count) break;
        pthread_cond_wait(&changed, &guard);
    }
    *bytes = packets[i].bytes, *key = 0, *block = packets[i].block;
    const INT error = packets[i].error;
    memmove(&packets[i], &packets[i + 1], (size_t)(--packet_count - i) * sizeof *packets);
    pthread_mutex_unlock(&guard);
    return error == 0 ? TRUE : (*lpErrno = error, FALSE);
}

/* ---- the catalog: the layer's own entry, the provider below it, and two chains of both */

static WSAPROTOCOL_INFOW entries[ENTRIES];

static void make_entries(void) {
    for (int i = 0; i < ENTRIES; i++) {
        WSAPROTOCOL_INFOW *e = &entries[i];
        e->ProviderId.Data1 = (unsigned)i + 7, e->dwCatalogEntryId = (DWORD)(HIDDEN + i);
        e->iVersion = 2, e->iAddressFamily = WSP_AF_INET, e->iSocketType = WSP_SOCK_STREAM;
        e->ProtocolChain.ChainLen = i == 0 ? LAYERED_PROTOCOL : i == 1 ? BASE_PROTOCOL : 2;
        e->ProtocolChain.ChainEntries[0] = HIDDEN, e->ProtocolChain.ChainEntries[1] = BASE;
    }
}

static INT WSPAPI enum_protocols(LPINT protocols, LPWSAPROTOCOL_INFOW to, LPDWORD length, LPINT lpErrno) {
    (void)protocols;
    if (to == NULL || *length < sizeof entries) return *length = sizeof entries, bad(lpErrno, WSAENOBUFS);
    memcpy(to, entries, sizeof entries);
    return ENTRIES;
}

static INT path_of(char name, WCHAR *path, LPINT length) {
    path[0] = (WCHAR)name, path[1] = 0;
    *length = 2;
    return 0;
}

static INT WSPAPI provider_path(LPGUID id, WCHAR *path, LPINT length, LPINT lpErrno) {
    (void)lpErrno;
    return path_of(id->Data1 == entries[1].ProviderId.Data1 ? 'b' : 'l', path, length);
}

static INT WSPAPI module_path(WCHAR *path, LPINT length, LPINT lpErrno) {
    (void)lpErrno;
    return path_of('l', path, length);
}

/* ---- the rest of the services */

static INT last_error;
static int completions;
static INT WSPAPI get_last_error(void) { return last_error; }
static void WSPAPI set_last_error(INT error) { last_error = error; }
static BOOL WSPAPI close_object(HANDLE object, LPINT lpErrno) { return (void)object, (void)lpErrno, TRUE; }
static BOOL WSPAPI destroy_window(HWND w, LPINT lpErrno) { return (void)w, (void)lpErrno, TRUE; }
static LPWSPWINDOWPROC window_procedure;
static HWND WSPAPI make_window(LPWSPWINDOWPROC proc, DWORD_PTR context, DWORD kind, LPINT lpErrno) {
    (void)context, (void)kind, (void)lpErrno;
    window_procedure = proc;
    return (HWND)(uintptr_t)4;
}
static BOOL WSPAPI is_window(HWND w) { return w != NULL; }

static HWND posted_to;
static UINT posted_message;
static BOOL WSPAPI post_message(HWND w, UINT message, WPARAM wParam, LPARAM lParam) {
    (void)wParam, (void)lParam;
    posted_to = w, posted_message = message;
    return TRUE;
}
static INT WSPAPI no_option(DWORD id, const CHAR *name, CHAR *value, INT room) {
    (void)id, (void)name, (void)value, (void)room;
    return -1;
}

static BOOL WSPAPI reset_event(HANDLE event, LPINT lpErrno) {
    (void)event, (void)lpErrno;
    if (on_reset_event != NULL) on_reset_event();
    return TRUE;
}

static INT WSPAPI complete(SOCKET s, LPWSAOVERLAPPED block, DWORD error, DWORD bytes, LPINT lpErrno) {
    if (place_of(s) < 0) return bad(lpErrno, WSAEINVAL);
    block->Internal = error, block->InternalHigh = bytes;
    completions++;
    if (on_completion != NULL) on_completion(block);
    return 0;
}

/* ---- the provider below a layer: what is asked of it is over at once, or when its socket is closed */

#define LOWER 8
static HANDLE lower_port;
static int lower_connects, lower_refuses, lower_waits;
static LPWSAOVERLAPPED lower_block;

static BOOL WSPAPI associate(SOCKET s, HANDLE port, ULONG_PTR key, LPINT lpErrno) {
    (void)s, (void)key, (void)lpErrno;
    lower_port = port;
    return TRUE;
}

static SOCKET WSPAPI lower_socket(
    INT af, INT type, INT protocol, LPWSAPROTOCOL_INFOW info, GROUP g, DWORD flags, LPINT lpErrno) {
    (void)af, (void)type, (void)protocol, (void)info, (void)g, (void)flags, (void)lpErrno;
    return LOWER;
}

static INT WSPAPI lower_close(SOCKET s, LPINT lpErrno) {
    (void)s, (void)lpErrno;
    if (lower_block != NULL) queue_packet(lower_port, 0, lower_block, WSA_OPERATION_ABORTED);
    lower_block = NULL;
    return 0;
}

static INT WSPAPI lower_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    (void)s, (void)buffers, (void)count, (void)bytes, (void)flags, (void)routine, (void)thread;
    if (lower_waits) lower_block = block;
    else queue_packet(lower_port, 0, block, 0);
    return bad(lpErrno, WSA_IO_PENDING);
}

static BOOL WSPAPI lower_result(SOCKET s, LPWSAOVERLAPPED block, LPDWORD bytes, BOOL wait, LPDWORD flags, LPINT lpErrno) {
    (void)s, (void)block, (void)wait, (void)lpErrno;
    *bytes = 0, *flags = 0;
    return TRUE;
}

static BOOL WSPAPI lower_connect_ex(SOCKET s, const wsp_sockaddr *name, INT length, LPVOID data, DWORD n, LPDWORD bytes,
    LPWSAOVERLAPPED block) {
    (void)s, (void)name, (void)length, (void)data, (void)n, (void)bytes, (void)block;
    lower_connects++;
    return TRUE;
}

static INT WSPAPI lower_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length, LPDWORD bytes,
    LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    LPFN_CONNECTEX function = lower_connect_ex;
    (void)s, (void)in, (void)in_length, (void)out_length, (void)block, (void)routine, (void)thread;
    if (code != WSP_SIO_GET_EXTENSION_FUNCTION_POINTER) return bad(lpErrno, WSAEOPNOTSUPP);
    if (lower_refuses) return bad(lpErrno, WSAEINVAL);
    memcpy(out, &function, *bytes = sizeof function);
    return 0;
}

static INT WSPAPI lower_set_option(SOCKET s, INT level, INT name, const CHAR *value, INT length, LPINT lpErrno) {
    return (void)s, (void)level, (void)name, (void)value, (void)length, (void)lpErrno, 0;
}

static INT WSPAPI lower_async_select(SOCKET s, HWND w, UINT message, LONG events, LPINT lpErrno) {
    (void)s, (void)w, (void)message, (void)events;
    return lower_refuses ? bad(lpErrno, WSAEINVAL) : 0;
}

static INT WSPAPI lower_cleanup(LPINT lpErrno) { return (void)lpErrno, 0; }

static INT WSPAPI lower_start(
    WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE table, LPWSPPROC_TABLE to) {
    (void)version, (void)data, (void)info, (void)table;
    memset(to, 0, sizeof *to);
    to->lpWSPSocket = lower_socket, to->lpWSPCloseSocket = lower_close, to->lpWSPRecv = lower_recv;
    to->lpWSPGetOverlappedResult = lower_result, to->lpWSPIoctl = lower_ioctl, to->lpWSPSetSockOpt = lower_set_option;
    to->lpWSPAsyncSelect = lower_async_select, to->lpWSPCleanup = lower_cleanup;
    return 0;
}

static LPWSPSTARTUP WSPAPI start_function(const WCHAR *path, LPINT lpErrno) {
    return (void)path, (void)lpErrno, lower_start;
}

/* ---- start */

static WSPPROC_TABLE t;
static WSPDATA data;

static INT start_version(const WSAPROTOCOL_INFOW *entry, WORD version) {
    const WSPUPCALLTABLE up = {.lpWPUCreateSocketHandle = create_handle, .lpWPUCloseSocketHandle = close_handle,
        .lpWPUQuerySocketHandleContext = query_context, .lpWPUOpenCurrentThread = thread_id, .lpWPUCloseThread = thread_id,
        .lpWPUQueueApc = queue_apc, .lpWPUGetProviderPath = provider_path, .lpWPUResetEvent = reset_event,
        .lpWPUPostMessage = post_message};
    const WSPHOSTSERVICES services = {.cbSize = sizeof services, .dwVersion = WSP_HOST_SERVICES_VERSION,
        .CompleteOverlappedRequest = complete, .EnumProtocols = enum_protocols, .GetProviderPath = provider_path,
        .GetStartFunction = start_function, .GetModulePath = module_path, .GetLastError = get_last_error,
        .SetLastError = set_last_error, .ResetEvent = reset_event, .CloseHandle = close_object,
        .CreateIoCompletionPort = create_port, .AssociateSocket = associate, .GetQueuedCompletionStatus = get_packet,
        .PostQueuedCompletionStatus = post_packet, .MakeWindow = make_window, .DestroyWindow = destroy_window,
        .IsWindow = is_window, .GetOption = no_option};
    WSAPROTOCOL_INFOW info = *entry;
    INT error = WSPSetHostServices(&services);
    return error != 0 ? error : WSPStartup(version, &data, &info, up, &t);
}

static INT start(const WSAPROTOCOL_INFOW *entry) {
    return start_version(entry, MAKEWORD(2, 2));
}

/* ---- checks of the base provider */

static const WSAPROTOCOL_INFOW datagrams = {
    .iAddressFamily = WSP_AF_INET, .iSocketType = WSP_SOCK_DGRAM, .iProtocol = WSP_IPPROTO_UDP};

static SOCKET bound_socket(wsp_sockaddr_in *at, LPINT lpErrno) {
    WSAPROTOCOL_INFOW info = datagrams;
    INT length = sizeof *at;
    SOCKET s = t.lpWSPSocket(WSP_AF_INET, WSP_SOCK_DGRAM, 0, &info, 0, WSA_FLAG_OVERLAPPED, lpErrno);
    *at = (wsp_sockaddr_in){.sin_family = WSP_AF_INET, .sin_addr = {0x0100007Fu}};
    if (s == INVALID_SOCKET || t.lpWSPBind(s, (wsp_sockaddr *)at, sizeof *at, lpErrno) != 0) return INVALID_SOCKET;
    return t.lpWSPGetSockName(s, (wsp_sockaddr *)at, &length, lpErrno) == 0 ? s : INVALID_SOCKET;
}

static DWORD results[2];

static void use_again(LPWSAOVERLAPPED block) {
    (void)block;
    results[0] = results[1] = 0xA5A5A5A5u;
}

/* Whoever is told that an operation is over may free what the call was to write into. */
static int results_are_written_before_the_end_is_told(void) {
    INT error = 0;
    CHAR byte = 'x', room;
    WSABUF out = {1, &byte}, in = {1, &room};
    WSAOVERLAPPED block = {0};
    wsp_sockaddr_in at;
    DWORD sent = 0;
    CHECK(start(&datagrams) == 0);
    SOCKET s = bound_socket(&at, &error);
    CHECK(s != INVALID_SOCKET);
    CHECK(t.lpWSPSendTo(s, &out, 1, &sent, 0, (wsp_sockaddr *)&at, sizeof at, NULL, NULL, NULL, &error) == 0);
    on_completion = use_again;
    CHECK(t.lpWSPRecv(s, &in, 1, &results[0], &results[1], &block, NULL, NULL, &error) == 0);
    CHECK(results[0] == 0xA5A5A5A5u && results[1] == 0xA5A5A5A5u);
    CHECK(t.lpWSPCloseSocket(s, &error) == 0 && t.lpWSPCleanup(&error) == 0);
    return 0;
}

static SOCKET closed_meanwhile;

static void close_it(void) {
    INT ignored;
    on_reset_event = NULL;
    t.lpWSPCloseSocket(closed_meanwhile, &ignored);
}

static int a_socket_that_closes_while_a_receive_begins_loses_its_handle(void) {
    INT error = 0;
    CHAR room;
    WSABUF in = {1, &room};
    WSAOVERLAPPED block = {.hEvent = (HANDLE)(uintptr_t)4};
    wsp_sockaddr_in at;
    DWORD bytes = 0, flags = 0;
    CHECK(start(&datagrams) == 0);
    SOCKET s = closed_meanwhile = bound_socket(&at, &error);
    on_reset_event = close_it;
    CHECK(t.lpWSPRecv(s, &in, 1, &bytes, &flags, &block, NULL, NULL, &error) != 0 && error == WSAENOTSOCK);
    CHECK(on_reset_event == NULL && open_handles() == 0);
    CHECK(t.lpWSPCleanup(&error) == 0 && wrong_closes == 0);
    return 0;
}

static int the_clean_up_ends_what_is_under_way_in_silence(void) {
    INT error = 0;
    CHAR room;
    WSABUF in = {1, &room};
    WSAOVERLAPPED block = {0};
    wsp_sockaddr_in at;
    DWORD bytes = 0, flags = 0;
    CHECK(start(&datagrams) == 0);
    SOCKET s = bound_socket(&at, &error);
    CHECK(t.lpWSPRecv(s, &in, 1, &bytes, &flags, &block, NULL, NULL, &error) != 0 && error == WSA_IO_PENDING);
    CHECK(block.Internal == WSS_OPERATION_IN_PROGRESS);
    CHECK(t.lpWSPCleanup(&error) == 0 && open_handles() == 0);
    CHECK(block.Internal == WSA_OPERATION_ABORTED && block.OffsetHigh == WSA_OPERATION_ABORTED && completions == 0);
    return 0;
}

/* ---- checks of the layer */

static SOCKET stream_socket(int chain, LPINT lpErrno) {
    return t.lpWSPSocket(WSP_AF_INET, WSP_SOCK_STREAM, 0, &entries[chain], 0, WSA_FLAG_OVERLAPPED, lpErrno);
}

static void CALLBACK routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED block, DWORD flags) {
    (void)error, (void)bytes, (void)block, (void)flags;
}

static INT receive_with_routine(SOCKET s, LPWSAOVERLAPPED block, LPINT lpErrno) {
    static CHAR room;
    static WSABUF in = {1, &room};
    DWORD bytes = 0, flags = 0;
    WSATHREADID thread = {0};
    return t.lpWSPRecv(s, &in, 1, &bytes, &flags, block, routine, &thread, lpErrno) != 0 && *lpErrno == WSA_IO_PENDING;
}

static void end_first_call(SOCKET s) {
    (void)s;
    on_close_handle = NULL;
    make_call(0);
}

/* Two sockets are held by completion routines that have not run. While the clean-up takes one, the other's ends. */
static int sockets_end_while_the_layer_is_cleaned_up(void) {
    INT error = 0;
    WSAOVERLAPPED blocks[2] = {{0}};
    CHECK(start(&entries[2]) == 0);
    SOCKET older = stream_socket(2, &error), newer = stream_socket(2, &error);
    CHECK(older != INVALID_SOCKET && newer != INVALID_SOCKET);
    CHECK(receive_with_routine(older, &blocks[0], &error));
    await_calls(1);
    CHECK(receive_with_routine(newer, &blocks[1], &error));
    await_calls(2);
    on_close_handle = end_first_call;
    CHECK(t.lpWSPCleanup(&error) == 0);
    make_call(1);
    CHECK(on_close_handle == NULL && wrong_closes == 0 && open_handles() == 0);
    return 0;
}

static LPFN_CONNECTEX ask_for_connect_ex(SOCKET s, LPINT lpErrno) {
    GUID id = WSAID_CONNECTEX;
    LPFN_CONNECTEX function = NULL;
    DWORD bytes = 0;
    t.lpWSPIoctl(s, WSP_SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function, sizeof function, &bytes, NULL, NULL,
        NULL, lpErrno);
    return function;
}

/* A client asks once, and calls what it was given for each socket of the provider's. */
static int an_extension_function_serves_sockets_that_nobody_asked(void) {
    INT error = 0;
    DWORD bytes = 0;
    CHECK(start(&entries[2]) == 0 && start(&entries[3]) == 0);
    SOCKET asked = stream_socket(2, &error), other = stream_socket(3, &error);
    LPFN_CONNECTEX connect_ex = ask_for_connect_ex(asked, &error);
    CHECK(connect_ex != NULL);
    CHECK(connect_ex(other, NULL, 0, NULL, 0, &bytes, NULL) && lower_connects == 1);
    CHECK(t.lpWSPCleanup(&error) == 0 && t.lpWSPCleanup(&error) == 0);
    CHECK(start(&entries[2]) == 0);
    SOCKET later = stream_socket(2, &error);
    CHECK(connect_ex(later, NULL, 0, NULL, 0, &bytes, NULL) && lower_connects == 2);
    CHECK(t.lpWSPCleanup(&error) == 0);
    CHECK(start(&entries[2]) == 0);
    later = stream_socket(2, &error), lower_refuses = 1;
    CHECK(!connect_ex(later, NULL, 0, NULL, 0, &bytes, NULL) && last_error == WSAEINVAL && lower_connects == 2);
    CHECK(t.lpWSPCleanup(&error) == 0);
    return 0;
}

static int the_layers_clean_up_ends_what_is_under_way_in_silence(void) {
    INT error = 0;
    WSAOVERLAPPED block = {0};
    CHAR room;
    WSABUF in = {1, &room};
    DWORD bytes = 0, flags = 0;
    CHECK(start(&entries[2]) == 0);
    SOCKET s = stream_socket(2, &error);
    lower_waits = 1;
    CHECK(t.lpWSPRecv(s, &in, 1, &bytes, &flags, &block, NULL, NULL, &error) != 0 && error == WSA_IO_PENDING);
    CHECK(block.Internal == WSS_OPERATION_IN_PROGRESS);
    CHECK(t.lpWSPCleanup(&error) == 0 && open_handles() == 0);
    CHECK(block.Internal == WSA_OPERATION_ABORTED && block.OffsetHigh == WSA_OPERATION_ABORTED && completions == 0);
    return 0;
}

static int a_clean_up_too_many_is_refused(void) {
    INT error = 0;
    CHECK(start(&entries[2]) == 0 && t.lpWSPCleanup(&error) == 0);
    CHECK(t.lpWSPCleanup(&error) == SOCKET_ERROR && error == WSANOTINITIALISED);
    return 0;
}

static int messages_go_on_to_the_last_window_that_was_taken(void) {
    const HWND taken = (HWND)(uintptr_t)8, refused = (HWND)(uintptr_t)12;
    INT error = 0;
    CHECK(start(&entries[2]) == 0);
    SOCKET s = stream_socket(2, &error);
    CHECK(t.lpWSPAsyncSelect(s, taken, 1, FD_READ, &error) == 0);
    lower_refuses = 1;
    CHECK(t.lpWSPAsyncSelect(s, refused, 2, FD_READ, &error) != 0 && error == WSAEINVAL);
    CHECK(t.lpWSPAsyncSelect(s, NULL, 0, 0, &error) != 0 && error == WSAEINVAL);
    window_procedure(NULL, 0, LOWER, FD_READ, 0);
    CHECK(posted_to == taken && posted_message == 1);
    CHECK(t.lpWSPCleanup(&error) == 0);
    return 0;
}

static int the_version_is_what_was_asked_for(void) {
    INT error = 0;
    CHECK(start_version(&entries[2], MAKEWORD(2, 0)) == 0);
    CHECK(data.wVersion == MAKEWORD(2, 0) && data.wHighVersion == MAKEWORD(2, 2));
    CHECK(start_version(&entries[2], MAKEWORD(3, 0)) == 0 && data.wVersion == MAKEWORD(2, 2));
    CHECK(t.lpWSPCleanup(&error) == 0 && t.lpWSPCleanup(&error) == 0);
    return 0;
}

/* ---- which */

static const struct {
    const char *name;
    int (*run)(void);
} checks[] = {
    {"results_are_written_before_the_end_is_told", results_are_written_before_the_end_is_told},
    {"sockets_end_while_the_layer_is_cleaned_up", sockets_end_while_the_layer_is_cleaned_up},
    {"an_extension_function_serves_sockets_that_nobody_asked", an_extension_function_serves_sockets_that_nobody_asked},
    {"a_socket_that_closes_while_a_receive_begins_loses_its_handle",
        a_socket_that_closes_while_a_receive_begins_loses_its_handle},
    {"the_clean_up_ends_what_is_under_way_in_silence", the_clean_up_ends_what_is_under_way_in_silence},
    {"the_layers_clean_up_ends_what_is_under_way_in_silence", the_layers_clean_up_ends_what_is_under_way_in_silence},
    {"a_clean_up_too_many_is_refused", a_clean_up_too_many_is_refused},
    {"messages_go_on_to_the_last_window_that_was_taken", messages_go_on_to_the_last_window_that_was_taken},
    {"the_version_is_what_was_asked_for", the_version_is_what_was_asked_for},
};

int main(int count, char **arguments) {
    alarm(LONGEST);
    make_entries();
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (count == 2 && strcmp(arguments[1], checks[i].name) == 0) return checks[i].run();
    printf("no such check\n");
    return 2;
}
