/*
 * A base provider whose handles are file descriptors, registered by WPUModifyIFSHandle: the ends of socket pairs. Each
 * second socket is the other end of the one before.
 */
#define WSP_IMPLEMENT_HOST_SERVICES
#include "ws2spi.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static WSPUPCALLTABLE up;
static int other_end = -1;

static INT fail(LPINT lpErrno, INT error) {
    return *lpErrno = error, SOCKET_ERROR;
}

static SOCKET WSPAPI make(INT af, INT type, INT protocol, LPWSAPROTOCOL_INFOW info, GROUP g, DWORD flags, LPINT lpErrno) {
    (void)af, (void)type, (void)protocol, (void)g, (void)flags;
    int pair[2] = {other_end, -1};
    other_end = -1;
    if (pair[0] < 0) {
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return fail(lpErrno, WSAENOBUFS), INVALID_SOCKET;
        other_end = pair[1];
    }
    return up.lpWPUModifyIFSHandle(info->dwCatalogEntryId, (SOCKET)pair[0], lpErrno);
}

static INT WSPAPI end(SOCKET s, LPINT lpErrno) {
    return close((int)s) == 0 ? 0 : fail(lpErrno, WSAENOTSOCK);
}

/* The system completes what is overlapped. */
static INT WSPAPI take(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags, LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    (void)count, (void)routine, (void)thread;
    ssize_t n = read((int)s, buffers->buf, buffers->len);
    if (n < 0) return fail(lpErrno, WSAECONNRESET);
    *bytes = (DWORD)n, *flags = 0;
    return block == NULL ? 0 : wsp_host->CompleteFileRequest(s, block, 0, (DWORD)n, lpErrno);
}

static BOOL WSPAPI result(SOCKET s, LPWSAOVERLAPPED block, LPDWORD bytes, BOOL wait, LPDWORD flags, LPINT lpErrno) {
    (void)s, (void)wait, (void)lpErrno;
    *bytes = (DWORD)block->InternalHigh, *flags = 0;
    return TRUE;
}

static INT WSPAPI clean(LPINT lpErrno) {
    return (void)lpErrno, 0;
}

/* Whatever it is called with: the failure has no code. */
static INT WSPAPI refuse(void) {
    return SOCKET_ERROR;
}

INT WSPAPI WSPModuleProtocols(LPWSAPROTOCOL_INFOW p, INT count) {
    if (count < 1) return 1;
    memset(p, 0, sizeof *p);
    p->dwServiceFlags1 = XP1_IFS_HANDLES | XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER;
    p->dwProviderFlags = PFL_MATCHES_PROTOCOL_ZERO;
    p->ProviderId.Data1 = 0x64657363;
    p->ProtocolChain.ChainLen = BASE_PROTOCOL;
    p->iVersion = 2, p->iAddressFamily = WSP_AF_INET, p->iMaxSockAddr = p->iMinSockAddr = sizeof(wsp_sockaddr_in);
    p->iSocketType = WSP_SOCK_STREAM, p->iProtocol = WSP_IPPROTO_TCP, p->szProtocol[0] = 'd';
    return 1;
}

INT WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE procs) {
    (void)version, (void)info;
    void (*refusal)(void) = (void (*)(void))refuse;
    up = upcalls;
    memset(data, 0, sizeof *data);
    data->wVersion = data->wHighVersion = MAKEWORD(2, 2);
    for (size_t i = 0; i < sizeof *procs / sizeof refusal; i++) memcpy((char *)procs + i * sizeof refusal, &refusal, sizeof refusal);
    procs->lpWSPSocket = make, procs->lpWSPCloseSocket = end, procs->lpWSPRecv = take;
    procs->lpWSPGetOverlappedResult = result, procs->lpWSPCleanup = clean;
    return 0;
}
