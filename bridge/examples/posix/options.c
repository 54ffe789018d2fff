/* Options. Most are the system's own under other numbers; what the system has otherwise, or not at all, is kept here. */
#include "posix.h"

#include <netinet/tcp.h>
#include <net/if.h>

#define SO_DEBUG_ 0x0001
#define SO_DONTROUTE_ 0x0010
#define SO_EXCLUSIVEADDRUSE_ (~WSP_SO_REUSEADDR)
#define SO_GROUP_ID_ 0x2001
#define SO_GROUP_PRIORITY_ 0x2002
#define SO_MAX_MSG_SIZE_ 0x2003
#define PVD_CONFIG_ 0x3001
#define SO_CONDITIONAL_ACCEPT_ 0x3002
#define MULTICAST_IF 9
#define ADD_MEMBERSHIP 12
#define DROP_MEMBERSHIP 13

/* ---- those of the system */

enum of { ALL = 3, STREAMS = 1, DATAGRAMS = 2 };

typedef struct option {
    INT level, name;
    int own_level, own_name;
    enum of of;
    int is_switch;
} option_t;

static const option_t options[] = {
    {WSP_SOL_SOCKET, WSP_SO_KEEPALIVE, SOL_SOCKET, SO_KEEPALIVE, ALL, 1},
    {WSP_SOL_SOCKET, SO_DONTROUTE_, SOL_SOCKET, SO_DONTROUTE, ALL, 1},
    {WSP_SOL_SOCKET, WSP_SO_BROADCAST, SOL_SOCKET, SO_BROADCAST, ALL, 1},
    {WSP_SOL_SOCKET, WSP_SO_OOBINLINE, SOL_SOCKET, SO_OOBINLINE, ALL, 1},
    {WSP_SOL_SOCKET, WSP_SO_SNDBUF, SOL_SOCKET, SO_SNDBUF, ALL, 0},
    {WSP_SOL_SOCKET, WSP_SO_RCVBUF, SOL_SOCKET, SO_RCVBUF, ALL, 0},
    {WSP_IPPROTO_TCP, WSP_TCP_NODELAY, IPPROTO_TCP, TCP_NODELAY, STREAMS, 1},
    {WSP_IPPROTO_TCP, 3, IPPROTO_TCP, TCP_KEEPIDLE, STREAMS, 0},
    {WSP_IPPROTO_TCP, 16, IPPROTO_TCP, TCP_KEEPCNT, STREAMS, 0},
    {WSP_IPPROTO_TCP, 17, IPPROTO_TCP, TCP_KEEPINTVL, STREAMS, 0},
    {WSP_IPPROTO_IP, 3, IPPROTO_IP, IP_TOS, ALL, 0},
    {WSP_IPPROTO_IP, 4, IPPROTO_IP, IP_TTL, ALL, 0},
    {WSP_IPPROTO_IP, 10, IPPROTO_IP, IP_MULTICAST_TTL, DATAGRAMS, 0},
    {WSP_IPPROTO_IP, 11, IPPROTO_IP, IP_MULTICAST_LOOP, DATAGRAMS, 1},
    {WSP_IPPROTO_IPV6, 4, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ALL, 0},
    {WSP_IPPROTO_IPV6, MULTICAST_IF, IPPROTO_IPV6, IPV6_MULTICAST_IF, DATAGRAMS, 0},
    {WSP_IPPROTO_IPV6, 10, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, DATAGRAMS, 0},
    {WSP_IPPROTO_IPV6, 11, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, DATAGRAMS, 1},
    {WSP_IPPROTO_IPV6, 27, IPPROTO_IPV6, IPV6_V6ONLY, ALL, 1},
    {WSP_IPPROTO_IPV6, 39, IPPROTO_IPV6, IPV6_TCLASS, ALL, 0},
};

static int is_level(INT level) {
    return level == WSP_SOL_SOCKET || level == WSP_IPPROTO_TCP || level == WSP_IPPROTO_UDP || level == WSP_IPPROTO_IP
        || level == WSP_IPPROTO_IPV6;
}

/* The options of one family are not those of the other. */
static int is_of_family(const sock_t *s, INT level) {
    return !(level == WSP_IPPROTO_IP && s->family != AF_INET) && !(level == WSP_IPPROTO_IPV6 && s->family != AF_INET6);
}

static const option_t *find_option(const sock_t *s, INT level, INT name) {
    int kind = s->type == SOCK_STREAM ? STREAMS : DATAGRAMS;
    for (size_t i = 0; is_of_family(s, level) && i < sizeof options / sizeof *options; i++)
        if (options[i].level == level && options[i].name == name && (options[i].of & kind) != 0) return &options[i];
    return NULL;
}

INT set_number(sock_t *s, INT level, INT name, INT value) {
    const option_t *o = find_option(s, level, name);
    if (o == NULL) return is_level(level) ? WSAENOPROTOOPT : WSAEINVAL;
    if (!o->is_switch && value < 0) return WSAEINVAL;
    INT own = o->is_switch ? value != 0 : value;
    return setsockopt(s->fd, o->own_level, o->own_name, &own, sizeof own) == 0 ? 0 : winsock(errno);
}

/* ---- groups: an interface of IPv4 is one of its addresses, or its index as an address of network 0 */

static struct ip_mreqn interface_of(uint32_t given) {
    struct ip_mreqn m = {0};
    uint32_t number = ntohl(given);
    if (number >> 24 == 0) m.imr_ifindex = (int)number;
    else m.imr_address.s_addr = given;
    return m;
}

static INT set_interface(sock_t *s, const CHAR *value, INT length) {
    uint32_t given;
    if (length < (INT)sizeof given) return WSAEFAULT;
    memcpy(&given, value, sizeof given);
    struct ip_mreqn m = interface_of(given);
    if (setsockopt(s->fd, IPPROTO_IP, IP_MULTICAST_IF, &m, sizeof m) != 0) return winsock(errno);
    s->multicast_interface = given;
    return 0;
}

static INT set_membership(sock_t *s, INT name, const CHAR *value, INT length) {
    uint32_t four[2];
    if (length < (INT)(s->family == AF_INET ? sizeof four : sizeof(struct ipv6_mreq))) return WSAEFAULT;
    int adds = name == ADD_MEMBERSHIP;
    if (s->family == AF_INET6) {
        struct ipv6_mreq six;
        memcpy(&six, value, sizeof six);
        int done = setsockopt(s->fd, IPPROTO_IPV6, adds ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP, &six, sizeof six) == 0;
        return done ? 0 : winsock(errno);
    }
    memcpy(four, value, sizeof four);
    struct ip_mreqn m = interface_of(four[1]);
    m.imr_multiaddr.s_addr = four[0];
    return setsockopt(s->fd, IPPROTO_IP, adds ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, &m, sizeof m) == 0 ? 0 : winsock(errno);
}

/* On the interface that the socket sends to groups by. */
INT join_group(sock_t *s, const struct sockaddr_storage *group) {
    CHAR value[sizeof(struct ipv6_mreq)];
    if (s->family == AF_INET) {
        memcpy(value, &((const struct sockaddr_in *)group)->sin_addr, 4);
        memcpy(value + 4, &s->multicast_interface, 4);
        return set_membership(s, ADD_MEMBERSHIP, value, 8);
    }
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)group;
    uint32_t index = six->sin6_scope_id;
    socklen_t size = sizeof index;
    if (index == 0) getsockopt(s->fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, &size);
    memcpy(value, &six->sin6_addr, 16);
    memcpy(value + 16, &index, 4);
    return set_membership(s, ADD_MEMBERSHIP, value, sizeof value);
}

static int is_of_groups(const sock_t *s, INT level, INT name) {
    if (s->type != SOCK_DGRAM || level != (s->family == AF_INET ? WSP_IPPROTO_IP : WSP_IPPROTO_IPV6)) return 0;
    return name == ADD_MEMBERSHIP || name == DROP_MEMBERSHIP || (name == MULTICAST_IF && s->family == AF_INET);
}

/* ---- those that are kept here */

static INT set_linger(sock_t *s, const CHAR *value) {
    wsp_linger l;
    memcpy(&l, value, sizeof l);
    s->lingers = l.l_onoff != 0;
    if (s->lingers) s->linger_seconds = l.l_linger; /* Turned off and on again it has its time still. */
    return 0;
}

/* One address for several sockets, and one for this socket alone, exclude each other. Binding looks at them. */
static INT set_sharing(int *mine, int other, int on) {
    if (on && other) return WSAEINVAL;
    *mine = on;
    return 0;
}

static INT set_option(sock_t *s, INT level, INT name, const CHAR *value, INT length) {
    INT number;
    if (!is_level(level)) return WSAEINVAL;
    if (value == NULL || length < 1) return WSAEFAULT;
    if (is_of_groups(s, level, name))
        return name == MULTICAST_IF ? set_interface(s, value, length) : set_membership(s, name, value, length);
    if (length < (INT)sizeof number) return WSAEFAULT;
    memcpy(&number, value, sizeof number);
    if (level != WSP_SOL_SOCKET) return set_number(s, level, name, number);
    switch (name) {
    case SO_DEBUG_: return s->debug = number != 0, 0;
    case WSP_SO_REUSEADDR: return set_sharing(&s->reuses, s->exclusive, number != 0);
    case SO_EXCLUSIVEADDRUSE_: return set_sharing(&s->exclusive, s->reuses, number != 0);
    case WSP_SO_LINGER: return set_linger(s, value);
    case WSP_SO_DONTLINGER: return s->lingers = number == 0, 0;
    case WSP_SO_RCVTIMEO: return s->receive_timeout = (DWORD)number, 0;
    case WSP_SO_SNDTIMEO: return s->send_timeout = (DWORD)number, 0;
    default: return set_number(s, level, name, number);
    }
}

INT WSPAPI posix_set_option(SOCKET number, INT level, INT name, const CHAR *value, INT length, LPINT lpErrno) {
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    INT error = set_option(h->s, level, name, value, length);
    settle(h->s);
    return leave(error, lpErrno);
}

static INT put(const void *from, INT size, CHAR *value, LPINT length) {
    if (value == NULL || length == NULL || *length < size) return WSAEFAULT;
    memcpy(value, from, (size_t)size);
    *length = size;
    return 0;
}

static INT put_number(INT number, CHAR *value, LPINT length) {
    return put(&number, sizeof number, value, length);
}

static INT get_number(const sock_t *s, INT level, INT name, CHAR *value, LPINT length) {
    const option_t *o = find_option(s, level, name);
    INT number = 0;
    socklen_t size = sizeof number;
    if (o == NULL) return is_level(level) ? WSAENOPROTOOPT : WSAEINVAL;
    if (getsockopt(s->fd, o->own_level, o->own_name, &number, &size) != 0) return winsock(errno);
    return put_number(o->is_switch ? number != 0 : number, value, length);
}

static INT get_linger(const sock_t *s, CHAR *value, LPINT length) {
    wsp_linger l = {(WORD)s->lingers, (WORD)s->linger_seconds};
    return put(&l, sizeof l, value, length);
}

/* Reading clears it. */
static INT get_error(sock_t *s, CHAR *value, LPINT length) {
    ready(s);
    INT error = put_number(s->error, value, length);
    if (error == 0) s->error = 0;
    return error;
}

/* The names of WSAPROTOCOL_INFOA are bytes. */
static INT get_info(const sock_t *s, INT name, CHAR *value, LPINT length) {
    if (name == WSP_SO_PROTOCOL_INFOW) return put(&s->info, sizeof s->info, value, length);
    CHAR info[offsetof(WSAPROTOCOL_INFOW, szProtocol) + WSAPROTOCOL_LEN + 1] = {0};
    memcpy(info, &s->info, offsetof(WSAPROTOCOL_INFOW, szProtocol));
    for (size_t i = 0; i < WSAPROTOCOL_LEN; i++) info[offsetof(WSAPROTOCOL_INFOW, szProtocol) + i] = (CHAR)s->info.szProtocol[i];
    return put(info, sizeof info, value, length);
}

static INT get_option(sock_t *s, INT level, INT name, CHAR *value, LPINT length) {
    if (level == WSP_IPPROTO_IP && name == MULTICAST_IF && is_of_groups(s, level, name))
        return put(&s->multicast_interface, sizeof s->multicast_interface, value, length);
    if (level != WSP_SOL_SOCKET) return get_number(s, level, name, value, length);
    switch (name) {
    case SO_DEBUG_: return put_number(s->debug, value, length);
    case WSP_SO_ACCEPTCONN: return put_number(s->state == LISTENING, value, length);
    case WSP_SO_REUSEADDR: return put_number(s->reuses, value, length);
    case SO_EXCLUSIVEADDRUSE_: return put_number(s->exclusive, value, length);
    case WSP_SO_LINGER: return get_linger(s, value, length);
    case WSP_SO_DONTLINGER: return put_number(!s->lingers, value, length);
    case WSP_SO_RCVTIMEO: return put_number((INT)s->receive_timeout, value, length);
    case WSP_SO_SNDTIMEO: return put_number((INT)s->send_timeout, value, length);
    case WSP_SO_ERROR: return get_error(s, value, length);
    case WSP_SO_TYPE: return put_number(s->info.iSocketType, value, length);
    case SO_GROUP_ID_: case SO_GROUP_PRIORITY_: case SO_CONDITIONAL_ACCEPT_: return put_number(0, value, length);
    case SO_MAX_MSG_SIZE_: return s->type == SOCK_DGRAM ? put_number((INT)s->info.dwMessageSize, value, length) : WSAENOPROTOOPT;
    case WSP_SO_PROTOCOL_INFOA: case WSP_SO_PROTOCOL_INFOW: return get_info(s, name, value, length);
    case PVD_CONFIG_: return put("", 0, value, length);
    default: return get_number(s, level, name, value, length);
    }
}

INT WSPAPI posix_get_option(SOCKET number, INT level, INT name, CHAR *value, LPINT length, LPINT lpErrno) {
    handle_t *h = enter(number, lpErrno);
    if (h == NULL) return SOCKET_ERROR;
    return leave(get_option(h->s, level, name, value, length), lpErrno);
}
