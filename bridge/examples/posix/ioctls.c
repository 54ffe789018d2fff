/* Control codes. */
#include "posix.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>

/* What the header has no names for. */
#define SIO_ASSOCIATE_HANDLE 0x88000001u
#define SIO_TRANSLATE_HANDLE 0xC800000Du
#define SIO_ENABLE_CIRCULAR_QUEUEING 0x28000002u
#define SIO_FLUSH 0x28000004u
#define SIO_GET_BROADCAST_ADDRESS 0x48000005u
#define SIO_MULTIPOINT_LOOPBACK 0x88000009u
#define SIO_MULTICAST_SCOPE 0x8800000Au
#define SIO_ROUTING_INTERFACE_QUERY 0xC8000014u
#define SIO_ADDRESS_LIST_QUERY 0x48000016u
#define SIO_ADDRESS_LIST_SORT 0xC8000019u
#define SIO_EXT_POLL 0xC800001Fu
#define SIO_KEEPALIVE_VALS 0x98000004u

/* One call, without the lock's business. */
typedef struct request {
    SOCKET number;
    const void *in;
    DWORD in_length;
    void *out;
    DWORD out_length, returned;
} request_t;

static INT answer(request_t *r, const void *what, size_t size) {
    if (r->out == NULL || r->out_length < size) return WSAEFAULT;
    memcpy(r->out, what, size);
    r->returned = (DWORD)size;
    return 0;
}

static INT answer_number(request_t *r, INT number) {
    return answer(r, &number, sizeof number);
}

static INT answer_address(request_t *r, const struct sockaddr_storage *a) {
    wsp_sockaddr_storage there;
    INT size = sizeof there;
    address_out(a, (wsp_sockaddr *)&there, &size);
    return answer(r, &there, (size_t)size);
}

static INT number_in(const request_t *r, INT *number) {
    if (r->in == NULL || r->in_length < sizeof *number) return WSAEFAULT;
    memcpy(number, r->in, sizeof *number);
    return 0;
}

static INT set_mode(sock_t *s, const request_t *r) {
    INT on, error = number_in(r, &on);
    if (error != 0) return error;
    if (on == 0 && s->selection.mask != 0) return WSAEINVAL;
    s->nonblocking = on != 0;
    return 0;
}

/* What one receive would get: of datagrams the first. */
static INT count_readable(const sock_t *s, request_t *r) {
    INT bytes = 0;
    return ioctl(s->fd, FIONREAD, &bytes) == 0 || s->state == LISTENING ? answer_number(r, bytes) : winsock(errno);
}

/* Whether no urgent data waits. */
static INT is_at_mark(const sock_t *s, request_t *r) {
    if (s->type != SOCK_STREAM) return WSAEINVAL;
    struct pollfd p = {s->fd, POLLPRI, 0};
    poll(&p, 1, 0);
    return answer_number(r, (p.revents & POLLPRI) == 0);
}

/* struct tcp_keepalive: a switch and two times in milliseconds. */
static INT set_keepalive(sock_t *s, const request_t *r) {
    INT values[3];
    if (s->type != SOCK_STREAM) return WSAEINVAL;
    if (r->in == NULL || r->in_length < sizeof values) return WSAEFAULT;
    memcpy(values, r->in, sizeof values);
    INT error = set_number(s, WSP_SOL_SOCKET, WSP_SO_KEEPALIVE, values[0] != 0);
    if (error != 0 || values[0] == 0) return error;
    for (int i = 1; i < 3; i++) {
        INT seconds = values[i] < 1000 ? 1 : values[i] / 1000;
        error = set_number(s, WSP_IPPROTO_TCP, i == 1 ? 3 : 17, seconds);
        if (error != 0) return error;
    }
    return 0;
}

static INT set_multicast(sock_t *s, const request_t *r, INT option, INT most) {
    INT value, error = number_in(r, &value);
    if (s->type != SOCK_DGRAM) return WSAEINVAL;
    if (error != 0) return error;
    if (value < 0 || value > most) return WSAEINVAL;
    return set_number(s, s->family == AF_INET ? WSP_IPPROTO_IP : WSP_IPPROTO_IPV6, option, value);
}

static INT broadcast_address(const sock_t *s, request_t *r) {
    if (s->type != SOCK_DGRAM || s->family != AF_INET) return WSAEINVAL;
    struct sockaddr_storage a = {0};
    struct sockaddr_in *four = (struct sockaddr_in *)&a;
    four->sin_family = AF_INET, four->sin_addr.s_addr = INADDR_BROADCAST;
    return answer_address(r, &a);
}

/* A datagram socket that is connected there tells by which address it would go. */
static INT route(const sock_t *s, request_t *r) {
    struct sockaddr_storage there, own;
    socklen_t size = sizeof own;
    INT error = address_in(r->in, (INT)r->in_length, s->family, &there);
    if (error != 0) return error == WSAEAFNOSUPPORT ? WSAEINVAL : error;
    if (r->out == NULL) return WSAEFAULT;
    int fd = socket(s->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return winsock(errno);
    int found = connect(fd, (struct sockaddr *)&there, size_of_address(s->family)) == 0
        && getsockname(fd, (struct sockaddr *)&own, &size) == 0;
    error = found ? 0 : winsock(errno);
    close(fd);
    ((struct sockaddr_in *)&own)->sin_port = 0;
    return found ? answer_address(r, &own) : error;
}

/* ---- lists of addresses: a count, entries that point behind them, and there the addresses */

typedef struct listing {
    CHAR *out;
    size_t count, room;
} listing_t;

static size_t head_of(size_t count) {
    return offsetof(SOCKET_ADDRESS_LIST, Address) + count * sizeof(SOCKET_ADDRESS);
}

static void list(listing_t *l, const struct sockaddr_storage *a) {
    SOCKET_ADDRESS *entry = &((SOCKET_ADDRESS_LIST *)(void *)l->out)->Address[l->count];
    INT size = sizeof(wsp_sockaddr_storage);
    entry->lpSockaddr = (wsp_sockaddr *)(void *)(l->out + head_of(l->room) + l->count * sizeof(wsp_sockaddr_storage));
    address_out(a, entry->lpSockaddr, &size);
    entry->iSockaddrLength = size;
    l->count++;
}

static INT begin_list(request_t *r, size_t room, listing_t *l) {
    size_t needed = head_of(room) + room * sizeof(wsp_sockaddr_storage);
    r->returned = (DWORD)needed;
    if (r->out == NULL || r->out_length < needed) return WSAEFAULT;
    *l = (listing_t){r->out, 0, room};
    return 0;
}

static int is_usable(const struct ifaddrs *i, int family, int loopback) {
    return i->ifa_addr != NULL && i->ifa_addr->sa_family == family && (i->ifa_flags & IFF_UP) != 0
        && ((i->ifa_flags & IFF_LOOPBACK) != 0) == loopback;
}

static size_t count_usable(const struct ifaddrs *all, int family, int loopback) {
    size_t n = 0;
    for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) n += is_usable(i, family, loopback) ? 1 : 0;
    return n;
}

/* Those of loopback only where there are no others. */
static INT list_addresses(const sock_t *s, request_t *r) {
    struct ifaddrs *all;
    listing_t l;
    if (r->out == NULL) return WSAEFAULT;
    if (getifaddrs(&all) != 0) return winsock(errno);
    int loopback = count_usable(all, s->family, 0) == 0;
    INT error = begin_list(r, count_usable(all, s->family, loopback), &l);
    for (const struct ifaddrs *i = all; error == 0 && i != NULL; i = i->ifa_next) {
        struct sockaddr_storage a = {0};
        if (!is_usable(i, s->family, loopback)) continue;
        memcpy(&a, i->ifa_addr, size_of_address(s->family));
        list(&l, &a);
    }
    if (error == 0) ((SOCKET_ADDRESS_LIST *)r->out)->iAddressCount = (INT)l.count;
    freeifaddrs(all);
    return error;
}

/* The order that they are given in is as good as any other. */
static INT sort_addresses(const sock_t *s, request_t *r) {
    const SOCKET_ADDRESS_LIST *in = r->in;
    listing_t l;
    if (in == NULL || r->in_length < offsetof(SOCKET_ADDRESS_LIST, Address)) return WSAEFAULT;
    if (in->iAddressCount < 0 || r->in_length < head_of((size_t)in->iAddressCount)) return WSAEFAULT;
    INT error = begin_list(r, (size_t)in->iAddressCount, &l);
    for (INT i = 0; error == 0 && i < in->iAddressCount; i++) {
        struct sockaddr_storage a;
        error = address_in(in->Address[i].lpSockaddr, in->Address[i].iSockaddrLength, s->family, &a);
        if (error == 0) list(&l, &a);
    }
    if (error == 0) ((SOCKET_ADDRESS_LIST *)r->out)->iAddressCount = (INT)l.count;
    return error;
}

/* ---- the call */

static INT control(sock_t *s, DWORD code, request_t *r) {
    switch (code) {
    case WSP_FIONBIO: return set_mode(s, r);
    case WSP_FIONREAD: return count_readable(s, r);
    case WSP_SIOCATMARK: return is_at_mark(s, r);
    case SIO_KEEPALIVE_VALS: return set_keepalive(s, r);
    case SIO_MULTIPOINT_LOOPBACK: return set_multicast(s, r, 11, INT32_MAX);
    case SIO_MULTICAST_SCOPE: return set_multicast(s, r, 10, 255);
    case SIO_GET_BROADCAST_ADDRESS: return broadcast_address(s, r);
    case SIO_ROUTING_INTERFACE_QUERY: return route(s, r);
    case SIO_ADDRESS_LIST_QUERY: return list_addresses(s, r);
    case SIO_ADDRESS_LIST_SORT: return sort_addresses(s, r);
    case WSP_SIO_BASE_HANDLE: case WSP_SIO_BSP_HANDLE: case WSP_SIO_BSP_HANDLE_SELECT: case WSP_SIO_BSP_HANDLE_POLL:
        return answer(r, &r->number, sizeof r->number);
    case WSP_SIO_GET_EXTENSION_FUNCTION_POINTER: return WSAEINVAL;
    case SIO_ASSOCIATE_HANDLE: case SIO_TRANSLATE_HANDLE: case SIO_FLUSH: case SIO_ENABLE_CIRCULAR_QUEUEING: return WSAENOPROTOOPT;
    default: return WSAEOPNOTSUPP;
    }
}

/* What is known is done at once and indicated; what is not is found out later, as on Windows, where the base handle is for
 * synchronous calls alone. */
static INT control_overlapped(handle_t *h, DWORD code, request_t *r, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread) {
    INT error = code == WSP_SIO_BASE_HANDLE ? WSAEOPNOTSUPP : control(h->s, code, r);
    if (error != 0 && error != WSAEOPNOTSUPP) return error;
    operation_t *o = new_operation(h, block, routine, thread, 0);
    if (o == NULL) return WSAENOBUFS;
    o->data.done = r->returned;
    finish(o, error);
    return error == 0 ? 0 : WSA_IO_PENDING;
}

INT WSPAPI posix_ioctl(SOCKET number, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length, LPDWORD returned,
    LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT lpErrno) {
    if (returned == NULL) return fail(lpErrno, WSAEFAULT);
    if (code == SIO_EXT_POLL) { /* Of several sockets. */
        INT error = poll_sockets(in, in_length, lpErrno);
        return error == 0 ? 0 : fail(lpErrno, error);
    }
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    request_t r = {number, in, in_length, out, out_length, 0};
    INT error = block == NULL ? control(h->s, code, &r) : control_overlapped(h, code, &r, block, routine, thread);
    if (error == 0 || error == WSAEFAULT) *returned = r.returned;
    return leave(error, lpErrno);
}
