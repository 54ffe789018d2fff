/*
 * The Windows Sockets 2 transport service provider interface, for providers written in C11 or C++17.
 *
 * On Windows this file defers to the system's own headers, and adds what is new here. Everywhere else it declares the
 * interface itself, with the binary layout of 64-bit Windows and with names that leave those of POSIX alone: what POSIX
 * has, too, begins with wsp_ or WSP_ (on Windows these are other names of the system's). All integers have fixed widths;
 * there is no long and no wchar_t in it.
 *
 * A provider is a shared library that exports WSPStartup. It may also export
 *   WSPSetHostServices     called before each WSPStartup, also while threads of the provider's run, with the same functions each
 *                          time in one process: what kernel32, user32 and ws2_32 are on Windows;
 *   WSPModuleProtocols     the catalog entries that a base provider is to be installed with.
 * With WSP_IMPLEMENT_HOST_SERVICES defined in one of its source files, this header defines WSPSetHostServices there; in
 * all files the functions at the end of this header reach the services.
 *
 * Licence: Apache-2.0.
 */
#if defined(WSP_WANTS_SYSTEM_HEADER)
/* Found by its own search for the system's file, which begins anew where a header beside this one has included it. */
#include_next <ws2spi.h>
#elif !defined(WS2J_WS2SPI_H)
#define WS2J_WS2SPI_H

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
#define WSP_STATIC_ASSERT(condition, text) static_assert(condition, text)
#define WSP_ALIGNOF(type) alignof(type)
extern "C" {
#else
#define WSP_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#define WSP_ALIGNOF(type) _Alignof(type)
#endif

#define WSP_LAYOUT(type, size, align)                                     \
    WSP_STATIC_ASSERT(sizeof(type) == (size), "size of " #type);           \
    WSP_STATIC_ASSERT(WSP_ALIGNOF(type) == (align), "alignment of " #type)
#define WSP_PLACE(type, member, offset) \
    WSP_STATIC_ASSERT(offsetof(type, member) == (offset), #type "." #member)

#if UINTPTR_MAX != UINT64_MAX
#error "ws2spi.h: 64-bit systems only"
#endif

#if defined(_WIN32)
/* ------------------------------------------------------------------ Windows: the system's own */

#if defined(__cplusplus)
}
#endif
#include <winsock2.h>
/* The system's file of the same name as this one. */
#if defined(_MSC_VER) && !defined(__clang__)
#include <../um/ws2spi.h>
#else
#define WSP_WANTS_SYSTEM_HEADER
#include_next <ws2spi.h>
#undef WSP_WANTS_SYSTEM_HEADER
#endif
#include <ws2tcpip.h>
#include <mswsock.h>
#if defined(__cplusplus)
extern "C" {
#endif

#define WSP_EXPORT __declspec(dllexport)

/* The system's file declares it without exporting it, for want of a .def file. */
#if defined(_MSC_VER) && !defined(__clang__)
#if defined(WSP_IMPLEMENT_HOST_SERVICES)
#pragma comment(linker, "/EXPORT:WSPStartup")
#endif
#else
WSP_EXPORT int WSPAPI WSPStartup(WORD wVersionRequested, LPWSPDATA lpWSPData, LPWSAPROTOCOL_INFOW lpProtocolInfo,
    WSPUPCALLTABLE UpcallTable, LPWSPPROC_TABLE lpProcTable);
#endif

typedef struct fd_set wsp_fd_set;
typedef struct timeval wsp_timeval;
typedef struct linger wsp_linger;
typedef struct in_addr wsp_in_addr;
typedef struct in6_addr wsp_in6_addr;
typedef struct sockaddr wsp_sockaddr;
typedef struct sockaddr_in wsp_sockaddr_in;
typedef struct sockaddr_in6 wsp_sockaddr_in6;
typedef struct sockaddr_storage wsp_sockaddr_storage;
typedef LPWSAUSERAPC WSP_USER_APC;
typedef WCHAR wsp_wchar;

#else
/* ------------------------------------------------------------------ all other systems */

#define WSPAPI
#define CALLBACK
#define WSP_EXPORT __attribute__((visibility("default")))

typedef uint8_t BYTE;
typedef char CHAR;
typedef uint16_t WORD;
typedef uint32_t DWORD;
typedef int32_t INT;
typedef uint32_t UINT;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef int32_t BOOL;
typedef uintptr_t DWORD_PTR;
typedef uintptr_t ULONG_PTR;
typedef intptr_t LONG_PTR;
typedef uintptr_t WPARAM;
typedef intptr_t LPARAM;
typedef uintptr_t SOCKET;
typedef uint32_t GROUP;
typedef uint32_t SERVICETYPE;
typedef void *HANDLE;
typedef HANDLE WSAEVENT;
typedef void *HWND;
typedef void *LPVOID;
typedef const void *LPCVOID;
typedef DWORD *LPDWORD;
typedef INT *LPINT;
typedef HANDLE *LPHANDLE;
#if defined(__cplusplus)
typedef char16_t WCHAR;
#else
typedef uint16_t WCHAR;
#endif
typedef WCHAR wsp_wchar;
typedef WCHAR *LPWSTR;
typedef const WCHAR *LPCWSTR;

#ifndef TRUE
#define TRUE 1
#define FALSE 0
#endif

#define INVALID_SOCKET ((SOCKET)~(uintptr_t)0)
#define SOCKET_ERROR (-1)
#define WSA_INVALID_EVENT ((WSAEVENT)0)
#define INVALID_HANDLE_VALUE ((HANDLE)(intptr_t)-1)
#define MAKEWORD(low, high) ((WORD)(((BYTE)(low)) | ((WORD)((BYTE)(high))) << 8))
#define LOBYTE(word) ((BYTE)(word))
#define HIBYTE(word) ((BYTE)((WORD)(word) >> 8))

typedef struct wsp_guid {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID, *LPGUID;

#define MAX_PROTOCOL_CHAIN 7
#define BASE_PROTOCOL 1
#define LAYERED_PROTOCOL 0
#define WSAPROTOCOL_LEN 255
#define WSPDESCRIPTION_LEN 255

typedef struct wsp_protocolchain {
    INT ChainLen;
    DWORD ChainEntries[MAX_PROTOCOL_CHAIN];
} WSAPROTOCOLCHAIN, *LPWSAPROTOCOLCHAIN;

typedef struct wsp_protocol_info {
    DWORD dwServiceFlags1;
    DWORD dwServiceFlags2;
    DWORD dwServiceFlags3;
    DWORD dwServiceFlags4;
    DWORD dwProviderFlags;
    GUID ProviderId;
    DWORD dwCatalogEntryId;
    WSAPROTOCOLCHAIN ProtocolChain;
    INT iVersion;
    INT iAddressFamily;
    INT iMaxSockAddr;
    INT iMinSockAddr;
    INT iSocketType;
    INT iProtocol;
    INT iProtocolMaxOffset;
    INT iNetworkByteOrder;
    INT iSecurityScheme;
    DWORD dwMessageSize;
    DWORD dwProviderReserved;
    WCHAR szProtocol[WSAPROTOCOL_LEN + 1];
} WSAPROTOCOL_INFOW, *LPWSAPROTOCOL_INFOW;

typedef struct wsp_data {
    WORD wVersion;
    WORD wHighVersion;
    WCHAR szDescription[WSPDESCRIPTION_LEN + 1];
} WSPDATA, *LPWSPDATA;

typedef struct wsp_buf {
    ULONG len;
    CHAR *buf;
} WSABUF, *LPWSABUF;

typedef struct wsp_overlapped {
    ULONG_PTR Internal;
    ULONG_PTR InternalHigh;
    DWORD Offset;
    DWORD OffsetHigh;
    HANDLE hEvent;
} WSAOVERLAPPED, *LPWSAOVERLAPPED, OVERLAPPED, *LPOVERLAPPED;

typedef struct wsp_threadid {
    HANDLE ThreadHandle;
    DWORD_PTR Reserved;
} WSATHREADID, *LPWSATHREADID;

#define FD_MAX_EVENTS 10

typedef struct wsp_networkevents {
    LONG lNetworkEvents;
    INT iErrorCode[FD_MAX_EVENTS];
} WSANETWORKEVENTS, *LPWSANETWORKEVENTS;

#ifndef WSP_FD_SETSIZE
#define WSP_FD_SETSIZE 64
#endif

/* A counted array. Whoever made it may have compiled it longer: touch fd_count members, never copy sizeof. */
typedef struct wsp_fd_set {
    UINT fd_count;
    SOCKET fd_array[WSP_FD_SETSIZE];
} wsp_fd_set;

typedef struct wsp_timeval {
    LONG tv_sec;
    LONG tv_usec;
} wsp_timeval;

typedef struct wsp_linger {
    WORD l_onoff;
    WORD l_linger;
} wsp_linger;

typedef struct wsp_in_addr {
    uint32_t s_addr;
} wsp_in_addr;

typedef struct wsp_in6_addr {
    union {
        uint8_t Byte[16];
        uint16_t Word[8];
    } u;
} wsp_in6_addr;

typedef struct wsp_sockaddr {
    WORD sa_family;
    CHAR sa_data[14];
} wsp_sockaddr;

typedef struct wsp_sockaddr_in {
    WORD sin_family;
    WORD sin_port;
    wsp_in_addr sin_addr;
    CHAR sin_zero[8];
} wsp_sockaddr_in;

typedef struct wsp_sockaddr_in6 {
    WORD sin6_family;
    WORD sin6_port;
    uint32_t sin6_flowinfo;
    wsp_in6_addr sin6_addr;
    uint32_t sin6_scope_id;
} wsp_sockaddr_in6;

typedef struct wsp_sockaddr_storage {
    WORD ss_family;
    CHAR ss_pad1[6];
    int64_t ss_align;
    CHAR ss_pad2[112];
} wsp_sockaddr_storage;

typedef struct wsp_msg {
    wsp_sockaddr *name;
    INT namelen;
    LPWSABUF lpBuffers;
    DWORD dwBufferCount;
    WSABUF Control;
    DWORD dwFlags;
} WSAMSG, *LPWSAMSG;

typedef struct wsp_cmsghdr {
    size_t cmsg_len;
    INT cmsg_level;
    INT cmsg_type;
} WSACMSGHDR, *LPWSACMSGHDR;

typedef struct wsp_flowspec {
    ULONG TokenRate;
    ULONG TokenBucketSize;
    ULONG PeakBandwidth;
    ULONG Latency;
    ULONG DelayVariation;
    SERVICETYPE ServiceType;
    ULONG MaxSduSize;
    ULONG MinimumPolicedSize;
} FLOWSPEC, *LPFLOWSPEC;

typedef struct wsp_qos {
    FLOWSPEC SendingFlowspec;
    FLOWSPEC ReceivingFlowspec;
    WSABUF ProviderSpecific;
} QOS, *LPQOS;

typedef struct wsp_socket_address {
    wsp_sockaddr *lpSockaddr;
    INT iSockaddrLength;
} SOCKET_ADDRESS;

typedef struct wsp_socket_address_list {
    INT iAddressCount;
    SOCKET_ADDRESS Address[1];
} SOCKET_ADDRESS_LIST;

typedef struct wsp_blob {
    ULONG cbSize;
    BYTE *pBlobData;
} BLOB;

typedef struct wsp_pollfd {
    SOCKET fd;
    int16_t events;
    int16_t revents;
} WSAPOLLFD;

typedef struct wsp_transmit_file_buffers {
    LPVOID Head;
    DWORD HeadLength;
    LPVOID Tail;
    DWORD TailLength;
} TRANSMIT_FILE_BUFFERS, *LPTRANSMIT_FILE_BUFFERS;

#define TP_ELEMENT_MEMORY 1
#define TP_ELEMENT_FILE 2
#define TP_ELEMENT_EOP 4

typedef struct wsp_transmit_packets_element {
    ULONG dwElFlags;
    ULONG cLength;
    union {
        struct {
            int64_t nFileOffset;
            HANDLE hFile;
        } File; /* on Windows this structure has no name */
        LPVOID pBuffer;
    } u; /* neither has this union */
} TRANSMIT_PACKETS_ELEMENT, *LPTRANSMIT_PACKETS_ELEMENT;

#define TF_DISCONNECT 0x01
#define TF_REUSE_SOCKET 0x02
#define TF_WRITE_BEHIND 0x04
#define TF_USE_SYSTEM_THREAD 0x10
#define TF_USE_KERNEL_APC 0x20

/* Values of dwServiceFlags1 and dwProviderFlags. */
#define XP1_CONNECTIONLESS 0x00000001
#define XP1_GUARANTEED_DELIVERY 0x00000002
#define XP1_GUARANTEED_ORDER 0x00000004
#define XP1_MESSAGE_ORIENTED 0x00000008
#define XP1_GRACEFUL_CLOSE 0x00000020
#define XP1_EXPEDITED_DATA 0x00000040
#define XP1_SUPPORT_BROADCAST 0x00000200
#define XP1_SUPPORT_MULTIPOINT 0x00000400
#define XP1_IFS_HANDLES 0x00020000
#define PFL_MATCHES_PROTOCOL_ZERO 0x00000008
#define PFL_HIDDEN 0x00000004

#define FD_READ 0x001
#define FD_WRITE 0x002
#define FD_OOB 0x004
#define FD_ACCEPT 0x008
#define FD_CONNECT 0x010
#define FD_CLOSE 0x020
#define FD_ALL_EVENTS 0x3FF
#define WSAGETSELECTEVENT(lParam) ((WORD)(lParam))
#define WSAGETSELECTERROR(lParam) ((WORD)((uintptr_t)(lParam) >> 16))
#define WSAMAKESELECTREPLY(event, error) ((LPARAM)((uint32_t)(WORD)(event) | (uint32_t)(WORD)(error) << 16))

#define WSA_FLAG_OVERLAPPED 0x01
#define CF_ACCEPT 0
#define CF_REJECT 1
#define CF_DEFER 2
#define WSS_OPERATION_IN_PROGRESS 0x103

#define WSA_INVALID_HANDLE 6
#define WSA_NOT_ENOUGH_MEMORY 8
#define WSA_INVALID_PARAMETER 87
#define WAIT_IO_COMPLETION 192
#define WSA_WAIT_IO_COMPLETION 192
#define WAIT_TIMEOUT 258
#define WSA_WAIT_TIMEOUT 258
#define WSA_OPERATION_ABORTED 995
#define WSA_IO_INCOMPLETE 996
#define WSA_IO_PENDING 997
#define ERROR_CONNECTION_ABORTED 1236
#define WSAEINTR 10004
#define WSAEACCES 10013
#define WSAEFAULT 10014
#define WSAEINVAL 10022
#define WSAEMFILE 10024
#define WSAEWOULDBLOCK 10035
#define WSAEINPROGRESS 10036
#define WSAEALREADY 10037
#define WSAENOTSOCK 10038
#define WSAEDESTADDRREQ 10039
#define WSAEMSGSIZE 10040
#define WSAEPROTOTYPE 10041
#define WSAENOPROTOOPT 10042
#define WSAEPROTONOSUPPORT 10043
#define WSAESOCKTNOSUPPORT 10044
#define WSAEOPNOTSUPP 10045
#define WSAEAFNOSUPPORT 10047
#define WSAEADDRINUSE 10048
#define WSAEADDRNOTAVAIL 10049
#define WSAENETDOWN 10050
#define WSAENETUNREACH 10051
#define WSAENETRESET 10052
#define WSAECONNABORTED 10053
#define WSAECONNRESET 10054
#define WSAENOBUFS 10055
#define WSAEISCONN 10056
#define WSAENOTCONN 10057
#define WSAESHUTDOWN 10058
#define WSAETIMEDOUT 10060
#define WSAECONNREFUSED 10061
#define WSAEHOSTUNREACH 10065
#define WSAEPROCLIM 10067
#define WSASYSNOTREADY 10091
#define WSAVERNOTSUPPORTED 10092
#define WSANOTINITIALISED 10093
#define WSAEDISCON 10101
#define WSAEINVALIDPROCTABLE 10104
#define WSAEINVALIDPROVIDER 10105
#define WSAEPROVIDERFAILEDINIT 10106
#define WSASYSCALLFAILURE 10107
#define WSATRY_AGAIN 11002
#define WSA_INFINITE 0xFFFFFFFFu
#define INFINITE 0xFFFFFFFFu

/* ---- call-backs */

typedef void(CALLBACK *LPWSAOVERLAPPED_COMPLETION_ROUTINE)(
    DWORD dwError, DWORD cbTransferred, LPWSAOVERLAPPED lpOverlapped, DWORD dwFlags);
typedef INT(CALLBACK *LPCONDITIONPROC)(LPWSABUF lpCallerId, LPWSABUF lpCallerData, LPQOS lpSQOS, LPQOS lpGQOS,
    LPWSABUF lpCalleeId, LPWSABUF lpCalleeData, GROUP *g, DWORD_PTR dwCallbackData);
typedef BOOL(CALLBACK *LPBLOCKINGCALLBACK)(DWORD_PTR dwContext);
typedef void(CALLBACK *LPWSAUSERAPC)(DWORD_PTR dwContext);
typedef LPWSAUSERAPC WSP_USER_APC;

/* ---- what a provider may ask of the host */

typedef BOOL(WSPAPI *LPWPUCLOSEEVENT)(WSAEVENT hEvent, LPINT lpErrno);
typedef INT(WSPAPI *LPWPUCLOSESOCKETHANDLE)(SOCKET s, LPINT lpErrno);
typedef WSAEVENT(WSPAPI *LPWPUCREATEEVENT)(LPINT lpErrno);
typedef SOCKET(WSPAPI *LPWPUCREATESOCKETHANDLE)(DWORD dwCatalogEntryId, DWORD_PTR dwContext, LPINT lpErrno);
typedef INT(WSPAPI *LPWPUFDISSET)(SOCKET s, wsp_fd_set *fdset);
typedef INT(WSPAPI *LPWPUGETPROVIDERPATH)(
    LPGUID lpProviderId, WCHAR *lpszProviderDllPath, LPINT lpProviderDllPathLen, LPINT lpErrno);
typedef SOCKET(WSPAPI *LPWPUMODIFYIFSHANDLE)(DWORD dwCatalogEntryId, SOCKET ProposedHandle, LPINT lpErrno);
typedef BOOL(WSPAPI *LPWPUPOSTMESSAGE)(HWND hWnd, UINT Msg, WPARAM wParam, LPARAM lParam);
typedef INT(WSPAPI *LPWPUQUERYBLOCKINGCALLBACK)(
    DWORD dwCatalogEntryId, LPBLOCKINGCALLBACK *lplpfnCallback, DWORD_PTR *lpdwContext, LPINT lpErrno);
typedef INT(WSPAPI *LPWPUQUERYSOCKETHANDLECONTEXT)(SOCKET s, DWORD_PTR *lpContext, LPINT lpErrno);
typedef INT(WSPAPI *LPWPUQUEUEAPC)(
    LPWSATHREADID lpThreadId, LPWSAUSERAPC lpfnUserApc, DWORD_PTR dwContext, LPINT lpErrno);
typedef BOOL(WSPAPI *LPWPURESETEVENT)(WSAEVENT hEvent, LPINT lpErrno);
typedef BOOL(WSPAPI *LPWPUSETEVENT)(WSAEVENT hEvent, LPINT lpErrno);
typedef INT(WSPAPI *LPWPUOPENCURRENTTHREAD)(LPWSATHREADID lpThreadId, LPINT lpErrno);
typedef INT(WSPAPI *LPWPUCLOSETHREAD)(LPWSATHREADID lpThreadId, LPINT lpErrno);

typedef struct wsp_upcalltable {
    LPWPUCLOSEEVENT lpWPUCloseEvent;
    LPWPUCLOSESOCKETHANDLE lpWPUCloseSocketHandle;
    LPWPUCREATEEVENT lpWPUCreateEvent;
    LPWPUCREATESOCKETHANDLE lpWPUCreateSocketHandle;
    LPWPUFDISSET lpWPUFDIsSet;
    LPWPUGETPROVIDERPATH lpWPUGetProviderPath;
    LPWPUMODIFYIFSHANDLE lpWPUModifyIFSHandle;
    LPWPUPOSTMESSAGE lpWPUPostMessage;
    LPWPUQUERYBLOCKINGCALLBACK lpWPUQueryBlockingCallback;
    LPWPUQUERYSOCKETHANDLECONTEXT lpWPUQuerySocketHandleContext;
    LPWPUQUEUEAPC lpWPUQueueApc;
    LPWPURESETEVENT lpWPUResetEvent;
    LPWPUSETEVENT lpWPUSetEvent;
    LPWPUOPENCURRENTTHREAD lpWPUOpenCurrentThread;
    LPWPUCLOSETHREAD lpWPUCloseThread;
} WSPUPCALLTABLE, *LPWSPUPCALLTABLE;

/* ---- what a provider offers */

typedef SOCKET(WSPAPI *LPWSPACCEPT)(SOCKET s, wsp_sockaddr *addr, LPINT addrlen, LPCONDITIONPROC lpfnCondition,
    DWORD_PTR dwCallbackData, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPADDRESSTOSTRING)(wsp_sockaddr *lpsaAddress, DWORD dwAddressLength,
    LPWSAPROTOCOL_INFOW lpProtocolInfo, LPWSTR lpszAddressString, LPDWORD lpdwAddressStringLength, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPASYNCSELECT)(SOCKET s, HWND hWnd, UINT wMsg, LONG lEvent, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPBIND)(SOCKET s, const wsp_sockaddr *name, INT namelen, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPCANCELBLOCKINGCALL)(LPINT lpErrno);
typedef INT(WSPAPI *LPWSPCLEANUP)(LPINT lpErrno);
typedef INT(WSPAPI *LPWSPCLOSESOCKET)(SOCKET s, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPCONNECT)(SOCKET s, const wsp_sockaddr *name, INT namelen, LPWSABUF lpCallerData,
    LPWSABUF lpCalleeData, LPQOS lpSQOS, LPQOS lpGQOS, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPDUPLICATESOCKET)(
    SOCKET s, DWORD dwProcessId, LPWSAPROTOCOL_INFOW lpProtocolInfo, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPENUMNETWORKEVENTS)(
    SOCKET s, WSAEVENT hEventObject, LPWSANETWORKEVENTS lpNetworkEvents, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPEVENTSELECT)(SOCKET s, WSAEVENT hEventObject, LONG lNetworkEvents, LPINT lpErrno);
typedef BOOL(WSPAPI *LPWSPGETOVERLAPPEDRESULT)(SOCKET s, LPWSAOVERLAPPED lpOverlapped, LPDWORD lpcbTransfer,
    BOOL fWait, LPDWORD lpdwFlags, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPGETPEERNAME)(SOCKET s, wsp_sockaddr *name, LPINT namelen, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPGETSOCKNAME)(SOCKET s, wsp_sockaddr *name, LPINT namelen, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPGETSOCKOPT)(
    SOCKET s, INT level, INT optname, CHAR *optval, LPINT optlen, LPINT lpErrno);
typedef BOOL(WSPAPI *LPWSPGETQOSBYNAME)(SOCKET s, LPWSABUF lpQOSName, LPQOS lpQOS, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPIOCTL)(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
    LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned, LPWSAOVERLAPPED lpOverlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine, LPWSATHREADID lpThreadId, LPINT lpErrno);
typedef SOCKET(WSPAPI *LPWSPJOINLEAF)(SOCKET s, const wsp_sockaddr *name, INT namelen, LPWSABUF lpCallerData,
    LPWSABUF lpCalleeData, LPQOS lpSQOS, LPQOS lpGQOS, DWORD dwFlags, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPLISTEN)(SOCKET s, INT backlog, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPRECV)(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesRecvd,
    LPDWORD lpFlags, LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
    LPWSATHREADID lpThreadId, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPRECVDISCONNECT)(SOCKET s, LPWSABUF lpInboundDisconnectData, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPRECVFROM)(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesRecvd,
    LPDWORD lpFlags, wsp_sockaddr *lpFrom, LPINT lpFromlen, LPWSAOVERLAPPED lpOverlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine, LPWSATHREADID lpThreadId, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPSELECT)(INT nfds, wsp_fd_set *readfds, wsp_fd_set *writefds, wsp_fd_set *exceptfds,
    const wsp_timeval *timeout, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPSEND)(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesSent,
    DWORD dwFlags, LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
    LPWSATHREADID lpThreadId, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPSENDDISCONNECT)(SOCKET s, LPWSABUF lpOutboundDisconnectData, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPSENDTO)(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesSent,
    DWORD dwFlags, const wsp_sockaddr *lpTo, INT iTolen, LPWSAOVERLAPPED lpOverlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine, LPWSATHREADID lpThreadId, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPSETSOCKOPT)(
    SOCKET s, INT level, INT optname, const CHAR *optval, INT optlen, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPSHUTDOWN)(SOCKET s, INT how, LPINT lpErrno);
typedef SOCKET(WSPAPI *LPWSPSOCKET)(INT af, INT type, INT protocol, LPWSAPROTOCOL_INFOW lpProtocolInfo, GROUP g,
    DWORD dwFlags, LPINT lpErrno);
typedef INT(WSPAPI *LPWSPSTRINGTOADDRESS)(LPWSTR AddressString, INT AddressFamily,
    LPWSAPROTOCOL_INFOW lpProtocolInfo, wsp_sockaddr *lpAddress, LPINT lpAddressLength, LPINT lpErrno);

typedef struct wsp_proc_table {
    LPWSPACCEPT lpWSPAccept;
    LPWSPADDRESSTOSTRING lpWSPAddressToString;
    LPWSPASYNCSELECT lpWSPAsyncSelect;
    LPWSPBIND lpWSPBind;
    LPWSPCANCELBLOCKINGCALL lpWSPCancelBlockingCall;
    LPWSPCLEANUP lpWSPCleanup;
    LPWSPCLOSESOCKET lpWSPCloseSocket;
    LPWSPCONNECT lpWSPConnect;
    LPWSPDUPLICATESOCKET lpWSPDuplicateSocket;
    LPWSPENUMNETWORKEVENTS lpWSPEnumNetworkEvents;
    LPWSPEVENTSELECT lpWSPEventSelect;
    LPWSPGETOVERLAPPEDRESULT lpWSPGetOverlappedResult;
    LPWSPGETPEERNAME lpWSPGetPeerName;
    LPWSPGETSOCKNAME lpWSPGetSockName;
    LPWSPGETSOCKOPT lpWSPGetSockOpt;
    LPWSPGETQOSBYNAME lpWSPGetQOSByName;
    LPWSPIOCTL lpWSPIoctl;
    LPWSPJOINLEAF lpWSPJoinLeaf;
    LPWSPLISTEN lpWSPListen;
    LPWSPRECV lpWSPRecv;
    LPWSPRECVDISCONNECT lpWSPRecvDisconnect;
    LPWSPRECVFROM lpWSPRecvFrom;
    LPWSPSELECT lpWSPSelect;
    LPWSPSEND lpWSPSend;
    LPWSPSENDDISCONNECT lpWSPSendDisconnect;
    LPWSPSENDTO lpWSPSendTo;
    LPWSPSETSOCKOPT lpWSPSetSockOpt;
    LPWSPSHUTDOWN lpWSPShutdown;
    LPWSPSOCKET lpWSPSocket;
    LPWSPSTRINGTOADDRESS lpWSPStringToAddress;
} WSPPROC_TABLE, *LPWSPPROC_TABLE;

/* The one function that every provider exports. The table comes by value: copy it before returning. A layer hands it down
   unchanged: one with functions of the layer's own is refused (WSAEPROVIDERFAILEDINIT). */
WSP_EXPORT INT WSPAPI WSPStartup(WORD wVersionRequested, LPWSPDATA lpWSPData, LPWSAPROTOCOL_INFOW lpProtocolInfo,
    WSPUPCALLTABLE UpcallTable, LPWSPPROC_TABLE lpProcTable);
typedef INT(WSPAPI *LPWSPSTARTUP)(WORD wVersionRequested, LPWSPDATA lpWSPData, LPWSAPROTOCOL_INFOW lpProtocolInfo,
    WSPUPCALLTABLE UpcallTable, LPWSPPROC_TABLE lpProcTable);

/* ---- extension functions: SIO_GET_EXTENSION_FUNCTION_POINTER gives them by their identifiers. They fail with FALSE, the last
   two with SOCKET_ERROR, and tell the error by WSASetLastError. A HANDLE of a file is one of the host's: see OpenFile. */

typedef BOOL(WSPAPI *LPFN_ACCEPTEX)(SOCKET sListenSocket, SOCKET sAcceptSocket, LPVOID lpOutputBuffer,
    DWORD dwReceiveDataLength, DWORD dwLocalAddressLength, DWORD dwRemoteAddressLength, LPDWORD lpdwBytesReceived,
    LPWSAOVERLAPPED lpOverlapped);
typedef void(WSPAPI *LPFN_GETACCEPTEXSOCKADDRS)(LPVOID lpOutputBuffer, DWORD dwReceiveDataLength,
    DWORD dwLocalAddressLength, DWORD dwRemoteAddressLength, wsp_sockaddr **LocalSockaddr, LPINT LocalSockaddrLength,
    wsp_sockaddr **RemoteSockaddr, LPINT RemoteSockaddrLength);
typedef BOOL(WSPAPI *LPFN_CONNECTEX)(SOCKET s, const wsp_sockaddr *name, INT namelen, LPVOID lpSendBuffer,
    DWORD dwSendDataLength, LPDWORD lpdwBytesSent, LPWSAOVERLAPPED lpOverlapped);
typedef BOOL(WSPAPI *LPFN_DISCONNECTEX)(SOCKET s, LPWSAOVERLAPPED lpOverlapped, DWORD dwFlags, DWORD dwReserved);
typedef BOOL(WSPAPI *LPFN_TRANSMITFILE)(SOCKET hSocket, HANDLE hFile, DWORD nNumberOfBytesToWrite,
    DWORD nNumberOfBytesPerSend, LPWSAOVERLAPPED lpOverlapped, LPTRANSMIT_FILE_BUFFERS lpTransmitBuffers,
    DWORD dwReserved);
typedef BOOL(WSPAPI *LPFN_TRANSMITPACKETS)(SOCKET hSocket, LPTRANSMIT_PACKETS_ELEMENT lpPacketArray,
    DWORD nElementCount, DWORD nSendSize, LPWSAOVERLAPPED lpOverlapped, DWORD dwFlags);
typedef INT(WSPAPI *LPFN_WSARECVMSG)(SOCKET s, LPWSAMSG lpMsg, LPDWORD lpdwNumberOfBytesRecvd,
    LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
typedef INT(WSPAPI *LPFN_WSASENDMSG)(SOCKET s, LPWSAMSG lpMsg, DWORD dwFlags, LPDWORD lpNumberOfBytesSent,
    LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);

#define WSAID_ACCEPTEX {0xb5367df1, 0xcbac, 0x11cf, {0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92}}
#define WSAID_GETACCEPTEXSOCKADDRS {0xb5367df2, 0xcbac, 0x11cf, {0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92}}
#define WSAID_CONNECTEX {0x25a207b9, 0xddf3, 0x4660, {0x8e, 0xe9, 0x76, 0xe5, 0x8c, 0x74, 0x06, 0x3e}}
#define WSAID_DISCONNECTEX {0x7fda2e11, 0x8630, 0x436f, {0xa0, 0x31, 0xf5, 0x36, 0xa6, 0xee, 0xc1, 0x57}}
#define WSAID_TRANSMITFILE {0xb5367df0, 0xcbac, 0x11cf, {0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92}}
#define WSAID_TRANSMITPACKETS {0xd9689da0, 0x1f90, 0x11d3, {0x99, 0x71, 0x00, 0xc0, 0x4f, 0x68, 0xc8, 0x76}}
#define WSAID_WSARECVMSG {0xf689d7c8, 0x6f1f, 0x436b, {0x8a, 0x53, 0xe5, 0x4f, 0xe3, 0x51, 0xc3, 0x22}}
#define WSAID_WSASENDMSG {0xa441e712, 0x754f, 0x43ca, {0x84, 0xa7, 0x0d, 0xee, 0x44, 0xcf, 0x60, 0x6d}}

#endif /* all other systems */

/* ------------------------------------------------------------------ on every system */

/* Numbers that differ between Windows and POSIX; always Windows' own. */
#define WSP_AF_UNSPEC 0
#define WSP_AF_INET 2
#define WSP_AF_INET6 23
#define WSP_SOCK_STREAM 1
#define WSP_SOCK_DGRAM 2
#define WSP_IPPROTO_IP 0
#define WSP_IPPROTO_TCP 6
#define WSP_IPPROTO_UDP 17
#define WSP_IPPROTO_IPV6 41
#define WSP_FROM_PROTOCOL_INFO (-1)
#define WSP_SOL_SOCKET 0xffff
#define WSP_SO_ACCEPTCONN 0x0002
#define WSP_SO_REUSEADDR 0x0004
#define WSP_SO_KEEPALIVE 0x0008
#define WSP_SO_BROADCAST 0x0020
#define WSP_SO_LINGER 0x0080
#define WSP_SO_DONTLINGER (~WSP_SO_LINGER)
#define WSP_SO_OOBINLINE 0x0100
#define WSP_SO_SNDBUF 0x1001
#define WSP_SO_RCVBUF 0x1002
#define WSP_SO_SNDTIMEO 0x1005
#define WSP_SO_RCVTIMEO 0x1006
#define WSP_SO_ERROR 0x1007
#define WSP_SO_TYPE 0x1008
#define WSP_SO_PROTOCOL_INFOA 0x2004
#define WSP_SO_PROTOCOL_INFOW 0x2005
#define WSP_SO_UPDATE_ACCEPT_CONTEXT 0x700B
#define WSP_SO_UPDATE_CONNECT_CONTEXT 0x7010
#define WSP_TCP_NODELAY 0x0001
#define WSP_MSG_OOB 0x1
#define WSP_MSG_PEEK 0x2
#define WSP_MSG_WAITALL 0x8
#define WSP_MSG_PARTIAL 0x8000
#define WSP_SD_RECEIVE 0
#define WSP_SD_SEND 1
#define WSP_SD_BOTH 2
#define WSP_FIONBIO 0x8004667Eu
#define WSP_FIONREAD 0x4004667Fu
#define WSP_SIOCATMARK 0x40047307u
#define WSP_SIO_GET_EXTENSION_FUNCTION_POINTER 0xC8000006u
#define WSP_SIO_BSP_HANDLE 0x4800001Bu
#define WSP_SIO_BSP_HANDLE_SELECT 0x4800001Cu
#define WSP_SIO_BSP_HANDLE_POLL 0x4800001Du
#define WSP_SIO_BASE_HANDLE 0x48000022u

/*
 * What the operating system is to a provider on Windows. The structure grows at its end: look at cbSize before using
 * a member that came later. All functions may be called from any thread. Handles are the host's own: events, ports,
 * windows and thread ids of WPUOpenCurrentThread; sockets are not closed here.
 */
#define WSP_HOST_SERVICES_VERSION 1
#define WSP_WINDOW_OF_THREAD 0 /* its messages wait in the creating thread's queue */
#define WSP_WINDOW_INLINE 1    /* its procedure runs on a thread that posts: for one message at a time, in order. While it does, other
                                  threads only queue theirs, and their posting returns before its message is handled */

typedef void(WSPAPI *LPWSPWINDOWPROC)(HWND hWnd, UINT Msg, WPARAM wParam, LPARAM lParam, DWORD_PTR dwContext);

typedef struct wsp_message {
    HWND hWnd;
    UINT Msg;
    WPARAM wParam;
    LPARAM lParam;
} WSPMESSAGE, *LPWSPMESSAGE;

typedef struct wsp_host_services {
    DWORD cbSize;
    DWORD dwVersion;
    /* WPUCompleteOverlappedRequest, the sixteenth upcall. What the call that began the operation writes through its pointers,
       but for lpErrno, is written before: whoever is told that the operation is over may free all of it at once */
    INT(WSPAPI *CompleteOverlappedRequest)(
        SOCKET s, LPWSAOVERLAPPED lpOverlapped, DWORD dwError, DWORD cbTransferred, LPINT lpErrno);
    /* the same for a handle of WPUModifyIFSHandle, which the system completes on Windows */
    INT(WSPAPI *CompleteFileRequest)(
        SOCKET s, LPWSAOVERLAPPED lpOverlapped, DWORD dwError, DWORD cbTransferred, LPINT lpErrno);
    INT(WSPAPI *EnumProtocols)(
        LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer, LPDWORD lpdwBufferLength, LPINT lpErrno);
    INT(WSPAPI *GetProviderPath)(
        LPGUID lpProviderId, WCHAR *lpszProviderDllPath, LPINT lpProviderDllPathLen, LPINT lpErrno);
    /* LoadLibrary and GetProcAddress in one: WSPStartup of the provider at a path, be it written in C or in Java; one for each
       module, however its path is spelled */
    LPWSPSTARTUP(WSPAPI *GetStartFunction)(const WCHAR *lpszProviderDllPath, LPINT lpErrno);
    INT(WSPAPI *GetModulePath)(WCHAR *lpszPath, LPINT lpPathLen, LPINT lpErrno);
    INT(WSPAPI *GetLastError)(void);
    void(WSPAPI *SetLastError)(INT iError);
    HANDLE(WSPAPI *MakeEvent)(BOOL bManualReset, BOOL bInitialState, LPINT lpErrno);
    BOOL(WSPAPI *SetEvent)(HANDLE hEvent, LPINT lpErrno);
    BOOL(WSPAPI *ResetEvent)(HANDLE hEvent, LPINT lpErrno);
    /* closes an event, a port or a file */
    BOOL(WSPAPI *CloseHandle)(HANDLE hObject, LPINT lpErrno);
    /* for 1 to 64 events, and for nothing else: the index of the first signaled event, WAIT_TIMEOUT, WAIT_IO_COMPLETION, or
       WAIT_FAILED (all ones) */
    DWORD(WSPAPI *WaitForMultipleObjects)(
        DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll, DWORD dwMilliseconds, BOOL bAlertable, LPINT lpErrno);
    DWORD(WSPAPI *SleepEx)(DWORD dwMilliseconds, BOOL bAlertable);
    HANDLE(WSPAPI *CreateIoCompletionPort)(DWORD dwConcurrency, LPINT lpErrno);
    BOOL(WSPAPI *AssociateSocket)(SOCKET s, HANDLE hPort, ULONG_PTR CompletionKey, LPINT lpErrno);
    /* FALSE with *lppOverlapped set: a packet of a failed operation, whose error is in lpErrno; FALSE without: none */
    BOOL(WSPAPI *GetQueuedCompletionStatus)(HANDLE hPort, LPDWORD lpcbTransferred, ULONG_PTR *lpCompletionKey,
        LPWSAOVERLAPPED *lppOverlapped, DWORD dwMilliseconds, LPINT lpErrno);
    BOOL(WSPAPI *PostQueuedCompletionStatus)(
        HANDLE hPort, DWORD cbTransferred, ULONG_PTR CompletionKey, LPWSAOVERLAPPED lpOverlapped, LPINT lpErrno);
    HWND(WSPAPI *MakeWindow)(LPWSPWINDOWPROC lpfnProc, DWORD_PTR dwContext, DWORD dwKind, LPINT lpErrno);
    BOOL(WSPAPI *DestroyWindow)(HWND hWnd, LPINT lpErrno);
    BOOL(WSPAPI *IsWindow)(HWND hWnd);
    BOOL(WSPAPI *PostWindowMessage)(HWND hWnd, UINT Msg, WPARAM wParam, LPARAM lParam);
    /* takes the next message of the calling thread; FALSE at the time-out */
    BOOL(WSPAPI *TakeMessage)(LPWSPMESSAGE lpMessage, DWORD dwMilliseconds);
    void(WSPAPI *HandleMessage)(const WSPMESSAGE *lpMessage);
    /* an option of a catalog entry, in UTF-8 with a terminating 0; the length that it has without it, or -1 if it is not set. Where
       that is not less than cbValue nothing is written, not even the 0 */
    INT(WSPAPI *GetOption)(DWORD dwCatalogEntryId, const CHAR *lpszName, CHAR *lpszValue, INT cbValue);
    /* tells the host of a failure that no caller can be told of; UTF-8 */
    void(WSPAPI *Report)(const CHAR *lpszWhat, INT iError);
    /* opens a file for reading, as TransmitFile and TransmitPackets take it; CloseHandle closes it. The files that clients in
       Java hand to these functions have such handles, too, which are valid until the operation is over */
    HANDLE(WSPAPI *OpenFile)(const WCHAR *lpszPath, LPINT lpErrno);
    /* reads from a place in a file; 0 bytes at its end */
    BOOL(WSPAPI *ReadFile)(HANDLE hFile, LPVOID lpBuffer, DWORD nNumberOfBytesToRead, uint64_t qwOffset,
        LPDWORD lpNumberOfBytesRead, LPINT lpErrno);
} WSPHOSTSERVICES, *LPWSPHOSTSERVICES;

/* Optional exports of a provider. */
WSP_EXPORT INT WSPAPI WSPSetHostServices(const WSPHOSTSERVICES *lpServices);
/* Fills in as many entries as there is room for, and returns how many there are: 0 to 64, or the library is refused. Called when the
   library is loaded, before it has any services (wsp_host is null). */
WSP_EXPORT INT WSPAPI WSPModuleProtocols(LPWSAPROTOCOL_INFOW lpProtocols, INT cProtocols);

/* The services of this provider; null before the host has set them. */
extern const WSPHOSTSERVICES *wsp_host;

#if defined(WSP_IMPLEMENT_HOST_SERVICES)
const WSPHOSTSERVICES *wsp_host = NULL;
static WSPHOSTSERVICES wsp_host_copy;

INT WSPAPI WSPSetHostServices(const WSPHOSTSERVICES *lpServices) {
    if (lpServices == NULL || lpServices->cbSize < sizeof(WSPHOSTSERVICES)) {
        return WSAVERNOTSUPPORTED;
    }
    wsp_host_copy = *lpServices;
    wsp_host = &wsp_host_copy;
    return 0;
}
#endif

#if !defined(_WIN32)
/*
 * The functions by their Windows names, so that a provider's source is the same on both sides. On Windows the names
 * are the system's, which know nothing of the host's handles: there call through wsp_host.
 */
#define WSP_INLINE static inline

WSP_INLINE INT WSAGetLastError(void) {
    return wsp_host->GetLastError();
}

WSP_INLINE void WSASetLastError(INT iError) {
    wsp_host->SetLastError(iError);
}

/* By a pointer: the error is read after the call, whatever the order of the arguments. */
WSP_INLINE BOOL wsp_told(BOOL result, const INT *error) {
    if (!result) {
        WSASetLastError(*error);
    }
    return result;
}

WSP_INLINE INT WPUCompleteOverlappedRequest(
    SOCKET s, LPWSAOVERLAPPED lpOverlapped, DWORD dwError, DWORD cbTransferred, LPINT lpErrno) {
    return wsp_host->CompleteOverlappedRequest(s, lpOverlapped, dwError, cbTransferred, lpErrno);
}

WSP_INLINE INT WSCEnumProtocols(
    LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer, LPDWORD lpdwBufferLength, LPINT lpErrno) {
    return wsp_host->EnumProtocols(lpiProtocols, lpProtocolBuffer, lpdwBufferLength, lpErrno);
}

WSP_INLINE INT WSCGetProviderPath(
    LPGUID lpProviderId, WCHAR *lpszProviderDllPath, LPINT lpProviderDllPathLen, LPINT lpErrno) {
    return wsp_host->GetProviderPath(lpProviderId, lpszProviderDllPath, lpProviderDllPathLen, lpErrno);
}

WSP_INLINE BOOL SetEvent(HANDLE hEvent) {
    INT error = 0;
    return wsp_told(wsp_host->SetEvent(hEvent, &error), &error);
}

WSP_INLINE BOOL ResetEvent(HANDLE hEvent) {
    INT error = 0;
    return wsp_told(wsp_host->ResetEvent(hEvent, &error), &error);
}

WSP_INLINE BOOL CloseHandle(HANDLE hObject) {
    INT error = 0;
    return wsp_told(wsp_host->CloseHandle(hObject, &error), &error);
}

WSP_INLINE DWORD WaitForMultipleObjectsEx(
    DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll, DWORD dwMilliseconds, BOOL bAlertable) {
    INT error = 0;
    DWORD result = wsp_host->WaitForMultipleObjects(nCount, lpHandles, bWaitAll, dwMilliseconds, bAlertable, &error);
    (void)wsp_told(result != 0xFFFFFFFFu, &error);
    return result;
}

WSP_INLINE DWORD WaitForSingleObjectEx(HANDLE hHandle, DWORD dwMilliseconds, BOOL bAlertable) {
    return WaitForMultipleObjectsEx(1, &hHandle, FALSE, dwMilliseconds, bAlertable);
}

WSP_INLINE DWORD SleepEx(DWORD dwMilliseconds, BOOL bAlertable) {
    return wsp_host->SleepEx(dwMilliseconds, bAlertable);
}

/* Makes a port where none is given, and associates the socket unless hFile is INVALID_HANDLE_VALUE. */
WSP_INLINE HANDLE CreateIoCompletionPort(HANDLE hFile, HANDLE hPort, ULONG_PTR CompletionKey, DWORD dwConcurrency) {
    INT error = WSA_INVALID_PARAMETER, ignored = 0;
    const BOOL associates = hFile != INVALID_HANDLE_VALUE;
    HANDLE port = hPort != NULL ? hPort : wsp_host->CreateIoCompletionPort(dwConcurrency, &error);
    BOOL done = port != NULL && (hPort == NULL || associates);
    if (done && associates) {
        done = wsp_host->AssociateSocket((SOCKET)hFile, port, CompletionKey, &error);
        if (!done && hPort == NULL) {
            wsp_host->CloseHandle(port, &ignored);
        }
    }
    return wsp_told(done, &error) ? port : NULL;
}

WSP_INLINE BOOL GetQueuedCompletionStatus(HANDLE hPort, LPDWORD lpcbTransferred, ULONG_PTR *lpCompletionKey,
    LPWSAOVERLAPPED *lppOverlapped, DWORD dwMilliseconds) {
    INT error = 0;
    return wsp_told(wsp_host->GetQueuedCompletionStatus(
                        hPort, lpcbTransferred, lpCompletionKey, lppOverlapped, dwMilliseconds, &error),
        &error);
}

WSP_INLINE BOOL PostQueuedCompletionStatus(
    HANDLE hPort, DWORD cbTransferred, ULONG_PTR CompletionKey, LPWSAOVERLAPPED lpOverlapped) {
    INT error = 0;
    return wsp_told(
        wsp_host->PostQueuedCompletionStatus(hPort, cbTransferred, CompletionKey, lpOverlapped, &error), &error);
}
#endif

/* ------------------------------------------------------------------ the layout, checked by each compiler */

WSP_LAYOUT(BYTE, 1, 1);
WSP_LAYOUT(WORD, 2, 2);
WSP_LAYOUT(DWORD, 4, 4);
WSP_LAYOUT(INT, 4, 4);
WSP_LAYOUT(UINT, 4, 4);
WSP_LAYOUT(LONG, 4, 4);
WSP_LAYOUT(ULONG, 4, 4);
WSP_LAYOUT(BOOL, 4, 4);
WSP_LAYOUT(WCHAR, 2, 2);
WSP_LAYOUT(DWORD_PTR, 8, 8);
WSP_LAYOUT(ULONG_PTR, 8, 8);
WSP_LAYOUT(HANDLE, 8, 8);
WSP_LAYOUT(SOCKET, 8, 8);
WSP_LAYOUT(GROUP, 4, 4);
WSP_LAYOUT(WSAEVENT, 8, 8);
WSP_LAYOUT(HWND, 8, 8);
WSP_LAYOUT(WPARAM, 8, 8);
WSP_LAYOUT(LPARAM, 8, 8);
WSP_LAYOUT(SERVICETYPE, 4, 4);

WSP_LAYOUT(GUID, 16, 4);
WSP_PLACE(GUID, Data2, 4);
WSP_PLACE(GUID, Data3, 6);
WSP_PLACE(GUID, Data4, 8);
WSP_LAYOUT(WSAPROTOCOLCHAIN, 32, 4);
WSP_PLACE(WSAPROTOCOLCHAIN, ChainEntries, 4);
WSP_LAYOUT(WSAPROTOCOL_INFOW, 628, 4);
WSP_PLACE(WSAPROTOCOL_INFOW, dwServiceFlags2, 4);
WSP_PLACE(WSAPROTOCOL_INFOW, dwServiceFlags3, 8);
WSP_PLACE(WSAPROTOCOL_INFOW, dwServiceFlags4, 12);
WSP_PLACE(WSAPROTOCOL_INFOW, dwProviderFlags, 16);
WSP_PLACE(WSAPROTOCOL_INFOW, ProviderId, 20);
WSP_PLACE(WSAPROTOCOL_INFOW, dwCatalogEntryId, 36);
WSP_PLACE(WSAPROTOCOL_INFOW, ProtocolChain, 40);
WSP_PLACE(WSAPROTOCOL_INFOW, iVersion, 72);
WSP_PLACE(WSAPROTOCOL_INFOW, iAddressFamily, 76);
WSP_PLACE(WSAPROTOCOL_INFOW, iMaxSockAddr, 80);
WSP_PLACE(WSAPROTOCOL_INFOW, iMinSockAddr, 84);
WSP_PLACE(WSAPROTOCOL_INFOW, iSocketType, 88);
WSP_PLACE(WSAPROTOCOL_INFOW, iProtocol, 92);
WSP_PLACE(WSAPROTOCOL_INFOW, iProtocolMaxOffset, 96);
WSP_PLACE(WSAPROTOCOL_INFOW, iNetworkByteOrder, 100);
WSP_PLACE(WSAPROTOCOL_INFOW, iSecurityScheme, 104);
WSP_PLACE(WSAPROTOCOL_INFOW, dwMessageSize, 108);
WSP_PLACE(WSAPROTOCOL_INFOW, dwProviderReserved, 112);
WSP_PLACE(WSAPROTOCOL_INFOW, szProtocol, 116);
WSP_LAYOUT(WSPDATA, 516, 2);
WSP_PLACE(WSPDATA, wHighVersion, 2);
WSP_PLACE(WSPDATA, szDescription, 4);
WSP_LAYOUT(WSPUPCALLTABLE, 120, 8);
WSP_PLACE(WSPUPCALLTABLE, lpWPUCloseSocketHandle, 8);
WSP_PLACE(WSPUPCALLTABLE, lpWPUCreateEvent, 16);
WSP_PLACE(WSPUPCALLTABLE, lpWPUCreateSocketHandle, 24);
WSP_PLACE(WSPUPCALLTABLE, lpWPUFDIsSet, 32);
WSP_PLACE(WSPUPCALLTABLE, lpWPUGetProviderPath, 40);
WSP_PLACE(WSPUPCALLTABLE, lpWPUModifyIFSHandle, 48);
WSP_PLACE(WSPUPCALLTABLE, lpWPUPostMessage, 56);
WSP_PLACE(WSPUPCALLTABLE, lpWPUQueryBlockingCallback, 64);
WSP_PLACE(WSPUPCALLTABLE, lpWPUQuerySocketHandleContext, 72);
WSP_PLACE(WSPUPCALLTABLE, lpWPUQueueApc, 80);
WSP_PLACE(WSPUPCALLTABLE, lpWPUResetEvent, 88);
WSP_PLACE(WSPUPCALLTABLE, lpWPUSetEvent, 96);
WSP_PLACE(WSPUPCALLTABLE, lpWPUOpenCurrentThread, 104);
WSP_PLACE(WSPUPCALLTABLE, lpWPUCloseThread, 112);
WSP_LAYOUT(WSPPROC_TABLE, 240, 8);
WSP_PLACE(WSPPROC_TABLE, lpWSPAddressToString, 8);
WSP_PLACE(WSPPROC_TABLE, lpWSPAsyncSelect, 16);
WSP_PLACE(WSPPROC_TABLE, lpWSPBind, 24);
WSP_PLACE(WSPPROC_TABLE, lpWSPCancelBlockingCall, 32);
WSP_PLACE(WSPPROC_TABLE, lpWSPCleanup, 40);
WSP_PLACE(WSPPROC_TABLE, lpWSPCloseSocket, 48);
WSP_PLACE(WSPPROC_TABLE, lpWSPConnect, 56);
WSP_PLACE(WSPPROC_TABLE, lpWSPDuplicateSocket, 64);
WSP_PLACE(WSPPROC_TABLE, lpWSPEnumNetworkEvents, 72);
WSP_PLACE(WSPPROC_TABLE, lpWSPEventSelect, 80);
WSP_PLACE(WSPPROC_TABLE, lpWSPGetOverlappedResult, 88);
WSP_PLACE(WSPPROC_TABLE, lpWSPGetPeerName, 96);
WSP_PLACE(WSPPROC_TABLE, lpWSPGetSockName, 104);
WSP_PLACE(WSPPROC_TABLE, lpWSPGetSockOpt, 112);
WSP_PLACE(WSPPROC_TABLE, lpWSPGetQOSByName, 120);
WSP_PLACE(WSPPROC_TABLE, lpWSPIoctl, 128);
WSP_PLACE(WSPPROC_TABLE, lpWSPJoinLeaf, 136);
WSP_PLACE(WSPPROC_TABLE, lpWSPListen, 144);
WSP_PLACE(WSPPROC_TABLE, lpWSPRecv, 152);
WSP_PLACE(WSPPROC_TABLE, lpWSPRecvDisconnect, 160);
WSP_PLACE(WSPPROC_TABLE, lpWSPRecvFrom, 168);
WSP_PLACE(WSPPROC_TABLE, lpWSPSelect, 176);
WSP_PLACE(WSPPROC_TABLE, lpWSPSend, 184);
WSP_PLACE(WSPPROC_TABLE, lpWSPSendDisconnect, 192);
WSP_PLACE(WSPPROC_TABLE, lpWSPSendTo, 200);
WSP_PLACE(WSPPROC_TABLE, lpWSPSetSockOpt, 208);
WSP_PLACE(WSPPROC_TABLE, lpWSPShutdown, 216);
WSP_PLACE(WSPPROC_TABLE, lpWSPSocket, 224);
WSP_PLACE(WSPPROC_TABLE, lpWSPStringToAddress, 232);
WSP_LAYOUT(WSAOVERLAPPED, 32, 8);
WSP_PLACE(WSAOVERLAPPED, InternalHigh, 8);
WSP_PLACE(WSAOVERLAPPED, Offset, 16);
WSP_PLACE(WSAOVERLAPPED, OffsetHigh, 20);
WSP_PLACE(WSAOVERLAPPED, hEvent, 24);
WSP_LAYOUT(WSABUF, 16, 8);
WSP_PLACE(WSABUF, buf, 8);
WSP_LAYOUT(WSATHREADID, 16, 8);
WSP_PLACE(WSATHREADID, Reserved, 8);
WSP_LAYOUT(WSANETWORKEVENTS, 44, 4);
WSP_PLACE(WSANETWORKEVENTS, iErrorCode, 4);
WSP_PLACE(wsp_fd_set, fd_array, 8);
WSP_LAYOUT(wsp_timeval, 8, 4);
WSP_PLACE(wsp_timeval, tv_usec, 4);
WSP_LAYOUT(wsp_linger, 4, 2);
WSP_PLACE(wsp_linger, l_linger, 2);
WSP_LAYOUT(wsp_in_addr, 4, 4);
WSP_LAYOUT(wsp_in6_addr, 16, 2);
WSP_LAYOUT(wsp_sockaddr, 16, 2);
WSP_PLACE(wsp_sockaddr, sa_data, 2);
WSP_LAYOUT(wsp_sockaddr_in, 16, 4);
WSP_PLACE(wsp_sockaddr_in, sin_port, 2);
WSP_PLACE(wsp_sockaddr_in, sin_addr, 4);
WSP_PLACE(wsp_sockaddr_in, sin_zero, 8);
WSP_LAYOUT(wsp_sockaddr_in6, 28, 4);
WSP_PLACE(wsp_sockaddr_in6, sin6_flowinfo, 4);
WSP_PLACE(wsp_sockaddr_in6, sin6_addr, 8);
WSP_PLACE(wsp_sockaddr_in6, sin6_scope_id, 24);
WSP_LAYOUT(wsp_sockaddr_storage, 128, 8);
WSP_LAYOUT(WSAMSG, 56, 8);
WSP_PLACE(WSAMSG, namelen, 8);
WSP_PLACE(WSAMSG, lpBuffers, 16);
WSP_PLACE(WSAMSG, dwBufferCount, 24);
WSP_PLACE(WSAMSG, Control, 32);
WSP_PLACE(WSAMSG, dwFlags, 48);
WSP_LAYOUT(WSACMSGHDR, 16, 8);
WSP_PLACE(WSACMSGHDR, cmsg_level, 8);
WSP_PLACE(WSACMSGHDR, cmsg_type, 12);
WSP_LAYOUT(FLOWSPEC, 32, 4);
WSP_PLACE(FLOWSPEC, ServiceType, 20);
WSP_LAYOUT(QOS, 80, 8);
WSP_PLACE(QOS, ReceivingFlowspec, 32);
WSP_PLACE(QOS, ProviderSpecific, 64);
WSP_LAYOUT(SOCKET_ADDRESS, 16, 8);
WSP_PLACE(SOCKET_ADDRESS, iSockaddrLength, 8);
WSP_LAYOUT(SOCKET_ADDRESS_LIST, 24, 8);
WSP_PLACE(SOCKET_ADDRESS_LIST, Address, 8);
WSP_LAYOUT(BLOB, 16, 8);
WSP_PLACE(BLOB, pBlobData, 8);
WSP_LAYOUT(WSAPOLLFD, 16, 8);
WSP_PLACE(WSAPOLLFD, events, 8);
WSP_PLACE(WSAPOLLFD, revents, 10);
WSP_LAYOUT(WSPMESSAGE, 32, 8);
WSP_PLACE(WSPMESSAGE, Msg, 8);
WSP_PLACE(WSPMESSAGE, wParam, 16);
WSP_PLACE(WSPMESSAGE, lParam, 24);
WSP_LAYOUT(TRANSMIT_FILE_BUFFERS, 32, 8);
WSP_PLACE(TRANSMIT_FILE_BUFFERS, HeadLength, 8);
WSP_PLACE(TRANSMIT_FILE_BUFFERS, Tail, 16);
WSP_PLACE(TRANSMIT_FILE_BUFFERS, TailLength, 24);
WSP_LAYOUT(TRANSMIT_PACKETS_ELEMENT, 24, 8);
WSP_PLACE(TRANSMIT_PACKETS_ELEMENT, cLength, 4);
#if defined(_WIN32)
WSP_PLACE(TRANSMIT_PACKETS_ELEMENT, pBuffer, 8);
WSP_PLACE(TRANSMIT_PACKETS_ELEMENT, hFile, 16);
#else
WSP_PLACE(TRANSMIT_PACKETS_ELEMENT, u.pBuffer, 8);
WSP_PLACE(TRANSMIT_PACKETS_ELEMENT, u.File.hFile, 16);
#endif
WSP_LAYOUT(WSPHOSTSERVICES, 232, 8);
WSP_PLACE(WSPHOSTSERVICES, CompleteOverlappedRequest, 8);
WSP_PLACE(WSPHOSTSERVICES, Report, 208);
WSP_PLACE(WSPHOSTSERVICES, ReadFile, 224);

#if defined(__cplusplus)
}
#endif
#endif
