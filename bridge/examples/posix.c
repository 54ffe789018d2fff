/*
 * A base provider over the sockets of a POSIX system: TCP and UDP over IPv4, the smallest one that an application can work
 * with. Its handles are file descriptors, which it registers by WPUModifyIFSHandle; so the host's file functions read and
 * write them.
 *
 * All descriptors are non-blocking; a call on a blocking socket waits by poll(2). One thread of the provider's own polls for
 * overlapped receives and for network events. What is missing answers WSAEOPNOTSUPP.
 *
 * Install it with   ws2 catalog add --path libposix.so
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define WSP_IMPLEMENT_HOST_SERVICES
#include "threads.h"
#include "ws2spi.h"

/* An overlapped receive that waits for data. */
typedef struct request {
    LPWSAOVERLAPPED block;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    WSATHREADID thread;
    wsp_sockaddr *from;
    LPINT fromlen;
    DWORD flags, count;
    struct request *next;
    WSABUF buffers[];
} request_t;

typedef struct sock {
    int fd, type, nonblocking, listening, connecting;
    int receive_timeout, send_timeout;
    DWORD entry;
    request_t *receives; /* in their order */
    WSAEVENT event;      /* WSPEventSelect: where to, which, what has happened, what is not reported again yet */
    LONG selected, recorded, silent;
    struct sock *next;
} sock_t;

static lock_t guard = LOCK_INIT;
static WSPUPCALLTABLE up;
static WSAPROTOCOL_INFOW entries[2];
static sock_t *sockets;
static int starts, wake[2] = {-1, -1};
static thread_t poller;

static INT fail(LPINT lpErrno, INT error) {
    *lpErrno = error;
    return SOCKET_ERROR;
}

static INT winsock(int error) {
    switch (error) {
    case EAGAIN: return WSAEWOULDBLOCK;
    case EINPROGRESS: return WSAEWOULDBLOCK;
    case EALREADY: return WSAEALREADY;
    case EACCES: case EPERM: return WSAEACCES;
    case EADDRINUSE: return WSAEADDRINUSE;
    case EADDRNOTAVAIL: return WSAEADDRNOTAVAIL;
    case EAFNOSUPPORT: return WSAEAFNOSUPPORT;
    case ECONNABORTED: return WSAECONNABORTED;
    case ECONNREFUSED: return WSAECONNREFUSED;
    case ECONNRESET: return WSAECONNRESET;
    case EPIPE: return WSAECONNABORTED;
    case EDESTADDRREQ: return WSAEDESTADDRREQ;
    case EFAULT: return WSAEFAULT;
    case EHOSTUNREACH: return WSAEHOSTUNREACH;
    case EISCONN: return WSAEISCONN;
    case EMFILE: case ENFILE: return WSAEMFILE;
    case EMSGSIZE: return WSAEMSGSIZE;
    case ENETDOWN: return WSAENETDOWN;
    case ENETUNREACH: return WSAENETUNREACH;
    case ENOBUFS: case ENOMEM: return WSAENOBUFS;
    case ENOTCONN: return WSAENOTCONN;
    case ENOTSOCK: case EBADF: return WSAENOTSOCK;
    case EOPNOTSUPP: return WSAEOPNOTSUPP;
    case ETIMEDOUT: return WSAETIMEDOUT;
    default: return WSAEINVAL;
    }
}

/* ---- sockets: under the lock, since any thread may close one */

static sock_t *find(SOCKET s) {
    sock_t *found = sockets;
    while (found != NULL && (SOCKET)found->fd != s) found = found->next;
    return found;
}

static int open_socket(SOCKET s, sock_t *copy, LPINT lpErrno) {
    lock(&guard);
    sock_t *found = find(s);
    if (found != NULL) *copy = *found;
    unlock(&guard);
    if (found == NULL) fail(lpErrno, WSAENOTSOCK);
    return found != NULL;
}

static void wake_up(void) {
    (void)!write(wake[1], "", 1);
}

static SOCKET adopt(int fd, int type, DWORD entry, LPINT lpErrno) {
    sock_t *s = calloc(1, sizeof *s);
    if (s == NULL) return close(fd), fail(lpErrno, WSAENOBUFS), INVALID_SOCKET;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    s->fd = fd, s->type = type, s->entry = entry;
    lock(&guard);
    s->next = sockets, sockets = s;
    unlock(&guard);
    /* Before the descriptor leaves the provider, and the very same one comes back. */
    if (up.lpWPUModifyIFSHandle(entry, (SOCKET)fd, lpErrno) == (SOCKET)fd) return (SOCKET)fd;
    lock(&guard);
    for (sock_t **p = &sockets; *p != NULL; p = &(*p)->next)
        if (*p == s) { *p = s->next; break; }
    unlock(&guard);
    return close(fd), free(s), INVALID_SOCKET;
}

static SOCKET WSPAPI posix_socket(INT af, INT type, INT protocol, LPWSAPROTOCOL_INFOW info, GROUP g, DWORD flags, LPINT lpErrno) {
    (void)g, (void)flags;
    if (af != 0 && af != WSP_FROM_PROTOCOL_INFO && af != WSP_AF_INET) return fail(lpErrno, WSAEAFNOSUPPORT), INVALID_SOCKET;
    if (type == 0 || type == WSP_FROM_PROTOCOL_INFO) type = info->iSocketType;
    if (type != info->iSocketType) return fail(lpErrno, WSAESOCKTNOSUPPORT), INVALID_SOCKET;
    if (protocol != 0 && protocol != WSP_FROM_PROTOCOL_INFO && protocol != info->iProtocol)
        return fail(lpErrno, WSAEPROTONOSUPPORT), INVALID_SOCKET;
    if (info->dwProviderReserved != 0) return fail(lpErrno, WSAEINVAL), INVALID_SOCKET;
    int fd = socket(AF_INET, (type == WSP_SOCK_STREAM ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    return fd < 0 ? (SOCKET)fail(lpErrno, winsock(errno)) : adopt(fd, type, info->dwCatalogEntryId, lpErrno);
}

static void enable(SOCKET h, LONG events);
static void complete(int fd, request_t *r, INT error, DWORD bytes);

static INT WSPAPI posix_close(SOCKET s, LPINT lpErrno) {
    lock(&guard);
    sock_t *gone = NULL;
    for (sock_t **p = &sockets; *p != NULL && gone == NULL;) {
        if ((SOCKET)(*p)->fd == s) gone = *p, *p = gone->next;
        else p = &(*p)->next;
    }
    unlock(&guard);
    if (gone == NULL) return fail(lpErrno, WSAENOTSOCK);
    shutdown(gone->fd, SHUT_RDWR); /* ends the waits of other threads */
    for (request_t *r = gone->receives, *n; r != NULL; r = n) n = r->next, complete(gone->fd, r, WSA_OPERATION_ABORTED, 0);
    close(gone->fd);
    free(gone);
    wake_up();
    return 0;
}

/* Waits for readiness; 0, or an error. */
static INT wait_until(int fd, short events, int millis) {
    struct pollfd p = {fd, events, 0};
    int n;
    do n = poll(&p, 1, millis > 0 ? millis : -1);
    while (n < 0 && errno == EINTR);
    lock(&guard);
    int open = find((SOCKET)fd) != NULL;
    unlock(&guard);
    return !open ? WSAEINTR : n == 0 ? WSAETIMEDOUT : n < 0 ? winsock(errno) : 0;
}

/* ---- addresses: those of IPv4 have the same layout on both sides, but for the family's number elsewhere */

static int address_in(const wsp_sockaddr *name, INT length, struct sockaddr_in *to, LPINT lpErrno) {
    if (name == NULL || length < (INT)sizeof(wsp_sockaddr_in)) return fail(lpErrno, WSAEFAULT), 0;
    if (name->sa_family != WSP_AF_INET) return fail(lpErrno, WSAEAFNOSUPPORT), 0;
    const wsp_sockaddr_in *from = (const wsp_sockaddr_in *)name;
    memset(to, 0, sizeof *to);
    to->sin_family = AF_INET, to->sin_port = from->sin_port, to->sin_addr.s_addr = from->sin_addr.s_addr;
    return 1;
}

static INT address_out(const struct sockaddr_in *from, wsp_sockaddr *name, LPINT length, LPINT lpErrno) {
    if (name == NULL || length == NULL) return 0;
    if (*length < (INT)sizeof(wsp_sockaddr_in)) return fail(lpErrno, WSAEFAULT);
    wsp_sockaddr_in *to = (wsp_sockaddr_in *)name;
    memset(to, 0, sizeof *to);
    to->sin_family = WSP_AF_INET, to->sin_port = from->sin_port, to->sin_addr.s_addr = from->sin_addr.s_addr;
    *length = sizeof *to;
    return 0;
}

static INT WSPAPI posix_bind(SOCKET h, const wsp_sockaddr *name, INT length, LPINT lpErrno) {
    sock_t s;
    struct sockaddr_in to;
    if (!open_socket(h, &s, lpErrno) || !address_in(name, length, &to, lpErrno)) return SOCKET_ERROR;
    return bind(s.fd, (struct sockaddr *)&to, sizeof to) == 0 ? 0 : fail(lpErrno, winsock(errno));
}

static INT WSPAPI posix_listen(SOCKET h, INT backlog, LPINT lpErrno) {
    sock_t s;
    struct sockaddr_in own;
    socklen_t length = sizeof own;
    if (!open_socket(h, &s, lpErrno)) return SOCKET_ERROR;
    if (s.type != WSP_SOCK_STREAM) return fail(lpErrno, WSAEOPNOTSUPP);
    if (getsockname(s.fd, (struct sockaddr *)&own, &length) != 0 || own.sin_port == 0) return fail(lpErrno, WSAEINVAL);
    return listen(s.fd, backlog < 1 ? 1 : backlog) == 0 ? 0 : fail(lpErrno, winsock(errno));
}

static INT WSPAPI posix_connect(SOCKET h, const wsp_sockaddr *name, INT length, LPWSABUF caller, LPWSABUF callee, LPQOS sqos, LPQOS gqos, LPINT lpErrno) {
    sock_t s;
    struct sockaddr_in to;
    (void)callee, (void)gqos;
    if (!open_socket(h, &s, lpErrno) || !address_in(name, length, &to, lpErrno)) return SOCKET_ERROR;
    if (caller != NULL) return fail(lpErrno, WSAEPROTONOSUPPORT);
    if (sqos != NULL) return fail(lpErrno, WSAEOPNOTSUPP);
    if (connect(s.fd, (struct sockaddr *)&to, sizeof to) == 0) return 0;
    if (errno != EINPROGRESS || s.nonblocking) return fail(lpErrno, winsock(errno));
    int error = 0;
    socklen_t size = sizeof error;
    if ((*lpErrno = wait_until(s.fd, POLLOUT, 0)) != 0) return SOCKET_ERROR;
    getsockopt(s.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? 0 : fail(lpErrno, winsock(error));
}

static void enable(SOCKET h, LONG events) {
    lock(&guard);
    sock_t *s = find(h);
    if (s != NULL) s->silent &= ~events;
    unlock(&guard);
    wake_up();
}

static SOCKET WSPAPI posix_accept(SOCKET h, wsp_sockaddr *addr, LPINT addrlen, LPCONDITIONPROC condition, DWORD_PTR data, LPINT lpErrno) {
    sock_t s;
    struct sockaddr_in from;
    (void)data;
    if (!open_socket(h, &s, lpErrno)) return INVALID_SOCKET;
    if (condition != NULL) return fail(lpErrno, WSAEOPNOTSUPP), INVALID_SOCKET;
    for (;;) {
        socklen_t length = sizeof from;
        int fd = accept(s.fd, (struct sockaddr *)&from, &length);
        enable(h, FD_ACCEPT);
        if (fd >= 0) {
            address_out(&from, addr, addrlen, lpErrno);
            return adopt(fd, s.type, s.entry, lpErrno);
        }
        if (errno != EAGAIN || s.nonblocking) return (SOCKET)fail(lpErrno, winsock(errno));
        if ((*lpErrno = wait_until(s.fd, POLLIN, 0)) != 0) return INVALID_SOCKET;
    }
}

static INT WSPAPI posix_shutdown(SOCKET h, INT how, LPINT lpErrno) {
    sock_t s;
    if (!open_socket(h, &s, lpErrno)) return SOCKET_ERROR;
    if (how < 0 || how > 2) return fail(lpErrno, WSAEINVAL);
    return shutdown(s.fd, how) == 0 ? 0 : fail(lpErrno, winsock(errno));
}

static INT WSPAPI posix_name(SOCKET h, wsp_sockaddr *name, LPINT length, LPINT lpErrno) {
    sock_t s;
    struct sockaddr_in own;
    socklen_t size = sizeof own;
    if (!open_socket(h, &s, lpErrno)) return SOCKET_ERROR;
    if (getsockname(s.fd, (struct sockaddr *)&own, &size) != 0) return fail(lpErrno, winsock(errno));
    return own.sin_port == 0 ? fail(lpErrno, WSAEINVAL) : address_out(&own, name, length, lpErrno);
}

static INT WSPAPI posix_peer(SOCKET h, wsp_sockaddr *name, LPINT length, LPINT lpErrno) {
    sock_t s;
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    if (!open_socket(h, &s, lpErrno)) return SOCKET_ERROR;
    return getpeername(s.fd, (struct sockaddr *)&peer, &size) != 0 ? fail(lpErrno, winsock(errno)) : address_out(&peer, name, length, lpErrno);
}

/* ---- data */

#define MOST_BUFFERS 64

static struct msghdr message(LPWSABUF buffers, DWORD count, struct iovec *pieces, struct sockaddr_in *address) {
    struct msghdr m = {.msg_iov = pieces, .msg_iovlen = count};
    for (DWORD i = 0; i < count; i++) pieces[i].iov_base = buffers[i].buf, pieces[i].iov_len = buffers[i].len;
    if (address != NULL) m.msg_name = address, m.msg_namelen = sizeof *address;
    return m;
}

/* Receives once, without waiting; 0, or an error. */
static INT receive(int fd, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags, wsp_sockaddr *from, LPINT fromlen) {
    struct iovec pieces[MOST_BUFFERS];
    struct sockaddr_in source = {0};
    INT error = 0;
    struct msghdr m = message(buffers, count, pieces, &source);
    ssize_t n = recvmsg(fd, &m, (flags & WSP_MSG_PEEK) != 0 ? MSG_PEEK : 0);
    if (n < 0) return winsock(errno);
    *bytes = (DWORD)n;
    if (from != NULL && m.msg_namelen >= sizeof source) address_out(&source, from, fromlen, &error);
    return error != 0 ? error : (m.msg_flags & MSG_TRUNC) != 0 ? WSAEMSGSIZE : 0;
}

static void CALLBACK run_routine(DWORD_PTR context) {
    request_t *r = (request_t *)context;
    LPWSAOVERLAPPED block = r->block;
    INT error = (INT)block->OffsetHigh;
    DWORD bytes = (DWORD)block->InternalHigh;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine = r->routine;
    free(r);
    __atomic_store_n(&block->Internal, (ULONG_PTR)error, __ATOMIC_RELEASE);
    routine((DWORD)error, bytes, block, 0);
}

static void complete(int fd, request_t *r, INT error, DWORD bytes) {
    INT ignored;
    r->block->Offset = 0, r->block->OffsetHigh = (DWORD)error, r->block->InternalHigh = bytes;
    if (r->routine != NULL && up.lpWPUQueueApc(&r->thread, run_routine, (DWORD_PTR)r, &ignored) == 0) return;
    if (r->routine == NULL) wsp_host->CompleteFileRequest((SOCKET)fd, r->block, (DWORD)error, bytes, &ignored);
    free(r);
}

/* Queues a receive for the poller, behind those that wait already. */
static INT queue(SOCKET h, request_t *r, LPINT lpErrno) {
    r->block->OffsetHigh = 0;
    __atomic_store_n(&r->block->Internal, WSS_OPERATION_IN_PROGRESS, __ATOMIC_RELEASE);
    lock(&guard);
    sock_t *s = find(h);
    request_t **last = s == NULL ? NULL : &s->receives;
    while (last != NULL && *last != NULL) last = &(*last)->next;
    if (last != NULL) *last = r;
    unlock(&guard);
    if (last == NULL) return free(r), fail(lpErrno, WSAENOTSOCK);
    wake_up();
    return fail(lpErrno, WSA_IO_PENDING);
}

static INT WSPAPI posix_recv_from(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags, wsp_sockaddr *from, LPINT fromlen, LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    sock_t s;
    if (!open_socket(h, &s, lpErrno)) return SOCKET_ERROR;
    if (count == 0 || count > MOST_BUFFERS) return fail(lpErrno, WSAEINVAL);
    if ((*flags & ~(DWORD)(WSP_MSG_PEEK | WSP_MSG_PARTIAL)) != 0) return fail(lpErrno, WSAEOPNOTSUPP);
    if (block != NULL) {
        request_t *r = calloc(1, sizeof *r + count * sizeof *buffers);
        if (r == NULL) return fail(lpErrno, WSAENOBUFS);
        r->block = block, r->routine = routine, r->from = from, r->fromlen = fromlen, r->flags = *flags, r->count = count;
        if (thread != NULL) r->thread = *thread;
        memcpy(r->buffers, buffers, count * sizeof *buffers);
        return queue(h, r, lpErrno);
    }
    for (;;) {
        INT error = receive(s.fd, buffers, count, bytes, *flags, from, fromlen);
        enable(h, FD_READ);
        if (error == 0) return *flags = 0, 0;
        if (error != WSAEWOULDBLOCK || s.nonblocking) return fail(lpErrno, error);
        if ((*lpErrno = wait_until(s.fd, POLLIN, s.receive_timeout)) != 0) return SOCKET_ERROR;
    }
}

static INT WSPAPI posix_recv(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags, LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    return posix_recv_from(h, buffers, count, bytes, flags, NULL, NULL, block, routine, thread, lpErrno);
}

/* What is left of some buffers behind the bytes that are done. */
static DWORD rest(LPWSABUF buffers, DWORD count, size_t done, WSABUF *left) {
    DWORD n = 0;
    for (DWORD i = 0; i < count; i++) {
        size_t skipped = done < buffers[i].len ? done : buffers[i].len;
        done -= skipped;
        if (skipped == buffers[i].len && i + 1 < count) continue;
        left[n].buf = buffers[i].buf + skipped, left[n++].len = buffers[i].len - (ULONG)skipped;
    }
    return n;
}

/* A send waits until the system has taken everything, also an overlapped one: that is over then, and is indicated at once. */
static INT WSPAPI posix_send_to(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags, const wsp_sockaddr *to, INT tolen, LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    sock_t s;
    struct sockaddr_in target;
    WSABUF left[MOST_BUFFERS];
    size_t done = 0, total = 0;
    if (!open_socket(h, &s, lpErrno) || (to != NULL && !address_in(to, tolen, &target, lpErrno))) return SOCKET_ERROR;
    if (count == 0 || count > MOST_BUFFERS) return fail(lpErrno, WSAEINVAL);
    if ((flags & ~(DWORD)WSP_MSG_PARTIAL) != 0) return fail(lpErrno, WSAEOPNOTSUPP);
    for (DWORD i = 0; i < count; i++) total += buffers[i].len;
    do {
        struct iovec pieces[MOST_BUFFERS];
        struct msghdr m = message(left, rest(buffers, count, done, left), pieces, to != NULL && s.type == WSP_SOCK_DGRAM ? &target : NULL);
        ssize_t n = sendmsg(s.fd, &m, MSG_NOSIGNAL);
        if (n >= 0) {
            done += (size_t)n;
            continue;
        }
        if (errno != EAGAIN) return fail(lpErrno, winsock(errno));
        enable(h, FD_WRITE);
        if (s.nonblocking && block == NULL && done > 0) break;
        if (s.nonblocking && block == NULL) return fail(lpErrno, WSAEWOULDBLOCK);
        if ((*lpErrno = wait_until(s.fd, POLLOUT, s.send_timeout)) != 0) return SOCKET_ERROR;
    } while (done < total && s.type == WSP_SOCK_STREAM);
    if (bytes != NULL) *bytes = (DWORD)done;
    if (block != NULL) {
        request_t *r = calloc(1, sizeof *r);
        if (r == NULL) return fail(lpErrno, WSAENOBUFS);
        r->block = block, r->routine = routine;
        if (thread != NULL) r->thread = *thread;
        complete(s.fd, r, 0, (DWORD)done);
    }
    return 0;
}

static INT WSPAPI posix_send(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags, LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    return posix_send_to(h, buffers, count, bytes, flags, NULL, 0, block, routine, thread, lpErrno);
}

static BOOL WSPAPI posix_result(SOCKET h, LPWSAOVERLAPPED block, LPDWORD bytes, BOOL wait, LPDWORD flags, LPINT lpErrno) {
    sock_t s;
    if (!open_socket(h, &s, lpErrno)) return FALSE;
    if (block == NULL) return fail(lpErrno, WSAEFAULT), FALSE;
    HANDLE event = (HANDLE)((ULONG_PTR)block->hEvent & ~(ULONG_PTR)1);
    while (__atomic_load_n(&block->Internal, __ATOMIC_ACQUIRE) == WSS_OPERATION_IN_PROGRESS) {
        if (!wait) return fail(lpErrno, WSA_IO_INCOMPLETE), FALSE;
        if (event == NULL) return fail(lpErrno, WSA_INVALID_HANDLE), FALSE;
        if (wsp_host->WaitForMultipleObjects(1, &event, FALSE, INFINITE, FALSE, lpErrno) != 0) return FALSE;
    }
    *bytes = (DWORD)block->InternalHigh, *flags = block->Offset;
    return block->OffsetHigh == 0 ? TRUE : (fail(lpErrno, (INT)block->OffsetHigh), FALSE);
}

/* ---- the poller: overlapped receives, and network events */

static LONG happened(const sock_t *s, short ready) {
    LONG events = 0;
    CHAR byte;
    if (s->listening) return (ready & POLLIN) != 0 ? FD_ACCEPT : 0;
    if (s->connecting) return (ready & (POLLOUT | POLLERR | POLLHUP)) != 0 ? FD_CONNECT | ((ready & POLLERR) != 0 ? 0 : FD_WRITE) : 0;
    if ((ready & POLLIN) != 0) events |= recv(s->fd, &byte, 1, MSG_PEEK) == 0 && s->type == WSP_SOCK_STREAM ? FD_CLOSE : FD_READ;
    if ((ready & POLLOUT) != 0) events |= FD_WRITE;
    if ((ready & (POLLHUP | POLLERR)) != 0 && (events & FD_READ) == 0) events |= FD_CLOSE;
    return events;
}

static void note(sock_t *s, short ready) {
    LONG fresh = happened(s, ready) & s->selected & ~s->silent;
    INT ignored;
    if ((fresh & FD_CONNECT) != 0) s->connecting = 0;
    s->silent |= fresh, s->recorded |= fresh;
    if (fresh != 0 && s->event != NULL) up.lpWPUSetEvent(s->event, &ignored);
}

/* Takes the first receive of a socket that can be answered; null if none can. */
static request_t *answered(sock_t *s, INT *error, DWORD *bytes) {
    request_t *r = s->receives;
    if (r == NULL) return NULL;
    *error = receive(s->fd, r->buffers, r->count, bytes, r->flags, r->from, r->fromlen);
    if (*error == WSAEWOULDBLOCK) return NULL;
    s->receives = r->next;
    return r;
}

#define MOST_POLLED 1024

static THREAD_FUNCTION poll_all(void *unused) {
    static struct pollfd polled[MOST_POLLED];
    (void)unused;
    for (;;) {
        nfds_t n = 1;
        polled[0] = (struct pollfd){wake[0], POLLIN, 0};
        lock(&guard);
        for (sock_t *s = sockets; s != NULL && n < MOST_POLLED; s = s->next) {
            LONG wanted = s->selected & ~s->silent;
            short events = (short)((s->receives != NULL || (wanted & (FD_READ | FD_ACCEPT | FD_CLOSE)) != 0 ? POLLIN : 0) | ((wanted & (FD_WRITE | FD_CONNECT)) != 0 ? POLLOUT : 0));
            if (events != 0) polled[n++] = (struct pollfd){s->fd, events, 0};
        }
        unlock(&guard);
        poll(polled, n, -1);
        CHAR bytes[64];
        ssize_t woken = polled[0].revents != 0 ? read(wake[0], bytes, sizeof bytes) : 0;
        if (woken > 0 && memchr(bytes, 'q', (size_t)woken) != NULL) return THREAD_END;
        for (nfds_t i = 1; i < n; i++) {
            INT error = 0;
            DWORD count = 0;
            lock(&guard);
            sock_t *s = polled[i].revents != 0 ? find((SOCKET)polled[i].fd) : NULL;
            request_t *r = s == NULL ? NULL : answered(s, &error, &count);
            if (s != NULL && r == NULL) note(s, polled[i].revents);
            unlock(&guard);
            if (r != NULL) complete(polled[i].fd, r, error, count);
        }
    }
}

static INT WSPAPI posix_events(SOCKET h, WSAEVENT event, LONG events, LPINT lpErrno) {
    if ((events & ~FD_ALL_EVENTS) != 0) return fail(lpErrno, WSAEINVAL);
    lock(&guard);
    sock_t *s = find(h);
    int connected = 0, accepts = 0;
    socklen_t size = sizeof accepts;
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    if (s != NULL) {
        getsockopt(s->fd, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size);
        connected = getpeername(s->fd, (struct sockaddr *)&peer, &length) == 0;
        s->nonblocking = 1, s->event = events == 0 ? NULL : event, s->selected = events, s->recorded = 0, s->silent = 0;
        s->listening = accepts, s->connecting = s->type == WSP_SOCK_STREAM && !connected && !accepts;
    }
    unlock(&guard);
    if (s == NULL) return fail(lpErrno, WSAENOTSOCK);
    wake_up();
    return 0;
}

static INT WSPAPI posix_enum_events(SOCKET h, WSAEVENT event, LPWSANETWORKEVENTS events, LPINT lpErrno) {
    INT ignored;
    lock(&guard);
    sock_t *s = find(h);
    if (s != NULL) {
        memset(events, 0, sizeof *events);
        events->lNetworkEvents = s->recorded;
        s->recorded = 0;
        int error = 0;
        socklen_t size = sizeof error;
        if ((events->lNetworkEvents & FD_CONNECT) != 0 && getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0)
            events->iErrorCode[4] = winsock(error);
        if (event != NULL) up.lpWPUResetEvent(event, &ignored);
    }
    unlock(&guard);
    return s == NULL ? fail(lpErrno, WSAENOTSOCK) : 0;
}

static INT poll_sets(wsp_fd_set *r, wsp_fd_set *w, wsp_fd_set *e, int millis, LPINT lpErrno) {
    wsp_fd_set *sets[] = {r, w, e};
    const short wanted[] = {POLLIN, POLLOUT, POLLPRI}, counts[] = {POLLIN | POLLHUP | POLLERR, POLLOUT, POLLPRI | POLLERR};
    nfds_t n = 0;
    for (int k = 0; k < 3; k++) n += sets[k] == NULL ? 0 : sets[k]->fd_count;
    if (n == 0) return fail(lpErrno, WSAEINVAL);
    struct pollfd *all = calloc(n, sizeof *all), *p = all;
    sock_t ignored;
    for (int k = 0; all != NULL && k < 3; k++)
        for (UINT i = 0; sets[k] != NULL && i < sets[k]->fd_count; i++, p++) {
            if (!open_socket(sets[k]->fd_array[i], &ignored, lpErrno)) return free(all), SOCKET_ERROR;
            p->fd = (int)sets[k]->fd_array[i], p->events = wanted[k];
        }
    if (all == NULL) return fail(lpErrno, WSAENOBUFS);
    INT ready = poll(all, n, millis), found = 0;
    p = all;
    for (int k = 0; ready >= 0 && k < 3; k++) {
        UINT kept = 0;
        for (UINT i = 0; sets[k] != NULL && i < sets[k]->fd_count; i++, p++)
            if ((p->revents & counts[k]) != 0) sets[k]->fd_array[kept++] = (SOCKET)p->fd;
        if (sets[k] != NULL) sets[k]->fd_count = kept, found += (INT)kept;
    }
    free(all);
    return ready < 0 ? fail(lpErrno, winsock(errno)) : found;
}

static INT WSPAPI posix_select(INT n, wsp_fd_set *r, wsp_fd_set *w, wsp_fd_set *e, const wsp_timeval *timeout, LPINT lpErrno) {
    (void)n;
    if (timeout != NULL && (timeout->tv_sec < 0 || timeout->tv_usec < 0 || timeout->tv_usec > 999999)) return fail(lpErrno, WSAEINVAL);
    return poll_sets(r, w, e, timeout == NULL ? -1 : timeout->tv_sec * 1000 + (timeout->tv_usec + 999) / 1000, lpErrno);
}

/* ---- options */

static int option(INT level, INT name, int *own_level, int *own) {
    static const int of_socket[][2] = {{WSP_SO_REUSEADDR, SO_REUSEADDR}, {WSP_SO_KEEPALIVE, SO_KEEPALIVE}, {WSP_SO_BROADCAST, SO_BROADCAST},
        {WSP_SO_SNDBUF, SO_SNDBUF}, {WSP_SO_RCVBUF, SO_RCVBUF}, {WSP_SO_ACCEPTCONN, SO_ACCEPTCONN}, {WSP_SO_OOBINLINE, SO_OOBINLINE}};
    *own_level = SOL_SOCKET;
    for (size_t i = 0; level == WSP_SOL_SOCKET && i < sizeof of_socket / sizeof *of_socket; i++)
        if (of_socket[i][0] == name) return *own = of_socket[i][1], 1;
    if (level != WSP_IPPROTO_TCP || name != WSP_TCP_NODELAY) return 0;
    return *own_level = IPPROTO_TCP, *own = TCP_NODELAY, 1;
}

static INT put_int(CHAR *value, LPINT length, INT number, LPINT lpErrno) {
    if (value == NULL || length == NULL || *length < (INT)sizeof number) return fail(lpErrno, WSAEFAULT);
    memcpy(value, &number, sizeof number);
    return *length = sizeof number, 0;
}

static INT WSPAPI posix_get_option(SOCKET h, INT level, INT name, CHAR *value, LPINT length, LPINT lpErrno) {
    sock_t s;
    int own_level, own, number = 0;
    socklen_t size = sizeof number;
    if (!open_socket(h, &s, lpErrno)) return SOCKET_ERROR;
    if (level == WSP_SOL_SOCKET && name == WSP_SO_TYPE) return put_int(value, length, s.type, lpErrno);
    if (level == WSP_SOL_SOCKET && name == WSP_SO_RCVTIMEO) return put_int(value, length, s.receive_timeout, lpErrno);
    if (level == WSP_SOL_SOCKET && name == WSP_SO_SNDTIMEO) return put_int(value, length, s.send_timeout, lpErrno);
    if (level == WSP_SOL_SOCKET && name == WSP_SO_ERROR) {
        getsockopt(s.fd, SOL_SOCKET, SO_ERROR, &number, &size);
        return put_int(value, length, number == 0 ? 0 : winsock(number), lpErrno);
    }
    if (level == WSP_SOL_SOCKET && name == WSP_SO_LINGER) {
        struct linger l = {0, 0};
        size = sizeof l;
        getsockopt(s.fd, SOL_SOCKET, SO_LINGER, &l, &size);
        return put_int(value, length, (l.l_onoff != 0) | l.l_linger << 16, lpErrno);
    }
    if (level == WSP_SOL_SOCKET && name == WSP_SO_PROTOCOL_INFOW) {
        if (value == NULL || *length < (INT)sizeof *entries) return fail(lpErrno, WSAEFAULT);
        memcpy(value, &entries[s.type == WSP_SOCK_STREAM ? 0 : 1], sizeof *entries);
        return *length = sizeof *entries, 0;
    }
    if (!option(level, name, &own_level, &own)) return fail(lpErrno, WSAENOPROTOOPT);
    return getsockopt(s.fd, own_level, own, &number, &size) == 0 ? put_int(value, length, number, lpErrno) : fail(lpErrno, winsock(errno));
}

static INT WSPAPI posix_set_option(SOCKET h, INT level, INT name, const CHAR *value, INT length, LPINT lpErrno) {
    int own_level, own, number;
    sock_t copy;
    if (!open_socket(h, &copy, lpErrno)) return SOCKET_ERROR;
    if (value == NULL || length < (INT)sizeof number) return fail(lpErrno, WSAEFAULT);
    memcpy(&number, value, sizeof number);
    if (level == WSP_SOL_SOCKET && (name == WSP_SO_RCVTIMEO || name == WSP_SO_SNDTIMEO)) {
        lock(&guard);
        sock_t *s = find(h);
        if (s != NULL && name == WSP_SO_RCVTIMEO) s->receive_timeout = number;
        if (s != NULL && name == WSP_SO_SNDTIMEO) s->send_timeout = number;
        unlock(&guard);
        return 0;
    }
    if (level == WSP_SOL_SOCKET && name == WSP_SO_LINGER) {
        struct linger l = {(WORD)number != 0, (WORD)(number >> 16)};
        return setsockopt(copy.fd, SOL_SOCKET, SO_LINGER, &l, sizeof l) == 0 ? 0 : fail(lpErrno, winsock(errno));
    }
    if (!option(level, name, &own_level, &own) || own == SO_ACCEPTCONN) return fail(lpErrno, WSAENOPROTOOPT);
    return setsockopt(copy.fd, own_level, own, &number, sizeof number) == 0 ? 0 : fail(lpErrno, winsock(errno));
}

static INT WSPAPI posix_ioctl(SOCKET h, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length, LPDWORD returned, LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    sock_t copy;
    int number = 0;
    (void)routine, (void)thread;
    if (!open_socket(h, &copy, lpErrno)) return SOCKET_ERROR;
    if (block != NULL) return fail(lpErrno, WSAEOPNOTSUPP);
    switch (code) {
    case WSP_FIONBIO:
        if (in == NULL || in_length < sizeof number) return fail(lpErrno, WSAEFAULT);
        memcpy(&number, in, sizeof number);
        if (number == 0 && copy.selected != 0) return fail(lpErrno, WSAEINVAL);
        lock(&guard);
        sock_t *s = find(h);
        if (s != NULL) s->nonblocking = number != 0;
        unlock(&guard);
        return 0;
    case WSP_FIONREAD:
        if (out == NULL || out_length < sizeof number) return fail(lpErrno, WSAEFAULT);
        if (ioctl(copy.fd, FIONREAD, &number) != 0) return fail(lpErrno, winsock(errno));
        memcpy(out, &number, sizeof number);
        return *returned = sizeof number, 0;
    case WSP_SIO_BASE_HANDLE: case WSP_SIO_BSP_HANDLE: case WSP_SIO_BSP_HANDLE_SELECT: case WSP_SIO_BSP_HANDLE_POLL:
        if (out == NULL || out_length < sizeof h) return fail(lpErrno, WSAEFAULT);
        memcpy(out, &h, sizeof h);
        return *returned = sizeof h, 0;
    default: return fail(lpErrno, WSAEOPNOTSUPP);
    }
}

/* ---- texts */

static INT WSPAPI posix_to_string(wsp_sockaddr *address, DWORD length, LPWSAPROTOCOL_INFOW info, LPWSTR text, LPDWORD text_length, LPINT lpErrno) {
    struct sockaddr_in a;
    char host[INET_ADDRSTRLEN], all[INET_ADDRSTRLEN + 8];
    (void)info;
    if (!address_in(address, (INT)length, &a, lpErrno)) return fail(lpErrno, *lpErrno == WSAEAFNOSUPPORT ? WSAEINVAL : *lpErrno);
    inet_ntop(AF_INET, &a.sin_addr, host, sizeof host);
    DWORD n = (DWORD)snprintf(all, sizeof all, a.sin_port == 0 ? "%s" : "%s:%u", host, (unsigned)ntohs(a.sin_port)) + 1;
    if (*text_length < n) return *text_length = n, fail(lpErrno, WSAEFAULT);
    for (DWORD i = 0; i < n; i++) text[i] = (WCHAR)all[i];
    return *text_length = n, 0;
}

static INT WSPAPI posix_to_address(LPWSTR text, INT family, LPWSAPROTOCOL_INFOW info, wsp_sockaddr *address, LPINT length, LPINT lpErrno) {
    char all[INET_ADDRSTRLEN + 8] = {0}, *end = NULL;
    struct sockaddr_in a = {.sin_family = AF_INET};
    (void)info;
    if (text == NULL) return fail(lpErrno, WSAEFAULT);
    if (family != WSP_AF_INET) return fail(lpErrno, WSAEINVAL);
    for (size_t i = 0; i + 1 < sizeof all && text[i] != 0; i++) all[i] = text[i] < 128 ? (char)text[i] : '?';
    char *colon = strchr(all, ':');
    unsigned long port = colon == NULL ? 0 : strtoul(colon + 1, &end, 10);
    if (colon != NULL) *colon = 0;
    if (inet_pton(AF_INET, all, &a.sin_addr) != 1 || port > 65535 || (colon != NULL && (end == colon + 1 || *end != 0))) return fail(lpErrno, WSAEINVAL);
    a.sin_port = htons((uint16_t)port);
    return address_out(&a, address, length, lpErrno);
}

/* ---- what is not there */

static INT WSPAPI no_messages(SOCKET h, HWND w, UINT message, LONG events, LPINT lpErrno) {
    return (void)h, (void)w, (void)message, (void)events, fail(lpErrno, WSAEOPNOTSUPP);
}

static INT WSPAPI no_duplicate(SOCKET h, DWORD process, LPWSAPROTOCOL_INFOW info, LPINT lpErrno) {
    return (void)h, (void)process, (void)info, fail(lpErrno, WSAEOPNOTSUPP);
}

static BOOL WSPAPI no_qos(SOCKET h, LPWSABUF name, LPQOS qos, LPINT lpErrno) {
    return (void)h, (void)name, (void)qos, fail(lpErrno, WSAEOPNOTSUPP), FALSE;
}

static SOCKET WSPAPI no_leaf(SOCKET h, const wsp_sockaddr *name, INT length, LPWSABUF caller, LPWSABUF callee, LPQOS sqos, LPQOS gqos, DWORD flags, LPINT lpErrno) {
    return (void)h, (void)name, (void)length, (void)caller, (void)callee, (void)sqos, (void)gqos, (void)flags, (SOCKET)fail(lpErrno, WSAEOPNOTSUPP);
}

static INT WSPAPI no_data(SOCKET h, LPWSABUF data, LPINT lpErrno) {
    return (void)h, (void)data, fail(lpErrno, WSAENOPROTOOPT);
}

static INT WSPAPI posix_send_disconnect(SOCKET h, LPWSABUF data, LPINT lpErrno) {
    return data != NULL ? fail(lpErrno, WSAENOPROTOOPT) : posix_shutdown(h, WSP_SD_SEND, lpErrno);
}

static INT WSPAPI no_cancel(LPINT lpErrno) {
    return fail(lpErrno, WSAEINVAL);
}

/* ---- the provider */

static INT WSPAPI posix_cleanup(LPINT lpErrno) {
    lock(&guard);
    int last = starts > 0 && --starts == 0;
    sock_t *left = last ? sockets : NULL;
    if (last) sockets = NULL;
    unlock(&guard);
    if (last) {
        (void)!write(wake[1], "q", 1);
        join(poller);
        close(wake[0]), close(wake[1]);
    }
    for (sock_t *next; left != NULL; left = next) {
        struct linger abort = {1, 0};
        next = left->next;
        setsockopt(left->fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
        for (request_t *r = left->receives, *n; r != NULL; r = n) n = r->next, free(r);
        close(left->fd), free(left);
    }
    *lpErrno = 0;
    return 0;
}

INT WSPAPI WSPModuleProtocols(LPWSAPROTOCOL_INFOW protocols, INT count) {
    static const char *const names[] = {"POSIX TCP", "POSIX UDP"};
    static const GUID id = {0x6b1f0f2e, 0x51c4, 0x4a0e, {0x9d, 0x33, 0x70, 0x6f, 0x73, 0x69, 0x78, 0x01}};
    for (int i = 0; i < 2 && i < count; i++) {
        WSAPROTOCOL_INFOW *p = &protocols[i];
        memset(p, 0, sizeof *p);
        p->dwServiceFlags1 = XP1_IFS_HANDLES | (i == 0 ? XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER | XP1_GRACEFUL_CLOSE : XP1_CONNECTIONLESS | XP1_MESSAGE_ORIENTED);
        p->dwProviderFlags = PFL_MATCHES_PROTOCOL_ZERO;
        p->ProviderId = id;
        p->ProtocolChain.ChainLen = BASE_PROTOCOL;
        p->iVersion = 2, p->iAddressFamily = WSP_AF_INET, p->iMaxSockAddr = p->iMinSockAddr = sizeof(wsp_sockaddr_in);
        p->iSocketType = i == 0 ? WSP_SOCK_STREAM : WSP_SOCK_DGRAM, p->iProtocol = i == 0 ? WSP_IPPROTO_TCP : WSP_IPPROTO_UDP;
        p->dwMessageSize = i == 0 ? 0 : 65507;
        for (size_t k = 0; names[i][k] != 0; k++) p->szProtocol[k] = (WCHAR)names[i][k];
    }
    return 2;
}

static const WSPPROC_TABLE functions = {
    posix_accept, posix_to_string, no_messages, posix_bind, no_cancel, posix_cleanup, posix_close, posix_connect, no_duplicate,
    posix_enum_events, posix_events, posix_result, posix_peer, posix_name, posix_get_option, no_qos, posix_ioctl, no_leaf,
    posix_listen, posix_recv, no_data, posix_recv_from, posix_select, posix_send, posix_send_disconnect, posix_send_to,
    posix_set_option, posix_shutdown, posix_socket, posix_to_address};

INT WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE procs) {
    static const char name[] = "posix";
    if (LOBYTE(version) < 2) return WSAVERNOTSUPPORTED;
    if (wsp_host == NULL) return WSASYSNOTREADY;
    lock(&guard);
    up = upcalls;
    entries[info->iSocketType == WSP_SOCK_STREAM ? 0 : 1] = *info;
    int ready = starts > 0 || (pipe(wake) == 0 && start(&poller, poll_all, NULL));
    if (ready) starts++;
    unlock(&guard);
    if (!ready) return WSAEPROCLIM;
    memset(data, 0, sizeof *data);
    data->wVersion = data->wHighVersion = MAKEWORD(2, 2);
    for (size_t i = 0; i < sizeof name; i++) data->szDescription[i] = (WCHAR)name[i];
    *procs = functions;
    return 0;
}
