/* Handles, and what stands behind them. */
#include "posix.h"

#include <netinet/tcp.h>
#include <sys/ioctl.h>

#define BUCKETS 256

pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static handle_t *handles[BUCKETS]; /* by their contexts */
static sock_t *sockets[BUCKETS];   /* by their ids */
static DWORD_PTR next_context = 1;

void hold(void) {
    pthread_mutex_lock(&guard);
}

void let_go(void) {
    pthread_mutex_unlock(&guard);
}

INT fail(LPINT lpErrno, INT error) {
    *lpErrno = error;
    return SOCKET_ERROR;
}

INT leave(INT error, LPINT lpErrno) {
    tell_outbox();
    return error == 0 ? 0 : fail(lpErrno, error);
}

handle_t *find_context(DWORD_PTR context) {
    handle_t *h = handles[context % BUCKETS];
    while (h != NULL && h->context != context) h = h->next;
    return h;
}

sock_t *socket_of(uint64_t id) {
    sock_t *s = sockets[id % BUCKETS];
    while (s != NULL && s->id != id) s = s->next;
    return s;
}

/* The host knows the context; that no other thread closes the socket meanwhile is for the lock to say. */
handle_t *enter(SOCKET number, LPINT lpErrno) {
    DWORD_PTR context;
    if (up.lpWPUQuerySocketHandleContext(number, &context, lpErrno) != 0) return NULL;
    hold();
    handle_t *h = find_context(context);
    if (h != NULL && !h->closed) return h;
    let_go();
    return fail(lpErrno, WSAENOTSOCK), NULL;
}

/* ---- making and ending them, under the lock */

static void prepare(const sock_t *s) {
    const int on = 1, off = 0;
    if (s->family == AF_INET6) setsockopt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (s->type != SOCK_DGRAM) return;
    /* With the first a socket gets what any socket of the machine has joined for; without the second none but connected
     * ones learn that nobody is there. */
    int is_four = s->family == AF_INET, level = is_four ? IPPROTO_IP : IPPROTO_IPV6;
    setsockopt(s->fd, level, is_four ? IP_MULTICAST_ALL : IPV6_MULTICAST_ALL, &off, sizeof off);
    setsockopt(s->fd, level, is_four ? IP_RECVERR : IPV6_RECVERR, &on, sizeof on);
}

/* Takes the descriptor over; null if there is no memory, and then it is closed. */
static sock_t *new_socket(int fd, const WSAPROTOCOL_INFOW *info, int family, int type) {
    sock_t *s = calloc(1, sizeof *s);
    if (s == NULL) return close(fd), NULL;
    s->fd = fd, s->family = family, s->type = type, s->info = *info, s->info.dwProviderReserved = 0;
    s->id = watch_descriptor(fd);
    if (s->id == 0) return close(fd), free(s), NULL;
    s->next = sockets[s->id % BUCKETS], sockets[s->id % BUCKETS] = s;
    return s;
}

/* The system lingers itself. */
void close_descriptor(int fd, int lingers, int seconds) {
    struct linger l = {lingers, seconds};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
    close(fd);
}

/* A connection that nobody has; that does not wait. */
static void reset_descriptor(int fd) {
    close_descriptor(fd, 1, 0);
}

static void drop_deferred(sock_t *s) {
    for (deferred_t *d = s->deferred, *next; d != NULL; d = next) next = d->next, reset_descriptor(d->fd), free(d);
    s->deferred = NULL;
}

static void destroy(sock_t *s) {
    sock_t **p = &sockets[s->id % BUCKETS];
    while (*p != s) p = &(*p)->next;
    *p = s->next;
    post(&s->notice, CLOSE, s);
}

void drop_unused(sock_t *s) {
    if (s->closed && s->waits == 0) destroy(s);
}

static void close_socket(sock_t *s) {
    s->closed = 1;
    abort_transfers(s);
    drop_deferred(s);
    settle(s);
    drop_unused(s);
}

static void remove_handle(handle_t *h) {
    handle_t **p = &handles[h->context % BUCKETS];
    while (*p != h) p = &(*p)->next;
    *p = h->next;
}

void release_unused(handle_t *h) {
    if (!h->closed || h->operations > 0) return;
    remove_handle(h);
    post(&h->notice, RELEASE, h);
}

void operation_over(handle_t *h) {
    hold();
    h->operations--;
    release_unused(h);
    tell_outbox();
}

/* One more handle. The lock is free while the host makes it, but nobody knows the socket by it yet. */
static SOCKET new_handle(sock_t *s, LPINT lpErrno) {
    handle_t *h = calloc(1, sizeof *h);
    if (h == NULL) return fail(lpErrno, WSAENOBUFS), INVALID_SOCKET;
    DWORD_PTR context = h->context = next_context++;
    h->s = s, h->next = handles[context % BUCKETS], handles[context % BUCKETS] = h;
    s->handles++, s->waits++;
    let_go();
    SOCKET number = up.lpWPUCreateSocketHandle(s->info.dwCatalogEntryId, context, lpErrno);
    hold();
    s->waits--;
    if (number != INVALID_SOCKET) return h->number = number;
    s->handles--;
    remove_handle(h);
    free(h);
    return INVALID_SOCKET;
}

/* The first handle; without one the socket goes again. */
static SOCKET open_socket(sock_t *s, LPINT lpErrno) {
    SOCKET number = new_handle(s, lpErrno);
    if (number == INVALID_SOCKET) close_socket(s);
    return number;
}

/* ---- WSPSocket */

static int given(INT value, INT entrys) {
    return value == 0 || value == WSP_FROM_PROTOCOL_INFO || value == entrys;
}

static INT check_multipoint(const WSAPROTOCOL_INFOW *info, DWORD flags) {
    const DWORD leaf = WSA_FLAG_MULTIPOINT_C_LEAF | WSA_FLAG_MULTIPOINT_D_LEAF;
    DWORD multipoint = flags & (leaf | WSA_FLAG_MULTIPOINT_C_ROOT | WSA_FLAG_MULTIPOINT_D_ROOT);
    return multipoint == 0 || (multipoint == leaf && info->iSocketType == WSP_SOCK_DGRAM) ? 0 : WSAEINVAL;
}

static INT check_triple(INT af, INT type, INT protocol, const WSAPROTOCOL_INFOW *info) {
    if (info == NULL) return WSAEFAULT;
    if (!given(af, info->iAddressFamily)) return WSAEAFNOSUPPORT;
    if (!given(type, info->iSocketType))
        return type == WSP_SOCK_STREAM || type == WSP_SOCK_DGRAM ? WSAEPROTOTYPE : WSAESOCKTNOSUPPORT;
    return given(protocol, info->iProtocol) ? 0 : WSAEPROTONOSUPPORT;
}

/* Sockets that wait for the WSPSocket of a duplicate. */
typedef struct offer {
    DWORD token;
    uint64_t id;
    struct offer *next;
} offer_t;

static offer_t *offers;
static DWORD next_token = 1;

static SOCKET open_duplicate(DWORD token, LPINT lpErrno) {
    hold();
    offer_t **p = &offers, *o;
    while (*p != NULL && (*p)->token != token) p = &(*p)->next;
    sock_t *s = (o = *p) == NULL ? NULL : socket_of(o->id);
    if (o != NULL) *p = o->next, free(o);
    int is_open = s != NULL && !s->closed;
    SOCKET number = is_open ? new_handle(s, lpErrno) : INVALID_SOCKET;
    tell_outbox();
    return is_open ? number : (fail(lpErrno, WSAEINVAL), INVALID_SOCKET);
}

INT WSPAPI posix_duplicate(SOCKET number, DWORD process, LPWSAPROTOCOL_INFOW info, LPINT lpErrno) {
    (void)process; /* The host knows of one alone. */
    if (info == NULL) return fail(lpErrno, WSAEFAULT);
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    offer_t *o = malloc(sizeof *o);
    if (o == NULL) return leave(WSAENOBUFS, lpErrno);
    *o = (offer_t){next_token++, h->s->id, offers};
    offers = o;
    *info = h->s->info;
    info->dwProviderReserved = o->token;
    return leave(0, lpErrno);
}

SOCKET WSPAPI posix_socket(INT af, INT type, INT protocol, LPWSAPROTOCOL_INFOW info, GROUP g, DWORD flags, LPINT lpErrno) {
    (void)g;
    INT error = check_triple(af, type, protocol, info);
    if (error == 0) error = check_multipoint(info, flags);
    if (error != 0) return fail(lpErrno, error), INVALID_SOCKET;
    if (info->dwProviderReserved != 0) return open_duplicate(info->dwProviderReserved, lpErrno);
    int family = info->iAddressFamily == WSP_AF_INET ? AF_INET : AF_INET6;
    int own_type = info->iSocketType == WSP_SOCK_STREAM ? SOCK_STREAM : SOCK_DGRAM;
    int fd = socket(family, own_type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return fail(lpErrno, winsock(errno)), INVALID_SOCKET;
    hold();
    sock_t *s = new_socket(fd, info, family, own_type);
    if (s == NULL) return let_go(), fail(lpErrno, WSAENOBUFS), INVALID_SOCKET;
    prepare(s);
    s->overlapped = (flags & WSA_FLAG_OVERLAPPED) != 0, s->leaf = (flags & WSA_FLAG_MULTIPOINT_C_LEAF) != 0;
    SOCKET number = open_socket(s, lpErrno);
    tell_outbox();
    return number;
}

/* ---- WSPCloseSocket */

static int has_unsent(const sock_t *s) {
    int bytes = 0;
    return s->sends.first != NULL || (ioctl(s->fd, TIOCOUTQ, &bytes) == 0 && bytes > 0);
}

/* Messages name a handle that is open. */
static void name_another(sock_t *s) {
    for (int i = 0; i < BUCKETS; i++)
        for (const handle_t *h = handles[i]; h != NULL; h = h->next)
            if (h->s == s && !h->closed) s->selection.named = h->number;
}

INT WSPAPI posix_close(SOCKET number, LPINT lpErrno) {
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    sock_t *s = h->s;
    int is_last = s->handles == 1, would_wait = s->lingers && s->linger_seconds > 0 && s->type == SOCK_STREAM;
    if (is_last && would_wait && s->nonblocking && has_unsent(s)) return leave(WSAEWOULDBLOCK, lpErrno);
    h->closed = 1, s->handles--;
    if (is_last) close_socket(s);
    else if (s->selection.named == number) name_another(s);
    release_unused(h); /* Behind the completions in the outbox. */
    return leave(0, lpErrno);
}

/* As by close, but hard and in silence: nobody is told of the operations that end. */
static void abandon(sock_t *s) {
    s->closed = 1, s->lingers = 1, s->linger_seconds = 0;
    forget_transfers(s);
    drop_deferred(s);
    settle(s);
    drop_unused(s);
}

static void abandon_handles(void) {
    for (int i = 0; i < BUCKETS; i++)
        for (handle_t *h = handles[i], *next; h != NULL; h = next) next = h->next, h->closed = 1, release_unused(h);
}

void abandon_all(void) {
    hold();
    forget_routines();
    for (int i = 0; i < BUCKETS; i++)
        for (sock_t *s = sockets[i], *next; s != NULL; s = next) next = s->next, abandon(s);
    abandon_handles();
    for (offer_t *o = offers, *next; o != NULL; o = next) next = o->next, free(o);
    offers = NULL;
    tell_outbox();
}

/* ---- names */

static int overlap(const struct sockaddr_storage *a, const struct sockaddr_storage *b) {
    if (a->ss_family != b->ss_family || port_of(a) != port_of(b)) return 0;
    struct sockaddr_storage same_host = *a;
    if (a->ss_family == AF_INET) ((struct sockaddr_in *)&same_host)->sin_addr = ((const struct sockaddr_in *)b)->sin_addr;
    else ((struct sockaddr_in6 *)&same_host)->sin6_addr = ((const struct sockaddr_in6 *)b)->sin6_addr;
    return is_any(a) || is_any(b) || memcmp(&same_host, a, size_of_address(a->ss_family)) == 0;
}

static int is_in_the_way(const sock_t *other, const sock_t *s, const struct sockaddr_storage *a) {
    return other != s && !other->closed && other->type == s->type && overlap(&other->bound, a) && !(s->reuses && other->reuses);
}

static int is_taken(const sock_t *s, const struct sockaddr_storage *a) {
    for (int i = 0; i < BUCKETS; i++)
        for (const sock_t *other = sockets[i]; other != NULL; other = other->next)
            if (is_in_the_way(other, s, a)) return 1;
    return 0;
}

/* On Windows the address of a connection that is over is free at once. Here it is for those alone who share addresses, so
 * each stream does; but then the system no longer minds two that are bound and do not listen. */
static INT bind_stream(sock_t *s, const struct sockaddr_storage *a) {
    int shares = !s->exclusive;
    if (port_of(a) != 0 && is_taken(s, a)) return WSAEADDRINUSE;
    setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &shares, sizeof shares);
    return bind(s->fd, (const struct sockaddr *)a, size_of_address(s->family)) == 0 ? 0 : winsock(errno);
}

static INT bind_datagram(sock_t *s, const struct sockaddr_storage *a) {
    setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &s->reuses, sizeof s->reuses);
    return bind(s->fd, (const struct sockaddr *)a, size_of_address(s->family)) == 0 ? 0 : winsock(errno);
}

INT WSPAPI posix_bind(SOCKET number, const wsp_sockaddr *name, INT length, LPINT lpErrno) {
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    sock_t *s = h->s;
    struct sockaddr_storage a;
    socklen_t size = sizeof s->bound;
    if (address_in(name, length, s->family, &a) != 0) return leave(WSAEFAULT, lpErrno);
    if (s->bound.ss_family != 0) return leave(WSAEINVAL, lpErrno);
    INT error = s->type == SOCK_STREAM ? bind_stream(s, &a) : bind_datagram(s, &a);
    if (error == 0) getsockname(s->fd, (struct sockaddr *)&s->bound, &size);
    settle(s);
    return leave(error, lpErrno);
}

INT WSPAPI posix_name(SOCKET number, wsp_sockaddr *name, LPINT length, LPINT lpErrno) {
    if (name == NULL || length == NULL) return fail(lpErrno, WSAEFAULT);
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    if (getsockname(h->s->fd, (struct sockaddr *)&own, &size) != 0) return leave(winsock(errno), lpErrno);
    return leave(port_of(&own) == 0 ? WSAEINVAL : address_out(&own, name, length), lpErrno);
}

int is_connected(const sock_t *s) {
    return s->state == CONNECTED;
}

/* The system forgets the peer of a connection that was reset. */
INT WSPAPI posix_peer(SOCKET number, wsp_sockaddr *name, LPINT length, LPINT lpErrno) {
    if (name == NULL || length == NULL) return fail(lpErrno, WSAEFAULT);
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    ready(h->s); /* A connect that went on may be over. */
    return leave(is_connected(h->s) ? address_out(&h->s->peer, name, length) : WSAENOTCONN, lpErrno);
}

/* ---- connections */

INT WSPAPI posix_listen(SOCKET number, INT backlog, LPINT lpErrno) {
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    sock_t *s = h->s;
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    if (s->type != SOCK_STREAM) return leave(WSAEOPNOTSUPP, lpErrno);
    if (s->state == CONNECTED) return leave(WSAEISCONN, lpErrno);
    if (getsockname(s->fd, (struct sockaddr *)&own, &size) != 0 || port_of(&own) == 0) return leave(WSAEINVAL, lpErrno);
    if (listen(s->fd, backlog < 1 ? 1 : backlog) != 0) return leave(winsock(errno), lpErrno);
    s->state = LISTENING;
    settle(s);
    return leave(0, lpErrno);
}

static INT connect_stream(sock_t *s) {
    if (port_of(&s->peer) == 0 || is_any(&s->peer)) return WSAEADDRNOTAVAIL;
    s->connect_failed = 0, s->error = 0;
    enable(s, FD_CONNECT | FD_WRITE);
    if (connect(s->fd, (struct sockaddr *)&s->peer, size_of_address(s->family)) == 0) return s->state = CONNECTED, 0;
    if (errno == EINPROGRESS) return s->state = CONNECTING, WSAEWOULDBLOCK;
    /* Over loopback a refusal comes at once; a non-blocking client expects it later. */
    INT error = winsock(errno);
    int comes_later = s->nonblocking && (error == WSAECONNREFUSED || error == WSAENETUNREACH || error == WSAEHOSTUNREACH);
    if (!comes_later) return error;
    s->connect_failed = 1, s->error = error;
    report(s, FD_CONNECT, error, 0);
    return WSAEWOULDBLOCK;
}

static INT await_connect(sock_t *s) {
    INT error = 0;
    while (s->state == CONNECTING && error == 0) {
        error = wait_for(s, NULL);
        if (error == 0) ready(s);
    }
    if (error != 0 || s->state == CONNECTED) return error;
    error = s->error;
    s->connect_failed = 0, s->error = 0; /* It is returned, and not kept. */
    return error;
}

/* What has come from others before goes. */
static void discard_datagrams(sock_t *s) {
    char byte;
    collect_errors(s);
    while (recv(s->fd, &byte, 1, MSG_DONTWAIT) >= 0) {}
    s->unreachable = 0;
}

static INT connect_datagram(sock_t *s) {
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    int dissolves = is_any(&s->peer) && port_of(&s->peer) == 0;
    const struct sockaddr *peer = dissolves ? &nobody : (struct sockaddr *)&s->peer;
    if (connect(s->fd, peer, dissolves ? sizeof nobody : size_of_address(s->family)) != 0) return winsock(errno);
    discard_datagrams(s);
    s->state = dissolves ? FRESH : CONNECTED;
    enable(s, FD_CONNECT);
    return 0;
}

static INT check_connect(const sock_t *s, LPWSABUF data, LPQOS qos) {
    if (s->type == SOCK_STREAM && s->state == LISTENING) return WSAEINVAL;
    if (s->type == SOCK_STREAM && s->state == CONNECTED) return WSAEISCONN;
    if (s->state == CONNECTING) return WSAEALREADY;
    return data != NULL ? WSAEPROTONOSUPPORT : qos != NULL ? WSAEOPNOTSUPP : 0;
}

INT WSPAPI posix_connect(SOCKET number, const wsp_sockaddr *name, INT length, LPWSABUF data, LPWSABUF answer, LPQOS qos,
    LPQOS group_qos, LPINT lpErrno) {
    (void)answer, (void)group_qos;
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    sock_t *s = h->s;
    ready(s);
    struct sockaddr_storage peer;
    INT error = address_in(name, length, s->family, &peer);
    if (error == 0) error = check_connect(s, data, qos);
    if (error != 0) return leave(error, lpErrno);
    s->peer = peer;
    error = s->type == SOCK_STREAM ? connect_stream(s) : connect_datagram(s);
    if (error == WSAEWOULDBLOCK && !s->nonblocking) error = await_connect(s);
    settle(s);
    drop_unused(s);
    return leave(error, lpErrno);
}

/* ---- accepting */

static INT take_connection(sock_t *s, deferred_t *c) {
    deferred_t *d = s->deferred;
    if (d != NULL) {
        *c = *d;
        s->deferred = d->next;
        return free(d), 0;
    }
    socklen_t size = sizeof c->peer;
    do c->fd = accept4(s->fd, (struct sockaddr *)&c->peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    while (c->fd < 0 && errno == ECONNABORTED);
    return c->fd < 0 ? winsock(errno) : 0;
}

static void put_back(sock_t *s, const deferred_t *c) {
    deferred_t *d = malloc(sizeof *d);
    if (d == NULL) {
        reset_descriptor(c->fd);
        return;
    }
    *d = *c;
    d->next = s->deferred, s->deferred = d;
}

/* Asks the client, without the lock. */
static INT ask(sock_t *s, const deferred_t *c, LPCONDITIONPROC condition, DWORD_PTR data) {
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    wsp_sockaddr_storage caller, callee;
    INT caller_size = sizeof caller, callee_size = sizeof callee;
    GROUP g = 0;
    getsockname(s->fd, (struct sockaddr *)&own, &size);
    address_out(&c->peer, (wsp_sockaddr *)&caller, &caller_size);
    address_out(&own, (wsp_sockaddr *)&callee, &callee_size);
    WSABUF from = {(ULONG)caller_size, (CHAR *)&caller}, to = {(ULONG)callee_size, (CHAR *)&callee};
    let_go();
    INT decision = condition(&from, NULL, NULL, NULL, &to, NULL, &g, data);
    hold();
    return decision;
}

static INT decide(sock_t *s, const deferred_t *c, LPCONDITIONPROC condition, DWORD_PTR data) {
    INT decision = condition == NULL ? CF_ACCEPT : ask(s, c, condition, data);
    if (decision == CF_ACCEPT && !s->closed) return 0;
    if (decision == CF_REJECT || s->closed) return reset_descriptor(c->fd), s->closed ? WSAEINTR : WSAECONNREFUSED;
    put_back(s, c);
    return decision == CF_DEFER ? WSATRY_AGAIN : WSAEINVAL;
}

/* The new socket is as its listener, but for what has to do with listening. */
static SOCKET adopt(const sock_t *listener, const deferred_t *c, LPINT lpErrno) {
    sock_t *s = new_socket(c->fd, &listener->info, listener->family, listener->type);
    if (s == NULL) return fail(lpErrno, WSAENOBUFS), INVALID_SOCKET;
    s->state = CONNECTED, s->peer = c->peer;
    s->overlapped = listener->overlapped, s->nonblocking = listener->nonblocking;
    s->receive_timeout = listener->receive_timeout, s->send_timeout = listener->send_timeout;
    s->lingers = listener->lingers, s->linger_seconds = listener->linger_seconds;
    s->debug = listener->debug;
    SOCKET number = open_socket(s, lpErrno);
    if (number == INVALID_SOCKET) return number;
    inherit(s, listener, number);
    settle(s);
    return number;
}

static INT await_connection(sock_t *s, deferred_t *c) {
    INT error;
    while ((error = take_connection(s, c)) == WSAEWOULDBLOCK && !s->nonblocking)
        if ((error = wait_for(s, NULL)) != 0) return error;
    return error;
}

static INT check_accept(const sock_t *s, const wsp_sockaddr *addr, const INT *length) {
    if (s->type != SOCK_STREAM) return WSAEOPNOTSUPP;
    if (s->state != LISTENING) return WSAEINVAL;
    return addr != NULL && length != NULL && *length < (INT)size_of_address(s->family) ? WSAEFAULT : 0;
}

SOCKET WSPAPI posix_accept(SOCKET number, wsp_sockaddr *addr, LPINT length, LPCONDITIONPROC condition, DWORD_PTR data,
    LPINT lpErrno) {
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return INVALID_SOCKET;
    sock_t *s = h->s;
    deferred_t c = {0};
    SOCKET accepted = INVALID_SOCKET;
    INT error = check_accept(s, addr, length);
    s->waits++; /* It lasts, although the lock is free at times. */
    if (error == 0) error = await_connection(s, &c);
    if (error == 0) error = decide(s, &c, condition, data);
    if (error != WSATRY_AGAIN) enable(s, FD_ACCEPT);
    if (error == 0 && (accepted = adopt(s, &c, lpErrno)) == INVALID_SOCKET) error = *lpErrno;
    if (error == 0) address_out(&c.peer, addr, length);
    s->waits--;
    settle(s);
    drop_unused(s);
    return leave(error, lpErrno) == 0 ? accepted : INVALID_SOCKET;
}

/* ---- ends */

INT WSPAPI posix_shutdown(SOCKET number, INT how, LPINT lpErrno) {
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    sock_t *s = h->s;
    if (how != WSP_SD_RECEIVE && how != WSP_SD_SEND && how != WSP_SD_BOTH) return leave(WSAEINVAL, lpErrno);
    if (s->type == SOCK_STREAM && !is_connected(s)) return leave(WSAENOTCONN, lpErrno);
    /* The system is not told of the first: it would end the stream where Winsock refuses to receive. */
    if (how != WSP_SD_SEND) s->receive_shut = 1;
    if (how != WSP_SD_RECEIVE) s->send_shut = 1;
    settle(s);
    return leave(0, lpErrno);
}

INT WSPAPI posix_send_disconnect(SOCKET h, LPWSABUF data, LPINT lpErrno) {
    return data != NULL ? fail(lpErrno, WSAENOPROTOOPT) : posix_shutdown(h, WSP_SD_SEND, lpErrno);
}

INT WSPAPI posix_receive_disconnect(SOCKET h, LPWSABUF data, LPINT lpErrno) {
    return data != NULL ? fail(lpErrno, WSAENOPROTOOPT) : posix_shutdown(h, WSP_SD_RECEIVE, lpErrno);
}

/* ---- groups */

static INT check_join(const sock_t *s, LPWSABUF data, LPQOS qos, DWORD flags, const struct sockaddr_storage *group) {
    if (!s->leaf) return WSAEINVAL;
    if (flags != 1 && flags != 2 && flags != 4) return WSAEINVAL; /* JL_SENDER_ONLY, JL_RECEIVER_ONLY, JL_BOTH */
    if (data != NULL) return WSAEPROTONOSUPPORT;
    if (qos != NULL) return WSAEOPNOTSUPP;
    if (!is_group(group)) return WSAEADDRNOTAVAIL;
    return s->joined ? WSAEISCONN : 0;
}

SOCKET WSPAPI posix_join_leaf(SOCKET number, const wsp_sockaddr *name, INT length, LPWSABUF data, LPWSABUF answer, LPQOS qos,
    LPQOS group_qos, DWORD flags, LPINT lpErrno) {
    (void)answer, (void)group_qos;
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return INVALID_SOCKET;
    sock_t *s = h->s;
    struct sockaddr_storage group;
    INT error = s->type != SOCK_DGRAM ? WSAEOPNOTSUPP : address_in(name, length, s->family, &group);
    if (error == 0) error = check_join(s, data, qos, flags, &group);
    if (error == 0 && flags != 1) error = join_group(s, &group);
    if (error == 0) s->joined = 1;
    if (error == 0) report(s, FD_CONNECT, 0, 0);
    return leave(error, lpErrno) == 0 ? number : INVALID_SOCKET;
}
