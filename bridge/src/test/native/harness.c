/*
 * A host in C for Windows, as small as can be: it loads a layer from a DLL, starts it over a provider that answers from memory, and
 * checks what comes through. The header's Windows side and the layer's code are what is tested; run it under Windows or Wine:
 *   harness.exe libupcase.dll
 * It ends with 0, or tells the step that went wrong.
 */
#include "ws2spi.h"

#include <stdio.h>
#include <string.h>

#define HIDDEN 1001
#define BASE 1002
#define CHAIN 1003
#define MOST 64
#define FIRST 0x400000

static int step;
#define CHECK(condition)                                                                                \
    do {                                                                                                \
        step++;                                                                                         \
        if (!(condition)) return printf("step %d failed: %s (error %d)\n", step, #condition, error), 1; \
    } while (0)

/* ---- the host: handles, the catalog, ports, events and procedure calls, which are Windows' own */

static DWORD_PTR contexts[MOST];
static int used, open_handles, completed_requests;
static HANDLE none_open;
static WSAPROTOCOL_INFOW entries[3];
static WCHAR module[MAX_PATH];

static INT bad(LPINT lpErrno, INT error) {
    *lpErrno = error;
    return SOCKET_ERROR;
}

static int is_open(SOCKET s) {
    return s >= FIRST && s < FIRST + 4 * (SOCKET)used && contexts[(s - FIRST) / 4] != 0;
}

static SOCKET WSPAPI create_handle(DWORD id, DWORD_PTR context, LPINT lpErrno) {
    if (id != HIDDEN || used == MOST) return bad(lpErrno, WSAEINVAL), INVALID_SOCKET;
    contexts[used] = context, open_handles++;
    return FIRST + 4 * (SOCKET)used++;
}

static INT WSPAPI close_handle(SOCKET s, LPINT lpErrno) {
    if (!is_open(s)) return bad(lpErrno, WSAENOTSOCK);
    contexts[(s - FIRST) / 4] = 0;
    if (--open_handles == 0) SetEvent(none_open);
    return 0;
}

static INT WSPAPI query_context(SOCKET s, PDWORD_PTR context, LPINT lpErrno) {
    if (!is_open(s)) return bad(lpErrno, WSAENOTSOCK);
    *context = contexts[(s - FIRST) / 4];
    return 0;
}

static INT WSPAPI open_thread(LPWSATHREADID id, LPINT lpErrno) {
    id->Reserved = 0;
    id->ThreadHandle = OpenThread(THREAD_SET_CONTEXT, FALSE, GetCurrentThreadId());
    return id->ThreadHandle != NULL ? 0 : bad(lpErrno, WSAEFAULT);
}

static INT WSPAPI close_thread(LPWSATHREADID id, LPINT lpErrno) {
    return CloseHandle(id->ThreadHandle) ? 0 : bad(lpErrno, WSAEFAULT);
}

static INT WSPAPI queue_apc(LPWSATHREADID id, LPWSAUSERAPC routine, DWORD_PTR context, LPINT lpErrno) {
    return QueueUserAPC((PAPCFUNC)routine, id->ThreadHandle, context) ? 0 : bad(lpErrno, WSAEFAULT);
}

static INT WSPAPI complete(SOCKET s, LPWSAOVERLAPPED block, DWORD error, DWORD bytes, LPINT lpErrno) {
    if (!is_open(s)) return bad(lpErrno, WSAEINVAL);
    block->InternalHigh = bytes;
    InterlockedExchangePointer((PVOID *)&block->Internal, (PVOID)(ULONG_PTR)error);
    completed_requests++;
    if (block->hEvent != NULL) SetEvent(block->hEvent);
    return 0;
}

static INT path_of(const WCHAR *path, WCHAR *to, LPINT length, LPINT lpErrno) {
    const INT needed = (INT)wcslen(path) + 1;
    if (*length < needed) return *length = needed, bad(lpErrno, WSAEFAULT);
    memcpy(to, path, (size_t)needed * sizeof *to);
    *length = needed;
    return 0;
}

static INT WSPAPI provider_path(LPGUID id, WCHAR *path, LPINT length, LPINT lpErrno) {
    for (int i = 0; i < 3; i++)
        if (memcmp(id, &entries[i].ProviderId, sizeof *id) == 0)
            return path_of(entries[i].dwCatalogEntryId == BASE ? L"memory" : module, path, length, lpErrno);
    return bad(lpErrno, WSAEINVALIDPROVIDER);
}

static INT WSPAPI module_path(WCHAR *path, LPINT length, LPINT lpErrno) {
    return path_of(module, path, length, lpErrno);
}

static INT WSPAPI enum_protocols(LPINT protocols, LPWSAPROTOCOL_INFOW to, LPDWORD length, LPINT lpErrno) {
    (void)protocols;
    if (to == NULL || *length < sizeof entries) return *length = sizeof entries, bad(lpErrno, WSAENOBUFS);
    memcpy(to, entries, sizeof entries);
    return 3;
}

static INT WSPAPI get_last_error(void) { return WSAGetLastError(); }
static void WSPAPI set_last_error(INT error) { WSASetLastError(error); }
static BOOL WSPAPI reset_event(HANDLE event, LPINT lpErrno) { return *lpErrno = 0, ResetEvent(event); }
static BOOL WSPAPI close_object(HANDLE object, LPINT lpErrno) { return *lpErrno = 0, CloseHandle(object); }
static DWORD WSPAPI wait_for(DWORD n, const HANDLE *h, BOOL all, DWORD time, BOOL alertable, LPINT lpErrno) {
    return *lpErrno = 0, WaitForMultipleObjectsEx(n, h, all, time, alertable);
}
static HANDLE WSPAPI create_port(DWORD n, LPINT lpErrno) {
    return *lpErrno = 0, CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, n);
}
static BOOL WSPAPI get_packet(HANDLE port, LPDWORD bytes, ULONG_PTR *key, LPWSAOVERLAPPED *block, DWORD time, LPINT lpErrno) {
    const BOOL done = GetQueuedCompletionStatus(port, bytes, key, block, time);
    return *lpErrno = done ? 0 : (INT)GetLastError(), done;
}
static BOOL WSPAPI post_packet(HANDLE port, DWORD bytes, ULONG_PTR key, LPWSAOVERLAPPED block, LPINT lpErrno) {
    return *lpErrno = 0, PostQueuedCompletionStatus(port, bytes, key, block);
}
static HWND WSPAPI make_window(LPWSPWINDOWPROC proc, DWORD_PTR context, DWORD kind, LPINT lpErrno) {
    (void)context, (void)kind, (void)lpErrno;
    return (HWND)proc;
}
static BOOL WSPAPI destroy_window(HWND w, LPINT lpErrno) { return *lpErrno = 0, w != NULL; }
static INT WSPAPI no_option(DWORD id, const CHAR *name, CHAR *value, INT room) {
    (void)id, (void)name, (void)value, (void)room;
    return -1;
}

/* ---- the provider below: one socket, whose data is what was sent to it */

static HANDLE lower_port;
static ULONG_PTR lower_key;
static char pipe_data[256];
static DWORD pipe_length;
static int lower_open, lower_starts;

static BOOL WSPAPI associate(SOCKET s, HANDLE port, ULONG_PTR key, LPINT lpErrno) {
    if (s != 8) return *lpErrno = WSAENOTSOCK, FALSE;
    lower_port = port, lower_key = key;
    return TRUE;
}

static SOCKET WSPAPI lower_socket(
    int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP g, DWORD flags, LPINT lpErrno) {
    (void)af, (void)type, (void)protocol, (void)g, (void)flags;
    if (info->dwCatalogEntryId != BASE) return bad(lpErrno, WSAEINVAL), INVALID_SOCKET;
    lower_open++;
    return 8;
}

static int WSPAPI lower_close(SOCKET s, LPINT lpErrno) { return s == 8 && lower_open-- > 0 ? 0 : bad(lpErrno, WSAENOTSOCK); }

static int ends(LPWSAOVERLAPPED block, DWORD bytes, LPDWORD count, LPINT lpErrno) {
    if (block == NULL) return *count = bytes, 0;
    block->Internal = 0, block->InternalHigh = bytes;
    PostQueuedCompletionStatus(lower_port, bytes, lower_key, block);
    return bad(lpErrno, WSA_IO_PENDING);
}

static int WSPAPI lower_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    (void)count, (void)flags, (void)routine, (void)thread;
    if (s != 8) return bad(lpErrno, WSAENOTSOCK);
    memcpy(pipe_data, buffers[0].buf, pipe_length = buffers[0].len);
    return ends(block, pipe_length, bytes, lpErrno);
}

static int WSPAPI lower_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    (void)count, (void)flags, (void)routine, (void)thread;
    if (s != 8) return bad(lpErrno, WSAENOTSOCK);
    if (buffers[0].len < pipe_length) return bad(lpErrno, WSAEMSGSIZE);
    memcpy(buffers[0].buf, pipe_data, pipe_length);
    return ends(block, pipe_length, bytes, lpErrno);
}

static BOOL WSPAPI lower_result(SOCKET s, LPWSAOVERLAPPED block, LPDWORD bytes, BOOL wait, LPDWORD flags, LPINT lpErrno) {
    (void)wait;
    if (s != 8) return bad(lpErrno, WSAENOTSOCK), FALSE;
    *bytes = (DWORD)block->InternalHigh, *flags = 0;
    return TRUE;
}

static BOOL PASCAL lower_connect_ex(
    SOCKET s, const struct sockaddr *name, int length, PVOID data, DWORD n, LPDWORD bytes, LPOVERLAPPED block) {
    (void)name, (void)length, (void)bytes;
    if (s != 8 || block == NULL) return WSASetLastError(s != 8 ? WSAENOTSOCK : WSA_INVALID_PARAMETER), FALSE;
    memcpy(pipe_data, data, pipe_length = n);
    block->Internal = 0, block->InternalHigh = n;
    PostQueuedCompletionStatus(lower_port, n, lower_key, block);
    return WSASetLastError(WSA_IO_PENDING), FALSE;
}

static int WSPAPI lower_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length, LPDWORD bytes,
    LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    static const GUID connect_ex = WSAID_CONNECTEX;
    LPFN_CONNECTEX function = lower_connect_ex;
    (void)s, (void)in_length, (void)out_length, (void)block, (void)routine, (void)thread;
    if (code != WSP_SIO_GET_EXTENSION_FUNCTION_POINTER || memcmp(in, &connect_ex, sizeof connect_ex) != 0)
        return bad(lpErrno, WSAEINVAL);
    memcpy(out, &function, *bytes = sizeof function);
    return 0;
}

static int WSPAPI lower_set_option(SOCKET s, int level, int name, const char *value, int length, LPINT lpErrno) {
    (void)level, (void)name, (void)value, (void)length;
    return s == 8 ? 0 : bad(lpErrno, WSAENOTSOCK);
}

static int WSPAPI lower_cleanup(LPINT lpErrno) { return lower_starts-- > 0 ? 0 : bad(lpErrno, WSANOTINITIALISED); }

static int WSPAPI lower_start(
    WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE table, LPWSPPROC_TABLE to) {
    if (version != MAKEWORD(2, 2) || info->dwCatalogEntryId != BASE) return WSASYSNOTREADY;
    if (table.lpWPUCreateSocketHandle != create_handle || table.lpWPUCloseThread != close_thread) return WSAEINVAL;
    memset(data, 0, sizeof *data);
    memset(to, 0, sizeof *to);
    to->lpWSPSocket = lower_socket, to->lpWSPCloseSocket = lower_close, to->lpWSPSend = lower_send;
    to->lpWSPRecv = lower_recv, to->lpWSPGetOverlappedResult = lower_result, to->lpWSPIoctl = lower_ioctl;
    to->lpWSPSetSockOpt = lower_set_option, to->lpWSPCleanup = lower_cleanup;
    lower_starts++;
    return 0;
}

static LPWSPSTARTUP WSPAPI start_function(const WCHAR *path, LPINT lpErrno) {
    return wcscmp(path, L"memory") == 0 ? lower_start : (bad(lpErrno, WSAEPROVIDERFAILEDINIT), NULL);
}

/* ---- the checks */

static WSPHOSTSERVICES services(void) {
    WSPHOSTSERVICES s;
    memset(&s, 0, sizeof s);
    s.cbSize = sizeof s, s.dwVersion = WSP_HOST_SERVICES_VERSION;
    s.CompleteOverlappedRequest = complete, s.EnumProtocols = enum_protocols, s.GetProviderPath = provider_path;
    s.GetStartFunction = start_function, s.GetModulePath = module_path, s.GetLastError = get_last_error;
    s.SetLastError = set_last_error, s.ResetEvent = reset_event, s.CloseHandle = close_object;
    s.WaitForMultipleObjects = wait_for, s.CreateIoCompletionPort = create_port, s.AssociateSocket = associate;
    s.GetQueuedCompletionStatus = get_packet, s.PostQueuedCompletionStatus = post_packet, s.MakeWindow = make_window;
    s.DestroyWindow = destroy_window, s.GetOption = no_option;
    return s;
}

static void make_entries(void) {
    for (int i = 0; i < 3; i++) {
        entries[i].ProviderId.Data1 = (unsigned)i + 7, entries[i].dwCatalogEntryId = (DWORD)(HIDDEN + i);
        entries[i].iVersion = 2, entries[i].iAddressFamily = AF_INET, entries[i].iSocketType = SOCK_STREAM;
    }
    entries[1].ProtocolChain.ChainLen = BASE_PROTOCOL;
    entries[2].ProtocolChain.ChainLen = 2;
    entries[2].ProtocolChain.ChainEntries[0] = HIDDEN, entries[2].ProtocolChain.ChainEntries[1] = BASE;
}

static char routine_text[64];
static DWORD routine_bytes, routine_thread;

static void CALLBACK routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED block, DWORD flags) {
    (void)flags;
    routine_bytes = error == 0 ? bytes : 0, routine_thread = GetCurrentThreadId();
    memcpy(routine_text, block + 1, sizeof routine_text);
}

typedef INT(WSPAPI *set_services_t)(const WSPHOSTSERVICES *);
typedef void (*counts_t)(unsigned long long *);

static int check(HMODULE dll) {
    static WSPHOSTSERVICES host;
    const WSPUPCALLTABLE up = {.lpWPUCreateSocketHandle = create_handle, .lpWPUCloseSocketHandle = close_handle,
        .lpWPUQuerySocketHandleContext = query_context, .lpWPUOpenCurrentThread = open_thread,
        .lpWPUCloseThread = close_thread, .lpWPUQueueApc = queue_apc, .lpWPUGetProviderPath = provider_path};
    WSPDATA data;
    WSPPROC_TABLE t;
    INT error = 0;
    make_entries();
    host = services();
    none_open = CreateEventW(NULL, FALSE, FALSE, NULL);
    LPWSPSTARTUP start = (LPWSPSTARTUP)(void (*)(void))GetProcAddress(dll, "WSPStartup");
    set_services_t set = (set_services_t)(void (*)(void))GetProcAddress(dll, "WSPSetHostServices");
    counts_t counts = (counts_t)(void (*)(void))GetProcAddress(dll, "UpcaseCounts");
    CHECK(start != NULL && set != NULL && counts != NULL);
    CHECK(start(MAKEWORD(2, 2), &data, &entries[2], up, &t) == WSASYSNOTREADY); /* before it has the services */
    CHECK(set(&host) == 0);
    CHECK(start(MAKEWORD(1, 1), &data, &entries[2], up, &t) == WSAVERNOTSUPPORTED);
    CHECK(start(MAKEWORD(2, 2), &data, &entries[1], up, &t) == WSASYSNOTREADY);
    CHECK(start(MAKEWORD(2, 2), &data, &entries[2], up, &t) == 0 && lower_starts == 1);
    CHECK(data.wVersion == MAKEWORD(2, 2) && wcscmp(data.szDescription, L"upcase") == 0);
    for (size_t i = 0; i < sizeof t / sizeof(void *); i++) CHECK(((void **)&t)[i] != NULL);

    SOCKET s = t.lpWSPSocket(AF_INET, SOCK_STREAM, 0, &entries[2], 0, WSA_FLAG_OVERLAPPED, &error);
    CHECK(s == FIRST && lower_open == 1);
    WSAPROTOCOL_INFOW own;
    INT length = sizeof own;
    CHECK(t.lpWSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&own, &length, &error) == 0);
    CHECK(own.dwCatalogEntryId == CHAIN && length == sizeof own);

    char text[] = "sync", room[64] = {0};
    WSABUF out = {4, text}, in = {sizeof room, room};
    DWORD bytes = 0, flags = 0;
    CHECK(t.lpWSPSend(s, &out, 1, &bytes, 0, NULL, NULL, NULL, &error) == 0 && bytes == 4);
    CHECK(t.lpWSPRecv(s, &in, 1, &bytes, &flags, NULL, NULL, NULL, &error) == 0 && bytes == 4);
    CHECK(memcmp(room, "SYNC", 4) == 0);

    /* with an event: a worker thread takes the packet, and tells by the sixteenth upcall */
    WSAOVERLAPPED block = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    CHECK(t.lpWSPRecv(s, &in, 1, &bytes, &flags, &block, NULL, NULL, &error) != 0 && error == WSA_IO_PENDING);
    CHECK(t.lpWSPGetOverlappedResult(s, &block, &bytes, TRUE, &flags, &error) && bytes == 4);
    CHECK(completed_requests == 1 && memcmp(room, "SYNC", 4) == 0);

    /* with a completion routine: it runs on this thread, in an alertable wait */
    struct {
        WSAOVERLAPPED block;
        char room[64];
    } with = {.block = {0}};
    WSABUF into = {sizeof with.room, with.room};
    WSATHREADID thread;
    CHECK(open_thread(&thread, &error) == 0);
    CHECK(t.lpWSPRecv(s, &into, 1, &bytes, &flags, &with.block, routine, &thread, &error) != 0 && error == WSA_IO_PENDING);
    CHECK(SleepEx(30000, TRUE) == WAIT_IO_COMPLETION && close_thread(&thread, &error) == 0);
    CHECK(routine_bytes == 4 && routine_thread == GetCurrentThreadId() && memcmp(routine_text, "SYNC", 4) == 0);

    /* an extension function is the layer's own, and takes its handle */
    GUID id = WSAID_CONNECTEX, unknown = WSAID_DISCONNECTEX;
    LPFN_CONNECTEX connect_ex = NULL;
    const DWORD code = WSP_SIO_GET_EXTENSION_FUNCTION_POINTER;
    CHECK(t.lpWSPIoctl(s, code, &id, sizeof id, &connect_ex, sizeof connect_ex, &bytes, NULL, NULL, NULL, &error) == 0);
    CHECK(connect_ex != NULL && connect_ex != lower_connect_ex && bytes == sizeof connect_ex);
    connect_ex = NULL;
    CHECK(t.lpWSPIoctl(s, code, &id, sizeof id, &connect_ex, sizeof connect_ex, &bytes, &block, NULL, NULL, &error) == 0);
    CHECK(connect_ex != NULL && block.Internal == 0 && WaitForSingleObject(block.hEvent, 0) == WAIT_OBJECT_0);
    CHECK(t.lpWSPIoctl(s, code, &unknown, sizeof id, room, sizeof room, &bytes, NULL, NULL, NULL, &error) != 0
        && error == WSAEINVAL);
    CHECK(t.lpWSPIoctl(s, code, &id, 4, room, sizeof room, &bytes, NULL, NULL, NULL, &error) != 0 && error == WSAEFAULT);
    CHECK(!connect_ex(s, NULL, 0, text, 4, &bytes, NULL) && WSAGetLastError() == WSA_INVALID_PARAMETER);
    CHECK(!connect_ex(8, NULL, 0, text, 4, &bytes, &block) && WSAGetLastError() == WSAENOTSOCK);
    CHECK(!connect_ex(s, NULL, 0, text, 4, &bytes, &block) && WSAGetLastError() == WSA_IO_PENDING);
    CHECK(t.lpWSPGetOverlappedResult(s, &block, &bytes, TRUE, &flags, &error) && bytes == 4 && completed_requests == 3);

    unsigned long long passed[3];
    counts(passed);
    CHECK(passed[0] == 8 && passed[1] == 12 && passed[2] == 4);
    /* its handle goes when a worker thread has let go of the last operation */
    CHECK(t.lpWSPCloseSocket(s, &error) == 0 && lower_open == 0 && WaitForSingleObject(none_open, 30000) == WAIT_OBJECT_0);
    CHECK(t.lpWSPCloseSocket(s, &error) != 0 && error == WSAENOTSOCK);
    s = t.lpWSPSocket(AF_INET, SOCK_STREAM, 0, &entries[2], 0, WSA_FLAG_OVERLAPPED, &error);
    CHECK(s != INVALID_SOCKET && t.lpWSPCleanup(&error) == 0);
    CHECK(open_handles == 0 && lower_open == 0 && lower_starts == 0);
    return 0;
}

int main(int count, char **arguments) {
    if (count < 2) return printf("harness.exe DLL\n"), 2;
    HMODULE dll = LoadLibraryA(arguments[1]);
    if (dll == NULL) return printf("%s does not load: error %lu\n", arguments[1], GetLastError()), 1;
    GetModuleFileNameW(dll, module, MAX_PATH);
    const int failed = check(dll);
    if (!failed) printf("all %d steps are right\n", step);
    return failed;
}
