/* Start and end, and the thread that waits for the system. */
#define WSP_IMPLEMENT_HOST_SERVICES
#include "posix.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

WSPUPCALLTABLE up;

/* ---- the thread */

typedef struct poller {
    int epoll, stop;
    pthread_t thread;
} poller_t;

static int starts; /* guarded by its own lock, which is held while the thread starts and ends */
static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;
static poller_t poller = {-1, -1, 0};
static uint64_t next_id = 1;
static _Thread_local int is_poller;

int on_poller(void) {
    return is_poller;
}

uint64_t watch_descriptor(int fd) {
    uint64_t id = next_id++;
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP | EPOLLET, .data.u64 = id};
    return epoll_ctl(poller.epoll, EPOLL_CTL_ADD, fd, &e) == 0 ? id : 0;
}

#define AT_ONCE 64
#define STOP 0

/* Something has changed at some sockets; 0 when it is time to stop. */
static int look_once(int epoll, int millis) {
    struct epoll_event e[AT_ONCE];
    int n = epoll_wait(epoll, e, AT_ONCE, millis), goes_on = 1;
    hold();
    for (int i = 0; i < n; i++) {
        sock_t *s = socket_of(e[i].data.u64);
        if (s != NULL) settle(s);
        goes_on &= e[i].data.u64 != STOP;
    }
    tell_outbox();
    return goes_on;
}

void poll_once(int millis) {
    look_once(poller.epoll, millis);
}

static void *watch_all(void *unused) {
    int epoll = poller.epoll, stop = poller.stop;
    (void)unused;
    is_poller = 1;
    while (look_once(epoll, -1)) {}
    close(epoll), close(stop);
    return NULL;
}

static int start_poller(void) {
    poller.epoll = epoll_create1(EPOLL_CLOEXEC), poller.stop = eventfd(0, EFD_CLOEXEC);
    struct epoll_event e = {.events = EPOLLIN, .data.u64 = STOP};
    if (poller.epoll >= 0 && poller.stop >= 0 && epoll_ctl(poller.epoll, EPOLL_CTL_ADD, poller.stop, &e) == 0
        && pthread_create(&poller.thread, NULL, watch_all, NULL) == 0)
        return 1;
    close(poller.epoll), close(poller.stop);
    return 0;
}

/* A client may clean up in a window's procedure, which is on this thread: then it ends when that is over. */
static void stop_poller(void) {
    uint64_t one = 1;
    pthread_t thread = poller.thread;
    (void)!write(poller.stop, &one, sizeof one);
    if (on_poller()) pthread_detach(thread);
    else pthread_join(thread, NULL);
}

/* ---- the provider */

static BOOL WSPAPI posix_qos(SOCKET number, LPWSABUF name, LPQOS qos, LPINT lpErrno) {
    (void)qos;
    if (name == NULL || name->buf == NULL || name->len < sizeof(WCHAR)) return fail(lpErrno, WSAEFAULT), FALSE;
    if (enter(number, lpErrno) == NULL) return FALSE;
    let_go();
    int asks_for_names = *(const WCHAR *)(const void *)name->buf == 0; /* There are none: the list is empty as well. */
    return asks_for_names ? TRUE : (fail(lpErrno, WSAEINVAL), FALSE);
}

static INT WSPAPI posix_cleanup(LPINT lpErrno) {
    pthread_mutex_lock(&starting);
    int is_started = starts > 0, is_last = is_started && --starts == 0;
    if (is_last) {
        stop_poller();
        abandon_all();
    }
    pthread_mutex_unlock(&starting);
    return is_started ? 0 : fail(lpErrno, WSANOTINITIALISED);
}

static const WSPPROC_TABLE functions = {
    posix_accept, posix_to_string, posix_async_select, posix_bind, posix_cancel, posix_cleanup, posix_close, posix_connect,
    posix_duplicate, posix_enum_events, posix_event_select, posix_result, posix_peer, posix_name, posix_get_option, posix_qos,
    posix_ioctl, posix_join_leaf, posix_listen, posix_recv, posix_receive_disconnect, posix_recv_from, posix_select, posix_send,
    posix_send_disconnect, posix_send_to, posix_set_option, posix_shutdown, posix_socket, posix_to_address};

static void describe(WSAPROTOCOL_INFOW *p, int is_stream, int family, const char *name) {
    static const GUID id = {0x6b1f0f2e, 0x51c4, 0x4a0e, {0x9d, 0x33, 0x70, 0x6f, 0x73, 0x69, 0x78, 0x01}};
    memset(p, 0, sizeof *p);
    p->dwServiceFlags1 = is_stream
        ? XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER | XP1_GRACEFUL_CLOSE | XP1_EXPEDITED_DATA
        : XP1_CONNECTIONLESS | XP1_MESSAGE_ORIENTED | XP1_SUPPORT_BROADCAST | XP1_SUPPORT_MULTIPOINT;
    p->dwProviderFlags = PFL_MATCHES_PROTOCOL_ZERO;
    p->ProviderId = id;
    p->ProtocolChain.ChainLen = BASE_PROTOCOL;
    p->iVersion = 2, p->iAddressFamily = family;
    p->iMaxSockAddr = p->iMinSockAddr = (INT)size_of_address(family == WSP_AF_INET ? AF_INET : AF_INET6);
    p->iSocketType = is_stream ? WSP_SOCK_STREAM : WSP_SOCK_DGRAM, p->iProtocol = is_stream ? WSP_IPPROTO_TCP : WSP_IPPROTO_UDP;
    p->dwMessageSize = is_stream ? 0 : 65507;
    for (size_t i = 0; name[i] != 0; i++) p->szProtocol[i] = (WCHAR)name[i];
}

INT WSPAPI WSPModuleProtocols(LPWSAPROTOCOL_INFOW protocols, INT count) {
    static const char *const names[] = {"POSIX TCP/IP", "POSIX UDP/IP", "POSIX TCP/IPv6", "POSIX UDP/IPv6"};
    for (int i = 0; i < 4 && i < count; i++) describe(&protocols[i], i % 2 == 0, i < 2 ? WSP_AF_INET : WSP_AF_INET6, names[i]);
    return 4;
}

static WORD negotiated(WORD version) {
    return LOBYTE(version) == 2 && HIBYTE(version) < 2 ? version : MAKEWORD(2, 2);
}

INT WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE procs) {
    static const char name[] = "posix";
    (void)info; /* Each socket brings its own. */
    if (LOBYTE(version) < 2) return WSAVERNOTSUPPORTED;
    if (wsp_host == NULL) return WSASYSNOTREADY;
    pthread_mutex_lock(&starting);
    if (starts == 0) up = upcalls;
    int is_ready = starts > 0 || start_poller();
    if (is_ready) starts++;
    pthread_mutex_unlock(&starting);
    if (!is_ready) return WSAEPROCLIM;
    memset(data, 0, sizeof *data);
    data->wVersion = negotiated(version), data->wHighVersion = MAKEWORD(2, 2);
    for (size_t i = 0; i < sizeof name; i++) data->szDescription[i] = (WCHAR)name[i];
    *procs = functions;
    return 0;
}
