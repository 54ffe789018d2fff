/* Sending and receiving. A transfer is tried until it is over; who tries again, and when, is what makes it blocking,
 * non-blocking or overlapped. */
#include "posix.h"

#include <limits.h>
#include <linux/errqueue.h>
#include <poll.h>
#include <sys/uio.h>

/* What is left of the buffers; how many pieces that is. */
static size_t pieces(const transfer_t *t, struct iovec *to) {
    size_t n = 0, skip = t->done;
    for (DWORD i = 0; i < t->count; i++) {
        size_t skipped = skip < t->buffers[i].len ? skip : t->buffers[i].len;
        skip -= skipped;
        if (skipped == t->buffers[i].len) continue;
        to[n].iov_base = t->buffers[i].buf + skipped, to[n++].iov_len = t->buffers[i].len - skipped;
    }
    return n;
}

/* A connection that has ended stays so: the system tells the reason once, a client may ask again. */
INT note_end(sock_t *s, INT error) {
    int is_end = error == WSAECONNRESET || error == WSAECONNABORTED || error == WSAETIMEDOUT || error == WSAEHOSTUNREACH
        || error == WSAENETUNREACH;
    if (s->type == SOCK_STREAM && is_end) s->broken = error;
    return error;
}

static int has_room_for(const transfer_t *t) {
    return t->total == 0 || t->done < t->total;
}

/* ---- receiving: 0 when it is over, WSAEWOULDBLOCK if that takes longer */

static INT receive_urgent(sock_t *s, transfer_t *t, struct msghdr *m) {
    ssize_t n = recvmsg(s->fd, m, MSG_OOB | MSG_DONTWAIT | ((t->flags & WSP_MSG_PEEK) != 0 ? MSG_PEEK : 0));
    if (n >= 0) return t->done = (size_t)n, 0;
    return errno == EINVAL ? WSAEWOULDBLOCK : note_end(s, winsock(errno)); /* EINVAL: nothing urgent is there */
}

static INT receive_stream(sock_t *s, transfer_t *t) {
    struct iovec iov[IOV_MAX];
    if (s->broken != 0) return s->broken;
    if (t->total == 0) { /* An overlapped one waits for data and takes none. */
        return t->overlapped && (ready(s) & READABLE) == 0 ? WSAEWOULDBLOCK : 0;
    }
    do {
        struct msghdr m = {.msg_iov = iov, .msg_iovlen = pieces(t, iov)};
        if ((t->flags & WSP_MSG_OOB) != 0) return receive_urgent(s, t, &m);
        ssize_t n = recvmsg(s->fd, &m, MSG_DONTWAIT | ((t->flags & WSP_MSG_PEEK) != 0 ? MSG_PEEK : 0));
        if (n < 0 && errno == EAGAIN) return WSAEWOULDBLOCK;
        INT error = n < 0 ? note_end(s, winsock(errno)) : 0;
        if (n <= 0) return t->done > 0 ? 0 : error; /* An error stays, and comes with the next call. */
        t->done += (size_t)n;
    } while ((t->flags & WSP_MSG_WAITALL) != 0 && has_room_for(t));
    return 0;
}

static int is_refusal(struct cmsghdr *c) {
    int is_error = (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR)
        || (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
    return is_error && ((struct sock_extended_err *)(void *)CMSG_DATA(c))->ee_errno == ECONNREFUSED;
}

/* Takes what the system has to tell of datagrams sent before; how much that was. A client learns alone that nobody was
 * there, and from a receive: the system would tell more, and to sends, too. */
int collect_errors(sock_t *s) {
    union {
        char bytes[512];
        struct cmsghdr aligned;
    } control;
    int taken = 0, before = errno;
    for (;; taken++) {
        struct msghdr m = {.msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
        if (recvmsg(s->fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) break;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c))
            if (is_refusal(c)) s->unreachable = 1;
    }
    errno = before;
    return taken;
}

static INT receive_datagram(sock_t *s, transfer_t *t) {
    struct iovec iov[IOV_MAX];
    struct sockaddr_storage source = {0};
    struct msghdr m = {.msg_name = &source, .msg_namelen = sizeof source, .msg_iov = iov, .msg_iovlen = pieces(t, iov)};
    int flags = MSG_DONTWAIT | ((t->flags & WSP_MSG_PEEK) != 0 ? MSG_PEEK : 0);
    ssize_t n = s->unreachable ? -1 : recvmsg(s->fd, &m, flags);
    if (n < 0 && !s->unreachable && errno != EAGAIN && collect_errors(s) > 0 && !s->unreachable) n = recvmsg(s->fd, &m, flags);
    if (n < 0 && s->unreachable) return s->unreachable = 0, WSAECONNRESET;
    if (n < 0) return winsock(errno);
    t->done = (size_t)n;
    if (m.msg_namelen > 0) address_out(&source, t->from, t->fromlen);
    return (m.msg_flags & MSG_TRUNC) != 0 ? WSAEMSGSIZE : 0;
}

static INT receive(sock_t *s, transfer_t *t) {
    return s->type == SOCK_STREAM ? receive_stream(s, t) : receive_datagram(s, t);
}

static int is_bound(const sock_t *s) {
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    return getsockname(s->fd, (struct sockaddr *)&own, &size) == 0 && port_of(&own) != 0;
}

static INT check_buffers(const transfer_t *t) {
    if (t->buffers == NULL) return WSAEFAULT;
    if (t->count == 0) return WSAEINVAL;
    if (t->count > IOV_MAX) return WSAENOBUFS;
    for (DWORD i = 0; i < t->count; i++)
        if (t->buffers[i].buf == NULL && t->buffers[i].len > 0) return WSAEFAULT;
    return 0;
}

/* All of it is for blocking streams, and neither for a look nor for a part. */
static INT check_flags(const sock_t *s, const transfer_t *t) {
    const DWORD known = WSP_MSG_OOB | WSP_MSG_PEEK | WSP_MSG_PARTIAL | WSP_MSG_WAITALL;
    int is_all = (t->flags & WSP_MSG_WAITALL) != 0, is_urgent = (t->flags & WSP_MSG_OOB) != 0;
    if ((t->flags & ~known) != 0 || (t->overlapped && (t->flags & WSP_MSG_PEEK) != 0)) return WSAEOPNOTSUPP;
    if (is_all && ((t->flags & ~(DWORD)WSP_MSG_WAITALL) != 0 || s->nonblocking)) return WSAEOPNOTSUPP;
    if ((is_all || is_urgent) && s->type != SOCK_STREAM) return WSAEOPNOTSUPP;
    if (!is_urgent) return 0;
    int in_line = 0;
    socklen_t size = sizeof in_line;
    getsockopt(s->fd, SOL_SOCKET, SO_OOBINLINE, &in_line, &size);
    return in_line ? WSAEINVAL : 0;
}

static INT check_receive(const sock_t *s, transfer_t *t) {
    INT error = check_buffers(t);
    if (error == 0) error = check_flags(s, t);
    if (error != 0) return error;
    if (t->from != NULL && s->type == SOCK_DGRAM && (t->fromlen == NULL || *t->fromlen < (INT)size_of_address(s->family)))
        return WSAEFAULT;
    if (s->broken == 0 && s->receive_shut) return WSAESHUTDOWN;
    if (s->type == SOCK_STREAM) return is_connected(s) ? 0 : WSAENOTCONN;
    return is_bound(s) ? 0 : WSAEINVAL;
}

/* ---- sending */

static ssize_t send_once(sock_t *s, transfer_t *t) {
    struct iovec iov[IOV_MAX];
    struct msghdr m = {.msg_iov = iov, .msg_iovlen = pieces(t, iov)};
    int flags = MSG_DONTWAIT | MSG_NOSIGNAL | ((t->flags & WSP_MSG_OOB) != 0 ? MSG_OOB : 0);
    if (t->tolen > 0) m.msg_name = &t->to, m.msg_namelen = t->tolen;
    ssize_t n = sendmsg(s->fd, &m, flags);
    /* It may have failed for a datagram before it. */
    return n < 0 && errno != EAGAIN && s->type == SOCK_DGRAM && collect_errors(s) > 0 ? sendmsg(s->fd, &m, flags) : n;
}

static INT transmit(sock_t *s, transfer_t *t) {
    if (s->broken != 0) return s->broken;
    do {
        ssize_t n = send_once(s, t);
        if (n < 0) return note_end(s, winsock(errno));
        t->done += (size_t)n;
    } while (t->done < t->total);
    return 0;
}

static INT check_destination(const sock_t *s, transfer_t *t) {
    if (s->type == SOCK_STREAM) return is_connected(s) ? 0 : WSAENOTCONN;
    if (t->name == NULL) return s->state == CONNECTED ? 0 : WSAENOTCONN;
    INT error = address_in(t->name, t->namelen, s->family, &t->to);
    t->tolen = size_of_address(s->family);
    return error == 0 && port_of(&t->to) == 0 ? WSAEADDRNOTAVAIL : error;
}

static INT check_send(const sock_t *s, transfer_t *t) {
    INT error = check_buffers(t);
    if (error != 0) return error;
    if ((t->flags & ~(DWORD)(WSP_MSG_OOB | MSG_DONTROUTE)) != 0) return WSAEOPNOTSUPP;
    if ((t->flags & WSP_MSG_OOB) != 0 && s->type != SOCK_STREAM) return WSAEOPNOTSUPP;
    if (s->broken == 0 && s->send_shut) return WSAESHUTDOWN;
    return check_destination(s, t);
}

/* ---- overlapped operations */

operation_t *new_operation(handle_t *h, LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
    DWORD buffers) {
    operation_t *o = calloc(1, sizeof *o + buffers * sizeof *o->buffers);
    if (o == NULL) return NULL;
    o->handle = h, o->socket = h->s->id, o->block = block, o->routine = routine;
    if (thread != NULL) o->thread = *thread; /* The caller's need not outlive the call, nor need the array of buffers. */
    h->operations++;
    block->InternalHigh = 0, block->Offset = block->OffsetHigh = 0;
    __atomic_store_n(&block->Internal, WSS_OPERATION_IN_PROGRESS, __ATOMIC_RELEASE);
    return o;
}

static void append(queue_t *q, operation_t *o) {
    if (q->first == NULL) q->last = &q->first;
    *q->last = o, q->last = &o->next;
}

static operation_t *take(queue_t *q) {
    operation_t *o = q->first;
    if (o != NULL) q->first = o->next, o->next = NULL;
    return o;
}

/* It is over, and is indicated as soon as the lock is free. */
void finish(operation_t *o, INT error) {
    o->error = error;
    post(&o->notice, COMPLETION, o);
}

static void go_on(sock_t *s, queue_t *q, INT (*attempt)(sock_t *, transfer_t *)) {
    while (q->first != NULL) {
        INT error = attempt(s, &q->first->data);
        if (error == WSAEWOULDBLOCK) return;
        finish(take(q), error);
    }
}

/* The end of sending waits for what is still to be sent. */
static void end_sending(sock_t *s) {
    if (!s->send_shut || s->fin_sent || s->sends.first != NULL) return;
    s->fin_sent = 1;
    if (s->type == SOCK_STREAM) shutdown(s->fd, SHUT_WR);
}

void settle_transfers(sock_t *s) {
    go_on(s, &s->receives, receive);
    go_on(s, &s->sends, transmit);
    end_sending(s);
}

void abort_transfers(sock_t *s) {
    for (operation_t *o = take(&s->receives); o != NULL; o = take(&s->receives)) finish(o, WSA_OPERATION_ABORTED);
    for (operation_t *o = take(&s->sends); o != NULL; o = take(&s->sends)) finish(o, WSA_OPERATION_ABORTED);
}

/* Nobody is told. */
static void forget(operation_t *o) {
    o->handle->operations--;
    free(o);
}

/* But whoever looks at the block sees it. */
static void forget_aborted(operation_t *o) {
    o->block->Offset = 0, o->block->OffsetHigh = WSA_OPERATION_ABORTED;
    __atomic_store_n(&o->block->Internal, WSA_OPERATION_ABORTED, __ATOMIC_RELEASE);
    forget(o);
}

void forget_transfers(sock_t *s) {
    for (operation_t *o = take(&s->receives); o != NULL; o = take(&s->receives)) forget_aborted(o);
    for (operation_t *o = take(&s->sends); o != NULL; o = take(&s->sends)) forget_aborted(o);
}

/* ---- completion routines: those of one socket are never nested, also when a routine waits alertably */

typedef struct running {
    uint64_t socket;
    operation_t *put_off, **last;
    struct running *outer;
} running_t;

static _Thread_local running_t *running;
static queue_t queued; /* by their tokens: the host may drop a procedure call, and may be late with one */
static DWORD_PTR next_token = 1;

static operation_t *take_queued(DWORD_PTR token) {
    operation_t **p = &queued.first, *o;
    while ((o = *p) != NULL && o->token != token) p = &o->next;
    if (o == NULL) return NULL;
    if (queued.last == &o->next) queued.last = p;
    *p = o->next, o->next = NULL;
    return o;
}

void forget_routines(void) {
    for (operation_t *o = take(&queued); o != NULL; o = take(&queued)) forget(o);
}

static DWORD bytes_of(const operation_t *o) {
    return o->error == 0 || o->error == WSAEMSGSIZE ? (DWORD)o->data.done : 0;
}

static void call_routine(operation_t *o) {
    operation_t over = *o;
    operation_over(o->handle);
    free(o);
    over.routine((DWORD)over.error, bytes_of(&over), over.block, 0);
}

static void CALLBACK run_routine(DWORD_PTR token) {
    hold();
    operation_t *o = take_queued(token);
    let_go();
    if (o == NULL) return;
    for (running_t *r = running; r != NULL; r = r->outer)
        if (r->socket == o->socket) {
            *r->last = o, r->last = &o->next;
            return;
        }
    running_t here = {o->socket, NULL, &here.put_off, running};
    running = &here;
    call_routine(o);
    while ((o = here.put_off) != NULL) {
        here.put_off = o->next;
        if (here.put_off == NULL) here.last = &here.put_off;
        call_routine(o);
    }
    running = here.outer;
}

static void queue_routine(operation_t *o) {
    INT ignored;
    o->block->InternalHigh = bytes_of(o);
    __atomic_store_n(&o->block->Internal, (ULONG_PTR)o->error, __ATOMIC_RELEASE);
    WSATHREADID thread = o->thread;
    hold();
    DWORD_PTR token = o->token = next_token++;
    append(&queued, o);
    let_go();
    if (up.lpWPUQueueApc(&thread, run_routine, token, &ignored) == 0) return;
    hold(); /* The thread has ended: there is nobody to tell. */
    o = take_queued(token);
    let_go();
    if (o != NULL) operation_over(o->handle), free(o);
}

void indicate(operation_t *o) {
    INT ignored;
    o->block->Offset = 0, o->block->OffsetHigh = (DWORD)o->error;
    if (o->routine != NULL) {
        queue_routine(o);
        return;
    }
    wsp_host->CompleteOverlappedRequest(o->handle->number, o->block, (DWORD)o->error, bytes_of(o), &ignored);
    operation_over(o->handle);
    free(o);
}

/* ---- the calls */

typedef struct direction {
    INT (*check)(const sock_t *, transfer_t *);
    INT (*attempt)(sock_t *, transfer_t *);
    size_t queue; /* where in the socket */
} direction_t;

static const direction_t receiving = {check_receive, receive, offsetof(sock_t, receives)};
static const direction_t sending = {check_send, transmit, offsetof(sock_t, sends)};

static queue_t *queue_in(sock_t *s, const direction_t *d) {
    return (queue_t *)((char *)s + d->queue);
}

/* What operations wait for comes to them first. */
static INT attempt(sock_t *s, transfer_t *t, const direction_t *d) {
    settle_transfers(s);
    if (queue_in(s, d)->first != NULL) return WSAEWOULDBLOCK;
    INT error = d->attempt(s, t);
    if (error == WSAEWOULDBLOCK && d == &sending) enable(s, FD_WRITE);
    return error;
}

/* A wait has ended a transfer that had begun. A part counts where nobody waits for the rest, and what was received counts
 * anyway; a stream that was to be sent and is torn is good for nothing else. */
static INT cut_short(sock_t *s, transfer_t *t, const direction_t *d, INT error) {
    if (t->done == 0) return error;
    if (error == WSAEWOULDBLOCK || d == &receiving) return 0;
    if (error == WSAEINTR && s->type == SOCK_STREAM) s->broken = WSAECONNABORTED;
    return error;
}

static INT transfer_now(sock_t *s, transfer_t *t, const direction_t *d, int blocks) {
    struct timespec room;
    DWORD millis = d == &receiving ? s->receive_timeout : s->send_timeout;
    const struct timespec *deadline = blocks ? deadline_in(millis, &room) : NULL;
    INT error = d->check(s, t);
    if (error != 0) return error;
    while ((error = attempt(s, t, d)) == WSAEWOULDBLOCK) {
        if (blocks) error = wait_for(s, deadline);
        if (error != 0) return cut_short(s, t, d, error);
        if (d == &receiving && s->receive_shut) return cut_short(s, t, d, WSAESHUTDOWN);
    }
    return error;
}

/* Not under the lock; the operation that is about to start keeps the handle. Whether it is still open then. */
static int reset_event(handle_t *h, LPWSAOVERLAPPED block) {
    INT ignored;
    WSAEVENT event = (WSAEVENT)((ULONG_PTR)block->hEvent & ~(ULONG_PTR)1);
    if (event == NULL) return 1;
    h->operations++, h->s->waits++;
    let_go();
    up.lpWPUResetEvent(event, &ignored);
    hold();
    h->operations--, h->s->waits--;
    const int is_open = !h->closed;
    release_unused(h); /* if it was closed meanwhile */
    return is_open;
}

static INT transfer_later(handle_t *h, transfer_t *t, const direction_t *d, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread) {
    INT error = d->check(h->s, t);
    if (error != 0) return error;
    if (routine == NULL && !reset_event(h, block)) return WSAENOTSOCK;
    error = attempt(h->s, t, d);
    int is_cut = error == WSAEMSGSIZE && d == &receiving; /* The buffers are filled: that is an end, not a failure to begin. */
    if (error != 0 && error != WSAEWOULDBLOCK && !is_cut) return error;
    operation_t *o = new_operation(h, block, routine, thread, t->count);
    if (o == NULL) return WSAENOBUFS;
    o->data = *t;
    memcpy(o->buffers, t->buffers, t->count * sizeof *t->buffers);
    o->data.buffers = o->buffers;
    if (error == 0) return finish(o, 0), 0;
    if (is_cut) finish(o, error);
    else append(queue_in(h->s, d), o);
    return WSA_IO_PENDING;
}

/* An overlapped call on a socket that allows none is a synchronous one, which blocks whatever the mode. */
static INT transfer(SOCKET number, transfer_t *t, LPDWORD bytes, LPDWORD flags, const direction_t *d, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    sock_t *s = h->s;
    INT error;
    t->overlapped = block != NULL && s->overlapped;
    for (DWORD i = 0; t->buffers != NULL && i < t->count; i++) t->total += t->buffers[i].len;
    if (d == &receiving) enable(s, FD_READ | FD_OOB);
    if (t->overlapped) error = transfer_later(h, t, d, block, routine, thread);
    else error = transfer_now(s, t, d, !s->nonblocking || block != NULL);
    /* Not behind leave(), which tells the end: what these point to may be gone then. */
    if (error == 0 && bytes != NULL) *bytes = (DWORD)t->done;
    if (error == 0 && flags != NULL) *flags = 0;
    settle(s);
    drop_unused(s);
    return leave(error, lpErrno);
}

INT WSPAPI posix_recv_from(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags, wsp_sockaddr *from,
    LPINT fromlen, LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    if (flags == NULL) return fail(lpErrno, WSAEFAULT);
    transfer_t t = {.buffers = buffers, .count = count, .flags = *flags, .from = from, .fromlen = fromlen};
    return transfer(h, &t, bytes, flags, &receiving, block, routine, thread, lpErrno);
}

INT WSPAPI posix_recv(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    return posix_recv_from(h, buffers, count, bytes, flags, NULL, NULL, block, routine, thread, lpErrno);
}

INT WSPAPI posix_send_to(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags, const wsp_sockaddr *to, INT tolen,
    LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    transfer_t t = {.buffers = buffers, .count = count, .flags = flags, .name = to, .namelen = tolen};
    return transfer(h, &t, bytes, NULL, &sending, block, routine, thread, lpErrno);
}

INT WSPAPI posix_send(SOCKET h, LPWSABUF buffers, DWORD count, LPDWORD bytes, DWORD flags, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    return posix_send_to(h, buffers, count, bytes, flags, NULL, 0, block, routine, thread, lpErrno);
}

/* By Internal, which is the last that changes before the event is set. */
BOOL WSPAPI posix_result(SOCKET number, LPWSAOVERLAPPED block, LPDWORD bytes, BOOL wait, LPDWORD flags, LPINT lpErrno) {
    if (enter(number, lpErrno) == NULL) return FALSE;
    let_go();
    if (block == NULL || bytes == NULL || flags == NULL) return fail(lpErrno, WSAEFAULT), FALSE;
    HANDLE event = (HANDLE)((ULONG_PTR)block->hEvent & ~(ULONG_PTR)1);
    int is_pending = __atomic_load_n(&block->Internal, __ATOMIC_ACQUIRE) == WSS_OPERATION_IN_PROGRESS;
    if (is_pending && wait) {
        if (event == NULL) return fail(lpErrno, WSA_INVALID_HANDLE), FALSE;
        if (wsp_host->WaitForMultipleObjects(1, &event, FALSE, INFINITE, FALSE, lpErrno) != 0) return FALSE;
        is_pending = __atomic_load_n(&block->Internal, __ATOMIC_ACQUIRE) == WSS_OPERATION_IN_PROGRESS;
    }
    if (is_pending) return fail(lpErrno, WSA_IO_INCOMPLETE), FALSE;
    if (block->OffsetHigh != 0) return fail(lpErrno, (INT)block->OffsetHigh), FALSE;
    *bytes = (DWORD)block->InternalHigh, *flags = block->Offset;
    return TRUE;
}
