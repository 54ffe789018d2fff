/* What a socket is ready for, and who is told of it: by an event, by messages, or at the end of a call that waits. */
#include "posix.h"

#include <linux/sock_diag.h>
#include <poll.h>
#include <sys/ioctl.h>

/* ---- the outbox: what is told as soon as the lock is free */

static notice_t *outbox, **outbox_end = &outbox;

void post(notice_t *n, enum kind kind, void *of) {
    n->kind = kind, n->of = of, n->next = NULL;
    *outbox_end = n, outbox_end = &n->next;
}

static void close_socket_of(sock_t *s) {
    close_descriptor(s->fd, s->lingers, s->linger_seconds);
    free(s);
}

static void release(handle_t *h) {
    INT ignored;
    up.lpWPUCloseSocketHandle(h->number, &ignored);
    free(h);
}

/* An event or a window that is gone: its client has closed his ears. */
static void tell(notice_t *n) {
    INT ignored;
    switch (n->kind) {
    case SIGNAL: up.lpWPUSetEvent(n->event, &ignored), free(n); break;
    case MESSAGE: up.lpWPUPostMessage(n->window, n->message, (WPARAM)n->named, n->what), free(n); break;
    case COMPLETION: indicate(n->of); break;
    case RELEASE: release(n->of); break;
    case CLOSE: close_socket_of(n->of); break;
    }
}

/* Gives the lock back. */
void tell_outbox(void) {
    notice_t *n = outbox;
    outbox = NULL, outbox_end = &outbox;
    let_go();
    while (n != NULL) {
        notice_t *next = n->next;
        tell(n);
        n = next;
    }
}

/* ---- readiness */

static short system_readiness(const sock_t *s) {
    struct pollfd p = {s->fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
    poll(&p, 1, 0);
    return p.revents;
}

static int is_in_line(const sock_t *s) {
    int on = 0;
    socklen_t size = sizeof on;
    getsockopt(s->fd, SOL_SOCKET, SO_OOBINLINE, &on, &size);
    return on;
}

/* A connect that goes on is asked for by connecting again: the answer is the outcome, and a failure leaves a socket that
 * can be connected anew. */
static void ask_for_connect(sock_t *s) {
    if (connect(s->fd, (struct sockaddr *)&s->peer, size_of_address(s->family)) == 0 || errno == EISCONN) {
        s->state = CONNECTED;
    } else if (errno != EALREADY && errno != EINPROGRESS) {
        s->state = FRESH, s->connect_failed = 1, s->error = winsock(errno);
        report(s, FD_CONNECT, s->error, 0);
    }
}

static int ready_stream(const sock_t *s) {
    if (s->state == FRESH) return s->connect_failed ? EXCEPTION | CONNECT_FAILED : 0;
    short r = system_readiness(s);
    if (s->state == LISTENING) return (r & POLLIN) != 0 || s->deferred != NULL ? READABLE : 0;
    int hung_up = (r & (POLLRDHUP | POLLHUP | POLLERR)) != 0 || s->broken != 0;
    return ((r & POLLIN) != 0 || hung_up || s->receive_shut ? READABLE : 0) | ((r & POLLOUT) != 0 ? WRITABLE : 0)
        | ((r & POLLPRI) != 0 && !is_in_line(s) ? EXCEPTION : 0) | (hung_up ? HUNG_UP : 0);
}

int ready(sock_t *s) {
    if (s->state == CONNECTING) ask_for_connect(s);
    if (s->state == CONNECTING) return 0;
    if (s->type == SOCK_STREAM) return ready_stream(s);
    short r = system_readiness(s);
    if ((r & POLLERR) != 0) collect_errors(s);
    return ((r & POLLIN) != 0 || s->unreachable || s->receive_shut ? READABLE : 0) | ((r & POLLOUT) != 0 ? WRITABLE : 0);
}

/* ---- network events */

void report(sock_t *s, LONG event, INT error, int again) {
    selection_t *n = &s->selection;
    if ((n->mask & event) == 0 || s->closed) return;
    if ((n->reported & event) != 0 && !(again && n->window == NULL)) return;
    notice_t *notice = malloc(sizeof *notice);
    if (notice == NULL) return; /* It is not reported yet, and the next look does it. */
    *notice = (notice_t){.event = n->event, .window = n->window, .message = n->message, .named = n->named,
        .what = WSAMAKESELECTREPLY(event, error)};
    post(notice, n->window != NULL ? MESSAGE : SIGNAL, s);
    n->reported |= event;
    if (n->window == NULL) n->recorded |= event, n->errors[__builtin_ctz((unsigned)event)] = error;
}

void enable(sock_t *s, LONG events) {
    s->selection.reported &= ~events, s->selection.enumerated &= ~events;
}

/* Grows with all that comes. The bytes of a stream are counted; of datagrams the memory that they take. */
static uint32_t queued(const sock_t *s) {
    int bytes = 0;
    uint32_t memory[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof memory;
    if (s->type == SOCK_STREAM) ioctl(s->fd, FIONREAD, &bytes);
    else getsockopt(s->fd, SOL_SOCKET, SO_MEMINFO, memory, &size);
    return s->type == SOCK_STREAM ? (uint32_t)bytes : memory[SK_MEMINFO_RMEM_ALLOC];
}

/* Data, or the end of a stream. What is new is told again by event, although the client has not received yet. */
static void report_incoming(sock_t *s) {
    char byte;
    uint32_t before = s->seen;
    s->seen = queued(s);
    ssize_t n = s->type == SOCK_DGRAM ? 1 : s->broken != 0 ? -1 : recv(s->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (n < 0 && s->broken == 0) note_end(s, winsock(errno));
    if (n > 0) report(s, FD_READ, 0, s->seen > before);
    else if (n == 0 || s->broken != 0) report(s, FD_CLOSE, n == 0 ? 0 : WSAECONNABORTED, 0);
}

static void report_all(sock_t *s) {
    if (s->selection.mask == 0 && s->state != CONNECTING) return;
    int r = ready(s);
    if (s->state == LISTENING) {
        if ((r & READABLE) != 0) report(s, FD_ACCEPT, 0, 0);
        return;
    }
    if (s->state == CONNECTED) report(s, FD_CONNECT, 0, 0);
    if ((r & READABLE) != 0 && !s->receive_shut) report_incoming(s);
    if ((r & EXCEPTION) != 0 && s->state == CONNECTED) report(s, FD_OOB, 0, 0);
    if ((r & WRITABLE) != 0) report(s, FD_WRITE, 0, 0);
}

static void notify(sock_t *s);

void settle(sock_t *s) {
    if (!s->closed) {
        settle_transfers(s);
        report_all(s);
    }
    notify(s);
}

/* An accepted socket tells where its listener tells, and nothing of a connect. */
void inherit(sock_t *s, const sock_t *listener, SOCKET named) {
    const selection_t *from = &listener->selection;
    s->selection = (selection_t){.event = from->event, .window = from->window, .message = from->message, .named = named,
        .mask = from->mask, .reported = FD_CONNECT};
}

/* What the client has taken is not told anew by event. */
INT WSPAPI posix_event_select(SOCKET number, WSAEVENT event, LONG events, LPINT lpErrno) {
    if ((events & ~FD_ALL_EVENTS) != 0 || (events != 0 && event == NULL)) return fail(lpErrno, WSAEINVAL);
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    selection_t *n = &h->s->selection;
    *n = (selection_t){.event = event, .mask = events, .reported = n->reported & n->enumerated, .enumerated = n->enumerated};
    h->s->nonblocking = 1;
    settle(h->s);
    return leave(0, lpErrno);
}

/* By message all is told anew, but for a connect that is over. */
INT WSPAPI posix_async_select(SOCKET number, HWND window, UINT message, LONG events, LPINT lpErrno) {
    if ((events & ~FD_ALL_EVENTS) != 0 || (events != 0 && window == NULL)) return fail(lpErrno, WSAEINVAL);
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    LONG over = h->s->state == CONNECTED ? FD_CONNECT : 0;
    h->s->selection = (selection_t){.window = window, .message = message, .named = number, .mask = events, .reported = over};
    h->s->nonblocking = 1;
    settle(h->s);
    return leave(0, lpErrno);
}

/* The event first: what is recorded in between sets it again, at worst for nothing. */
INT WSPAPI posix_enum_events(SOCKET number, WSAEVENT event, LPWSANETWORKEVENTS events, LPINT lpErrno) {
    if (events == NULL) return fail(lpErrno, WSAEFAULT);
    if (enter(number, lpErrno) == NULL) return SOCKET_ERROR;
    let_go();
    if (event != NULL && !up.lpWPUResetEvent(event, lpErrno)) return SOCKET_ERROR;
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    selection_t *n = &h->s->selection;
    events->lNetworkEvents = n->recorded;
    for (int bit = 0; bit < FD_MAX_EVENTS; bit++)
        if ((n->recorded & 1 << bit) != 0) events->iErrorCode[bit] = n->errors[bit];
    n->enumerated |= n->recorded, n->recorded = 0;
    return leave(0, lpErrno);
}

/* ---- waiting */

#define HOOK_MILLIS 4

static _Thread_local waiter_t *in_hook; /* the call whose hook runs on this thread */

void begin_wait(waiter_t *w) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    w->woken = w->cancelled = 0;
}

void end_wait(waiter_t *w) {
    pthread_cond_destroy(&w->changed);
}

void link_watch(watch_t *watch, sock_t *s, waiter_t *w) {
    *watch = (watch_t){s, w, s->watches};
    s->watches = watch;
    s->waits++;
}

void unlink_watch(watch_t *watch) {
    watch_t **p = &watch->s->watches;
    while (*p != watch) p = &(*p)->next;
    *p = watch->next;
    watch->s->waits--;
}

static void notify(sock_t *s) {
    for (watch_t *w = s->watches; w != NULL; w = w->next) {
        w->waiter->woken = 1;
        pthread_cond_signal(&w->waiter->changed);
    }
}

const struct timespec *deadline_in(DWORD millis, struct timespec *room) {
    if (millis == 0) return NULL;
    clock_gettime(CLOCK_MONOTONIC, room);
    room->tv_sec += millis / 1000, room->tv_nsec += (long)(millis % 1000) * 1000000;
    if (room->tv_nsec >= 1000000000) room->tv_sec++, room->tv_nsec -= 1000000000;
    return room;
}

static int is_over(const struct timespec *deadline) {
    struct timespec now;
    if (deadline == NULL) return 0;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > deadline->tv_sec || (now.tv_sec == deadline->tv_sec && now.tv_nsec >= deadline->tv_nsec);
}

/* The hook of a client of version 1.1, which decides whether to go on; without the lock. */
static int run_hook(waiter_t *w, DWORD entry, int *has_hook) {
    LPBLOCKINGCALLBACK hook = NULL;
    DWORD_PTR context = 0;
    INT ignored;
    *has_hook = up.lpWPUQueryBlockingCallback(entry, &hook, &context, &ignored) == 0 && hook != NULL;
    if (!*has_hook) return 1;
    waiter_t *outer = in_hook;
    in_hook = w;
    BOOL goes_on = hook(context);
    in_hook = outer;
    return goes_on && !w->cancelled;
}

/* A message or an event may run its client's code on the thread that waits for the system. If that blocks, nobody else
 * would wait for the system: so it does that here. */
static void doze(waiter_t *w, const struct timespec *until) {
    if (on_poller()) {
        let_go();
        poll_once(HOOK_MILLIS);
        hold();
    } else if (until == NULL) {
        pthread_cond_wait(&w->changed, &guard);
    } else {
        pthread_cond_timedwait(&w->changed, &guard, until);
    }
}

INT pause_call(waiter_t *w, DWORD entry, const struct timespec *deadline) {
    struct timespec room;
    int has_hook;
    if (is_over(deadline)) return WSAETIMEDOUT;
    tell_outbox();
    int goes_on = run_hook(w, entry, &has_hook);
    hold();
    if (!goes_on) return WSAEINTR;
    if (!w->woken) doze(w, has_hook ? deadline_in(HOOK_MILLIS, &room) : deadline);
    w->woken = 0;
    return 0;
}

INT wait_for(sock_t *s, const struct timespec *deadline) {
    waiter_t w;
    watch_t watch;
    begin_wait(&w);
    link_watch(&watch, s, &w);
    INT error = pause_call(&w, s->info.dwCatalogEntryId, deadline);
    unlink_watch(&watch);
    end_wait(&w);
    return s->closed ? WSAEINTR : error;
}

/* Of the call whose hook makes this one. */
INT WSPAPI posix_cancel(LPINT lpErrno) {
    if (in_hook == NULL) return fail(lpErrno, WSAEINVAL);
    in_hook->cancelled = 1;
    return 0;
}

/* ---- select and polls: several sockets at once */

typedef struct item {
    watch_t watch;
    SOCKET number;
    int wanted, found, kind;
} item_t;

typedef struct group {
    item_t *items;
    size_t count;
    waiter_t waiter;
} group_t;

#define CLOSED 32 /* meanwhile */

/* The contexts are asked for before, without the lock. */
static INT enter_group(group_t *g, LPINT lpErrno) {
    DWORD_PTR *contexts = calloc(g->count, sizeof *contexts);
    if (contexts == NULL) return WSAENOBUFS;
    for (size_t i = 0; i < g->count; i++)
        if (up.lpWPUQuerySocketHandleContext(g->items[i].number, &contexts[i], lpErrno) != 0) return free(contexts), *lpErrno;
    hold();
    begin_wait(&g->waiter);
    size_t n = 0;
    for (; n < g->count; n++) {
        handle_t *h = find_context(contexts[n]);
        if (h == NULL || h->closed) break;
        link_watch(&g->items[n].watch, h->s, &g->waiter);
    }
    free(contexts);
    if (n == g->count) return 0;
    while (n > 0) unlink_watch(&g->items[--n].watch);
    end_wait(&g->waiter);
    let_go();
    return WSAENOTSOCK;
}

static size_t look(group_t *g) {
    size_t found = 0;
    for (size_t i = 0; i < g->count; i++) {
        item_t *it = &g->items[i];
        it->found = it->watch.s->closed ? CLOSED : ready(it->watch.s) & it->wanted;
        found += it->found != 0;
    }
    return found;
}

static void leave_group(group_t *g) {
    for (size_t i = 0; i < g->count; i++) {
        unlink_watch(&g->items[i].watch);
        drop_unused(g->items[i].watch.s); /* A socket that is there twice is watched still. */
    }
    end_wait(&g->waiter);
    tell_outbox();
}

/* Until something is found: an error or 0. Without time it only looks. */
static INT wait_for_group(group_t *g, int has_time, const struct timespec *deadline, LPINT lpErrno) {
    INT error = enter_group(g, lpErrno);
    if (error != 0) return error;
    DWORD entry = g->items[0].watch.s->info.dwCatalogEntryId;
    while (look(g) == 0 && has_time && error == 0) error = pause_call(&g->waiter, entry, deadline);
    leave_group(g);
    return error == WSAETIMEDOUT ? 0 : error;
}

static size_t collect(wsp_fd_set *set, int wanted, int kind, item_t *to) {
    if (set == NULL) return 0;
    for (UINT i = 0; to != NULL && i < set->fd_count; i++)
        to[i] = (item_t){.number = set->fd_array[i], .wanted = wanted, .kind = kind};
    return set->fd_count;
}

/* Leaves the members that are ready. The set may have more room than its type says. */
static INT keep_ready(wsp_fd_set *set, const group_t *g, int kind) {
    UINT kept = 0;
    for (size_t i = 0; set != NULL && i < g->count; i++)
        if (g->items[i].kind == kind && (g->items[i].found & g->items[i].wanted) != 0) set->fd_array[kept++] = g->items[i].number;
    if (set != NULL) set->fd_count = kept;
    return (INT)kept;
}

static int has_closed(const group_t *g) {
    for (size_t i = 0; i < g->count; i++)
        if (g->items[i].found == CLOSED) return 1;
    return 0;
}

static DWORD millis_of(const wsp_timeval *t) {
    int64_t millis = (int64_t)t->tv_sec * 1000 + (t->tv_usec + 999) / 1000;
    return millis < UINT32_MAX ? (DWORD)millis : UINT32_MAX;
}

INT WSPAPI posix_select(INT ignored, wsp_fd_set *r, wsp_fd_set *w, wsp_fd_set *e, const wsp_timeval *t, LPINT lpErrno) {
    (void)ignored;
    if (t != NULL && (t->tv_sec < 0 || t->tv_usec < 0 || t->tv_usec > 999999)) return fail(lpErrno, WSAEINVAL);
    size_t count = collect(r, 0, 0, NULL) + collect(w, 0, 0, NULL) + collect(e, 0, 0, NULL);
    if (count == 0) return fail(lpErrno, WSAEINVAL);
    group_t g = {.items = calloc(count, sizeof *g.items), .count = count};
    if (g.items == NULL) return fail(lpErrno, WSAENOBUFS);
    size_t n = collect(r, READABLE, 0, g.items);
    n += collect(w, WRITABLE, 1, g.items + n);
    collect(e, EXCEPTION, 2, g.items + n);
    struct timespec room;
    DWORD millis = t == NULL ? 0 : millis_of(t);
    INT error = wait_for_group(&g, t == NULL || millis > 0, deadline_in(millis, &room), lpErrno);
    if (error == 0 && has_closed(&g)) error = WSAENOTSOCK;
    INT found = error != 0 ? fail(lpErrno, error) : keep_ready(r, &g, 0) + keep_ready(w, &g, 1) + keep_ready(e, &g, 2);
    free(g.items);
    return found;
}

/* WSAPOLLDATA, and the bits of its entries, which are not the system's. */
typedef struct poll_data {
    INT result;
    ULONG count;
    INT millis;
    WSAPOLLFD fds[];
} poll_data_t;

#define ASKS_READ 0x0100
#define ASKS_BAND 0x0200
#define ASKS_PRIORITY 0x0400
#define ASKS_WRITE 0x0010
#define ANSWERS_ERROR 0x0001
#define ANSWERS_HANG_UP 0x0002
#define ANSWERS_INVALID 0x0004

static int16_t answer(const item_t *it, int16_t asked) {
    int f = it->found;
    if ((f & CLOSED) != 0) return ANSWERS_INVALID;
    return (int16_t)(((f & READABLE) != 0 ? asked & ASKS_READ : 0) | ((f & WRITABLE) != 0 ? asked & ASKS_WRITE : 0)
        | ((f & EXCEPTION) != 0 ? asked & (ASKS_PRIORITY | ASKS_BAND) : 0)
        | ((f & CONNECT_FAILED) != 0 ? ANSWERS_ERROR : 0) | ((f & HUNG_UP) != 0 ? ANSWERS_HANG_UP : 0));
}

INT poll_sockets(LPVOID data, DWORD length, LPINT lpErrno) {
    poll_data_t *p = data;
    if (p == NULL || length < sizeof *p || (length - sizeof *p) / sizeof *p->fds < p->count) return WSAEFAULT;
    if (p->count == 0) return WSAEINVAL;
    group_t g = {.items = calloc(p->count, sizeof *g.items), .count = p->count};
    if (g.items == NULL) return WSAENOBUFS;
    for (ULONG i = 0; i < p->count; i++) {
        int16_t asked = p->fds[i].events;
        g.items[i].number = p->fds[i].fd;
        g.items[i].wanted = ((asked & ASKS_READ) != 0 ? READABLE : 0) | ((asked & ASKS_WRITE) != 0 ? WRITABLE : 0)
            | ((asked & (ASKS_PRIORITY | ASKS_BAND)) != 0 ? EXCEPTION : 0) | CONNECT_FAILED | HUNG_UP;
    }
    struct timespec room;
    INT error = wait_for_group(&g, p->millis != 0, deadline_in(p->millis > 0 ? (DWORD)p->millis : 0, &room), lpErrno);
    p->result = 0;
    for (ULONG i = 0; error == 0 && i < p->count; i++) {
        p->fds[i].revents = answer(&g.items[i], p->fds[i].events);
        p->result += p->fds[i].revents != 0;
    }
    free(g.items);
    return error;
}
