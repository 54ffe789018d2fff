/*
 * A base provider that does nothing, to measure calls over the border: its sockets are handles of the host's, a send is over at
 * once, and two loops call Java.
 */
#include "ws2spi.h"

#include <string.h>

/* So many sockets are asked about in turn; a power of 2. */
#define MOST 64

static WSPUPCALLTABLE up;
static DWORD own_id;
static SOCKET sockets[MOST];
static unsigned count;

static INT WSPAPI refuse(void) {
    return SOCKET_ERROR;
}

static INT WSPAPI clean_up(LPINT lpErrno) {
    *lpErrno = 0;
    return 0;
}

static SOCKET WSPAPI make(INT af, INT type, INT protocol, LPWSAPROTOCOL_INFOW info, GROUP g, DWORD flags, LPINT lpErrno) {
    (void)af, (void)type, (void)protocol, (void)info, (void)g, (void)flags;
    SOCKET s = up.lpWPUCreateSocketHandle(own_id, (DWORD_PTR)&sockets[count % MOST], lpErrno);
    if (s != INVALID_SOCKET) sockets[count++ % MOST] = s;
    return s;
}

static INT WSPAPI close_socket(SOCKET s, LPINT lpErrno) {
    return up.lpWPUCloseSocketHandle(s, lpErrno);
}

/* Takes all of one buffer. */
WSP_EXPORT INT WSPAPI BorderSend(SOCKET s, LPWSABUF buffers, DWORD n, LPDWORD bytes, DWORD flags, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    (void)s, (void)n, (void)flags, (void)block, (void)routine, (void)thread, (void)lpErrno;
    *bytes = buffers->len;
    return 0;
}

WSP_EXPORT void BorderQuery(long long calls) {
    DWORD_PTR context;
    INT error;
    for (long long i = 0; i < calls; i++) up.lpWPUQuerySocketHandleContext(sockets[i % MOST], &context, &error);
}

typedef INT(WSPAPI *empty_function)(SOCKET s, void *context, LPINT lpErrno);

WSP_EXPORT void BorderCall(empty_function function, long long calls) {
    DWORD_PTR context;
    INT error;
    for (long long i = 0; i < calls; i++) function(sockets[i % MOST], &context, &error);
}

INT WSPAPI WSPModuleProtocols(LPWSAPROTOCOL_INFOW p, INT room) {
    static const uint8_t id[16] = {0x62, 0x6f, 0x72, 0x64, 0x65, 0x72, 0x40, 0x01, 0x80, 1, 2, 3, 4, 5, 6, 7};
    if (room < 1) return 1;
    memset(p, 0, sizeof *p);
    memcpy(&p->ProviderId, id, sizeof id);
    p->dwServiceFlags1 = XP1_GUARANTEED_DELIVERY;
    p->ProtocolChain.ChainLen = BASE_PROTOCOL;
    p->iVersion = 2, p->iAddressFamily = WSP_AF_INET, p->iMaxSockAddr = 16, p->iMinSockAddr = 16;
    p->iSocketType = WSP_SOCK_STREAM, p->iProtocol = WSP_IPPROTO_TCP;
    p->szProtocol[0] = 'b';
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
    procs->lpWSPSocket = make;
    procs->lpWSPCloseSocket = close_socket;
    procs->lpWSPSend = BorderSend;
    return 0;
}
