/*
 * A base provider over the sockets of Linux: TCP and UDP over IPv4 and IPv6. What its files share:
 *
 *   provider.c   start and end, the catalog entries, the thread that waits for the system
 *   sockets.c    handles and what stands behind them; names, connecting, accepting, closing, duplicates, groups
 *   transfer.c   sending and receiving, at once, later, or overlapped
 *   events.c     what a socket is ready for: network events and messages, select, polls, waiting
 *   options.c    options
 *   ioctls.c     control codes
 *   addresses.c  addresses, their texts, error codes
 *
 * One lock guards everything, and no upcall is made under it: what there is to tell is put into the outbox, and leave()
 * tells it when the lock is free. All descriptors are non-blocking and watched by one thread, which is told of each by
 * epoll whenever something changes (edge-triggered). It then settles the socket: operations that can go on go on, events
 * are recorded, calls that wait are woken. A call that changes something settles its socket itself, under the same lock,
 * so that nothing falls between looking and waiting.
 *
 * Install it with   ws2 catalog add --path libposix.so
 */
#ifndef POSIX_H
#define POSIX_H

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ws2spi.h"

/* What the header has no names for. */
#define WSA_FLAG_MULTIPOINT_C_ROOT 0x02
#define WSA_FLAG_MULTIPOINT_C_LEAF 0x04
#define WSA_FLAG_MULTIPOINT_D_ROOT 0x08
#define WSA_FLAG_MULTIPOINT_D_LEAF 0x10

typedef struct sock sock_t;

/* What is to be told when the lock is free. It lies in what it is about, so that no memory can be missing for it; but for
 * signals and messages, of which a socket may have several under way. */
enum kind { SIGNAL, MESSAGE, COMPLETION, RELEASE, CLOSE };

typedef struct notice {
    enum kind kind;
    void *of; /* the operation, the handle, the socket: the last two go with it */
    WSAEVENT event;
    HWND window;
    UINT message;
    SOCKET named;
    LPARAM what;
    struct notice *next;
} notice_t;

/* One handle of a socket; a duplicate is another. It is released when the client has closed it and no operation of it is
 * under way, since completions name it. */
typedef struct handle {
    DWORD_PTR context; /* what the host keeps with it: a number that is never used again */
    SOCKET number;
    sock_t *s;
    int operations, closed;
    notice_t notice;
    struct handle *next;
} handle_t;

/* The data of one call, and how far it has come. */
typedef struct transfer {
    LPWSABUF buffers;
    DWORD count, flags;
    size_t total, done;
    wsp_sockaddr *from; /* receives: where the source goes; null if nobody wants it */
    LPINT fromlen;
    const wsp_sockaddr *name; /* sends: where the datagram is to go, as given and as the system has it; tolen is 0 for */
    INT namelen;              /* the peer */
    struct sockaddr_storage to;
    socklen_t tolen;
    int overlapped;
} transfer_t;

/* An overlapped operation: from its start until its indication, or until its completion routine runs. */
typedef struct operation {
    handle_t *handle;
    uint64_t socket; /* its id */
    LPWSAOVERLAPPED block;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    WSATHREADID thread;
    transfer_t data;
    INT error;
    DWORD_PTR token; /* names it to its procedure call */
    notice_t notice;
    struct operation *next;
    WSABUF buffers[];
} operation_t;

typedef struct queue {
    operation_t *first, **last;
} queue_t;

/* A call that waits, on one thread; and one of the sockets that it waits for. */
typedef struct waiter {
    pthread_cond_t changed;
    int woken, cancelled;
} waiter_t;

typedef struct watch {
    sock_t *s;
    waiter_t *waiter;
    struct watch *next;
} watch_t;

/* What a client wants to be told of, and what he was told. */
typedef struct selection {
    WSAEVENT event; /* or else a window, a number and the handle that messages name */
    HWND window;
    UINT message;
    SOCKET named;
    LONG mask;
    LONG recorded;   /* for WSPEnumNetworkEvents */
    LONG reported;   /* not to be told again before its call enables it */
    LONG enumerated; /* of these, what the client has taken: selecting anew does not tell that again */
    INT errors[FD_MAX_EVENTS];
} selection_t;

/* A connection that a condition function has put off. */
typedef struct deferred {
    int fd;
    struct sockaddr_storage peer;
    struct deferred *next;
} deferred_t;

enum state { FRESH, CONNECTING, CONNECTED, LISTENING };

struct sock {
    uint64_t id; /* what epoll tells */
    int fd, family, type, overlapped, leaf;
    WSAPROTOCOL_INFOW info;
    int handles, waits; /* open handles; calls that wait. It goes with the last of both. */
    int closed;         /* the last handle was closed */
    enum state state;
    struct sockaddr_storage peer, bound; /* the second since WSPBind; without a family before */
    int nonblocking, receive_shut, send_shut, fin_sent, joined;
    INT broken;         /* what the connection ended with, once it did: WSAECONNRESET, say */
    INT error;          /* SO_ERROR: of a connect that failed when nobody waited */
    int connect_failed; /* select tells it as an exception */
    int unreachable;    /* a datagram has reached nobody; not told yet */
    DWORD receive_timeout, send_timeout; /* ms; 0 for none */
    int lingers, linger_seconds;
    int debug, exclusive, reuses;
    uint32_t multicast_interface; /* as the client gave it */
    selection_t selection;
    uint32_t seen; /* how much lay in its queue at the last look */
    queue_t receives, sends;
    watch_t *watches;
    deferred_t *deferred;
    notice_t notice;
    sock_t *next;
};

extern WSPUPCALLTABLE up;
extern pthread_mutex_t guard;

/* ---- provider.c */
uint64_t watch_descriptor(int fd); /* has the thread tell of it from now on; what it is called, 0 if that fails */
int on_poller(void);
void poll_once(int millis); /* on the thread that waits for the system: what it does, once; without the lock */

/* ---- sockets.c */
handle_t *enter(SOCKET h, LPINT lpErrno);       /* takes the lock, unless it returns null: no socket */
INT leave(INT error, LPINT lpErrno);            /* gives it back, and tells what there is to tell; the result of a call */
INT fail(LPINT lpErrno, INT error);
void hold(void);
void let_go(void);
sock_t *socket_of(uint64_t id);
handle_t *find_context(DWORD_PTR context);
void drop_unused(sock_t *s);                    /* a call that may have waited is over */
void release_unused(handle_t *h);               /* a handle that may have been closed meanwhile */
void operation_over(handle_t *h);               /* its indication was given */
void abandon_all(void);                         /* the last WSPCleanup */
int is_connected(const sock_t *s);
void close_descriptor(int fd, int lingers, int seconds); /* hard where it lingers for 0 seconds */

SOCKET WSPAPI posix_socket(INT, INT, INT, LPWSAPROTOCOL_INFOW, GROUP, DWORD, LPINT);
INT WSPAPI posix_close(SOCKET, LPINT);
INT WSPAPI posix_duplicate(SOCKET, DWORD, LPWSAPROTOCOL_INFOW, LPINT);
INT WSPAPI posix_bind(SOCKET, const wsp_sockaddr *, INT, LPINT);
INT WSPAPI posix_listen(SOCKET, INT, LPINT);
INT WSPAPI posix_connect(SOCKET, const wsp_sockaddr *, INT, LPWSABUF, LPWSABUF, LPQOS, LPQOS, LPINT);
SOCKET WSPAPI posix_accept(SOCKET, wsp_sockaddr *, LPINT, LPCONDITIONPROC, DWORD_PTR, LPINT);
SOCKET WSPAPI posix_join_leaf(SOCKET, const wsp_sockaddr *, INT, LPWSABUF, LPWSABUF, LPQOS, LPQOS, DWORD, LPINT);
INT WSPAPI posix_shutdown(SOCKET, INT, LPINT);
INT WSPAPI posix_send_disconnect(SOCKET, LPWSABUF, LPINT);
INT WSPAPI posix_receive_disconnect(SOCKET, LPWSABUF, LPINT);
INT WSPAPI posix_name(SOCKET, wsp_sockaddr *, LPINT, LPINT);
INT WSPAPI posix_peer(SOCKET, wsp_sockaddr *, LPINT, LPINT);

/* ---- transfer.c */
INT note_end(sock_t *s, INT error);
int collect_errors(sock_t *s);
void settle_transfers(sock_t *s);
void abort_transfers(sock_t *s);
void forget_transfers(sock_t *s);
void forget_routines(void);
operation_t *new_operation(handle_t *h, LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE, LPWSATHREADID, DWORD buffers);
void finish(operation_t *o, INT error);
void indicate(operation_t *o); /* without the lock */

INT WSPAPI posix_recv(SOCKET, LPWSABUF, DWORD, LPDWORD, LPDWORD, LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    LPWSATHREADID, LPINT);
INT WSPAPI posix_recv_from(SOCKET, LPWSABUF, DWORD, LPDWORD, LPDWORD, wsp_sockaddr *, LPINT, LPWSAOVERLAPPED,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE, LPWSATHREADID, LPINT);
INT WSPAPI posix_send(SOCKET, LPWSABUF, DWORD, LPDWORD, DWORD, LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    LPWSATHREADID, LPINT);
INT WSPAPI posix_send_to(SOCKET, LPWSABUF, DWORD, LPDWORD, DWORD, const wsp_sockaddr *, INT, LPWSAOVERLAPPED,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE, LPWSATHREADID, LPINT);
BOOL WSPAPI posix_result(SOCKET, LPWSAOVERLAPPED, LPDWORD, BOOL, LPDWORD, LPINT);

/* ---- events.c */
#define READABLE 1
#define WRITABLE 2
#define EXCEPTION 4
#define HUNG_UP 8
#define CONNECT_FAILED 16

int ready(sock_t *s);      /* for what */
void settle(sock_t *s);    /* lets everything happen that can happen now, and wakes the calls that wait for it */
void enable(sock_t *s, LONG events);
void report(sock_t *s, LONG event, INT error, int again);
void inherit(sock_t *s, const sock_t *listener, SOCKET named);
void begin_wait(waiter_t *w);
void end_wait(waiter_t *w);
void link_watch(watch_t *watch, sock_t *s, waiter_t *w);
void unlink_watch(watch_t *watch);
/* Waits until something has changed: 0, WSAETIMEDOUT, WSAEINTR. The lock is free meanwhile. */
INT pause_call(waiter_t *w, DWORD entry, const struct timespec *deadline);
const struct timespec *deadline_in(DWORD millis, struct timespec *room); /* null for 0: no limit */
/* The same for one socket; WSAEINTR also if it was closed. */
INT wait_for(sock_t *s, const struct timespec *deadline);
INT poll_sockets(LPVOID data, DWORD length, LPINT lpErrno); /* WSAPOLLDATA */
void tell_outbox(void);
void post(notice_t *n, enum kind kind, void *of);

INT WSPAPI posix_event_select(SOCKET, WSAEVENT, LONG, LPINT);
INT WSPAPI posix_async_select(SOCKET, HWND, UINT, LONG, LPINT);
INT WSPAPI posix_enum_events(SOCKET, WSAEVENT, LPWSANETWORKEVENTS, LPINT);
INT WSPAPI posix_select(INT, wsp_fd_set *, wsp_fd_set *, wsp_fd_set *, const wsp_timeval *, LPINT);
INT WSPAPI posix_cancel(LPINT);

/* ---- options.c, ioctls.c */
INT join_group(sock_t *s, const struct sockaddr_storage *group);
INT WSPAPI posix_get_option(SOCKET, INT, INT, CHAR *, LPINT, LPINT);
INT WSPAPI posix_set_option(SOCKET, INT, INT, const CHAR *, INT, LPINT);
INT set_number(sock_t *s, INT level, INT name, INT value); /* an option that is a number: an error or 0 */
INT WSPAPI posix_ioctl(SOCKET, DWORD, LPVOID, DWORD, LPVOID, DWORD, LPDWORD, LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    LPWSATHREADID, LPINT);

/* ---- addresses.c */
INT winsock(int error);
socklen_t size_of_address(int family); /* of ours and of theirs: they are equally long */
INT address_in(const wsp_sockaddr *name, INT length, int family, struct sockaddr_storage *to); /* an error or 0 */
INT address_out(const struct sockaddr_storage *from, wsp_sockaddr *name, LPINT length);       /* an error or 0 */
int port_of(const struct sockaddr_storage *a);
int is_any(const struct sockaddr_storage *a);
int is_group(const struct sockaddr_storage *a);
INT WSPAPI posix_to_string(wsp_sockaddr *, DWORD, LPWSAPROTOCOL_INFOW, LPWSTR, LPDWORD, LPINT);
INT WSPAPI posix_to_address(LPWSTR, INT, LPWSAPROTOCOL_INFOW, wsp_sockaddr *, LPINT, LPINT);

#endif
