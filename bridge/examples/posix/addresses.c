/* Addresses, their texts, and error codes: what Windows and the system number differently. */
#include "posix.h"

#include <arpa/inet.h>
#include <stdio.h>

INT winsock(int error) {
    switch (error) {
    case 0: return 0;
    case EAGAIN: case EINPROGRESS: return WSAEWOULDBLOCK;
    case EALREADY: return WSAEALREADY;
    case EACCES: case EPERM: return WSAEACCES;
    case EADDRINUSE: return WSAEADDRINUSE;
    case EADDRNOTAVAIL: case ENODEV: return WSAEADDRNOTAVAIL;
    case EAFNOSUPPORT: return WSAEAFNOSUPPORT;
    case ECONNABORTED: case EPIPE: return WSAECONNABORTED;
    case ECONNREFUSED: return WSAECONNREFUSED;
    case ECONNRESET: return WSAECONNRESET;
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
    case ENOPROTOOPT: return WSAENOPROTOOPT;
    case ETIMEDOUT: return WSAETIMEDOUT;
    default: return WSAEINVAL;
    }
}

/* ---- addresses: the same bytes on both sides, but for the family's number */

socklen_t size_of_address(int family) {
    return family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

INT address_in(const wsp_sockaddr *name, INT length, int family, struct sockaddr_storage *to) {
    if (name == NULL || length < (INT)sizeof name->sa_family) return WSAEFAULT;
    if (name->sa_family != (family == AF_INET ? WSP_AF_INET : WSP_AF_INET6)) return WSAEAFNOSUPPORT;
    if (length < (INT)size_of_address(family)) return WSAEFAULT;
    memset(to, 0, sizeof *to);
    memcpy(to, name, size_of_address(family));
    to->ss_family = (sa_family_t)family;
    return 0;
}

/* Without room for it nobody wants it. */
INT address_out(const struct sockaddr_storage *from, wsp_sockaddr *name, LPINT length) {
    if (name == NULL || length == NULL) return 0;
    INT size = (INT)size_of_address(from->ss_family);
    if (*length < size) return WSAEFAULT;
    memcpy(name, from, (size_t)size);
    name->sa_family = from->ss_family == AF_INET ? WSP_AF_INET : WSP_AF_INET6;
    *length = size;
    return 0;
}

/* Both kinds have it in the same place. */
int port_of(const struct sockaddr_storage *a) {
    return ntohs(((const struct sockaddr_in *)a)->sin_port);
}

int is_any(const struct sockaddr_storage *a) {
    return a->ss_family == AF_INET ? ((const struct sockaddr_in *)a)->sin_addr.s_addr == INADDR_ANY
                                   : IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)a)->sin6_addr);
}

int is_group(const struct sockaddr_storage *a) {
    return a->ss_family == AF_INET ? IN_MULTICAST(ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr))
                                   : IN6_IS_ADDR_MULTICAST(&((const struct sockaddr_in6 *)a)->sin6_addr);
}

/* ---- texts */

#define LONGEST_TEXT (INET6_ADDRSTRLEN + 24) /* with brackets, scope and port */

static int print_host(const struct sockaddr_storage *a, char *text, size_t room) {
    char host[INET6_ADDRSTRLEN];
    const struct sockaddr_in *four = (const struct sockaddr_in *)a;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)a;
    const void *bytes = a->ss_family == AF_INET ? (const void *)&four->sin_addr : &six->sin6_addr;
    inet_ntop(a->ss_family, bytes, host, sizeof host);
    int has_scope = a->ss_family == AF_INET6 && six->sin6_scope_id != 0;
    return has_scope ? snprintf(text, room, "%s%%%u", host, six->sin6_scope_id) : snprintf(text, room, "%s", host);
}

static void print(const struct sockaddr_storage *a, char *text, size_t room) {
    char host[LONGEST_TEXT];
    print_host(a, host, sizeof host);
    int port = port_of(a);
    if (port == 0) snprintf(text, room, "%s", host);
    else snprintf(text, room, a->ss_family == AF_INET ? "%s:%d" : "[%s]:%d", host, port);
}

static int family_of(const WSAPROTOCOL_INFOW *info, int number) {
    if (info != NULL && info->iAddressFamily != number) return -1;
    return number == WSP_AF_INET ? AF_INET : number == WSP_AF_INET6 ? AF_INET6 : -1;
}

/* The length counts characters, with the terminating 0. */
INT WSPAPI posix_to_string(wsp_sockaddr *address, DWORD length, LPWSAPROTOCOL_INFOW info, LPWSTR text, LPDWORD room,
    LPINT lpErrno) {
    struct sockaddr_storage a;
    char plain[LONGEST_TEXT * 2];
    if (address == NULL || room == NULL) return fail(lpErrno, WSAEFAULT);
    int family = family_of(info, address->sa_family);
    if (family < 0 || address_in(address, (INT)length, family, &a) != 0) return fail(lpErrno, WSAEINVAL);
    print(&a, plain, sizeof plain);
    DWORD needed = (DWORD)strlen(plain) + 1;
    if (text == NULL || *room < needed) return *room = needed, fail(lpErrno, WSAEFAULT);
    for (DWORD i = 0; i < needed; i++) text[i] = (WCHAR)plain[i];
    *room = needed;
    return 0;
}

/* Takes a number off the end of a text, behind a sign that stands before it; -1 if what follows the sign is none. */
static long cut_number(char *text, char sign, long most) {
    char *at = strrchr(text, sign), *end;
    if (at == NULL) return 0;
    if (at[1] < '0' || at[1] > '9') return -1;
    errno = 0;
    long number = strtol(at + 1, &end, 10);
    if (*end != 0 || errno != 0 || number > most) return -1;
    *at = 0;
    return number;
}

static int parse_four(char *text, struct sockaddr_in *a) {
    long port = cut_number(text, ':', 65535);
    a->sin_port = htons((uint16_t)port);
    return port >= 0 && inet_pton(AF_INET, text, &a->sin_addr) == 1;
}

/* The port follows the brackets; the scope stands inside. */
static int parse_six(char *text, struct sockaddr_in6 *a) {
    long port = 0;
    if (*text == '[') {
        char *close = strchr(text, ']');
        if (close == NULL || (close[1] != 0 && close[1] != ':')) return 0;
        port = cut_number(close, ':', 65535);
        *close = 0, text++;
    }
    long scope = cut_number(text, '%', UINT32_MAX);
    a->sin6_port = htons((uint16_t)port), a->sin6_scope_id = (uint32_t)scope;
    return port >= 0 && scope >= 0 && inet_pton(AF_INET6, text, &a->sin6_addr) == 1;
}

INT WSPAPI posix_to_address(LPWSTR text, INT number, LPWSAPROTOCOL_INFOW info, wsp_sockaddr *address, LPINT length, LPINT lpErrno) {
    char plain[LONGEST_TEXT * 2];
    size_t n = 0;
    if (text == NULL || address == NULL || length == NULL) return fail(lpErrno, WSAEFAULT);
    int family = family_of(info, number);
    for (; n + 1 < sizeof plain && text[n] != 0; n++) plain[n] = text[n] < 128 ? (char)text[n] : '?';
    plain[n] = 0;
    struct sockaddr_storage a = {.ss_family = (sa_family_t)family};
    int is_right = family == AF_INET ? parse_four(plain, (struct sockaddr_in *)&a)
                                     : family == AF_INET6 && parse_six(plain, (struct sockaddr_in6 *)&a);
    if (!is_right || text[n] != 0) return fail(lpErrno, WSAEINVAL);
    INT error = address_out(&a, address, length);
    if (error == 0) return 0;
    *length = (INT)size_of_address(family);
    return fail(lpErrno, error);
}
