package org.ws2j.spi;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The error codes of Windows Sockets 2, and the few codes of the system that its calls report, with Winsock's own names and
 * numbers.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2">Windows Sockets error
 *     codes</a>
 */
public enum WsaError {
    /** 6: not a valid event handle. */
    WSA_INVALID_HANDLE(6, "not a valid event handle"),
    /** 8: out of memory. */
    WSA_NOT_ENOUGH_MEMORY(8, "out of memory"),
    /** 87: a parameter is not acceptable to the system. */
    WSA_INVALID_PARAMETER(87, "a parameter is not acceptable to the system"),
    /** 122: an address is longer than the room that was left for it. */
    ERROR_INSUFFICIENT_BUFFER(122, "an address is longer than the room that was left for it"),
    /** 192: a wait ended because completion routines ran. */
    WAIT_IO_COMPLETION(192, "a wait ended because completion routines ran"),
    /** 258: a wait reached its time-out. */
    WAIT_TIMEOUT(258, "a wait reached its time-out"),
    /** 735: the completion port was closed while the thread waited on it. */
    ERROR_ABANDONED_WAIT_0(735, "the completion port was closed while the thread waited on it"),
    /** 995: the overlapped operation was ended by a close or a flush. */
    WSA_OPERATION_ABORTED(995, "the overlapped operation was ended by a close or a flush"),
    /** 996: the overlapped operation has not finished yet. */
    WSA_IO_INCOMPLETE(996, "the overlapped operation has not finished yet"),
    /** 997: the overlapped operation was started and completes later. */
    WSA_IO_PENDING(997, "the overlapped operation was started and completes later"),
    /** 1168: there is no operation to cancel. */
    ERROR_NOT_FOUND(1168, "there is no operation to cancel"),
    /** 1236: the operation was ended because its handle was closed; what a packet at a completion port shows. */
    ERROR_CONNECTION_ABORTED(1236, "the operation was ended because its handle was closed"),
    /** 10004: a blocking call was cancelled. */
    WSAEINTR(10004, "a blocking call was cancelled"),
    /** 10009: not a valid file handle. */
    WSAEBADF(10009, "not a valid file handle"),
    /** 10013: the access is forbidden. */
    WSAEACCES(10013, "the access is forbidden"),
    /** 10014: a bad pointer, or a buffer that is missing or too small. */
    WSAEFAULT(10014, "a bad pointer, or a buffer that is missing or too small"),
    /** 10022: a bad argument, or a socket in the wrong state. */
    WSAEINVAL(10022, "a bad argument, or a socket in the wrong state"),
    /** 10024: no descriptors are left. */
    WSAEMFILE(10024, "no descriptors are left"),
    /** 10035: the operation cannot finish at once. */
    WSAEWOULDBLOCK(10035, "the operation cannot finish at once"),
    /** 10036: a blocking call or a callback is in progress. */
    WSAEINPROGRESS(10036, "a blocking call or a callback is in progress"),
    /** 10037: the operation is in progress already. */
    WSAEALREADY(10037, "the operation is in progress already"),
    /** 10038: not a socket. */
    WSAENOTSOCK(10038, "not a socket"),
    /** 10039: a destination address is missing. */
    WSAEDESTADDRREQ(10039, "a destination address is missing"),
    /** 10040: a message is longer than the transport or the buffer allows. */
    WSAEMSGSIZE(10040, "a message is longer than the transport or the buffer allows"),
    /** 10041: the protocol does not fit the type of socket. */
    WSAEPROTOTYPE(10041, "the protocol does not fit the type of socket"),
    /** 10042: the option is unknown or not supported. */
    WSAENOPROTOOPT(10042, "the option is unknown or not supported"),
    /** 10043: the protocol is not available. */
    WSAEPROTONOSUPPORT(10043, "the protocol is not available"),
    /** 10044: the type of socket is not available in the address family. */
    WSAESOCKTNOSUPPORT(10044, "the type of socket is not available in the address family"),
    /** 10045: the operation is not possible on this object. */
    WSAEOPNOTSUPP(10045, "the operation is not possible on this object"),
    /** 10046: the protocol family is not available. */
    WSAEPFNOSUPPORT(10046, "the protocol family is not available"),
    /** 10047: the address family is not available or does not fit. */
    WSAEAFNOSUPPORT(10047, "the address family is not available or does not fit"),
    /** 10048: the local address is taken. */
    WSAEADDRINUSE(10048, "the local address is taken"),
    /** 10049: the address cannot be used here. */
    WSAEADDRNOTAVAIL(10049, "the address cannot be used here"),
    /** 10050: the network subsystem has failed. */
    WSAENETDOWN(10050, "the network subsystem has failed"),
    /** 10051: there is no route to the network. */
    WSAENETUNREACH(10051, "there is no route to the network"),
    /** 10052: keep-alive found the connection dead. */
    WSAENETRESET(10052, "keep-alive found the connection dead"),
    /** 10053: the connection was ended on this side. */
    WSAECONNABORTED(10053, "the connection was ended on this side"),
    /** 10054: the connection was reset by the peer. */
    WSAECONNRESET(10054, "the connection was reset by the peer"),
    /** 10055: no buffers are left, or an enumeration buffer is too small. */
    WSAENOBUFS(10055, "no buffers are left, or an enumeration buffer is too small"),
    /** 10056: the socket is connected already. */
    WSAEISCONN(10056, "the socket is connected already"),
    /** 10057: the socket is not connected. */
    WSAENOTCONN(10057, "the socket is not connected"),
    /** 10058: that direction of the socket was shut down. */
    WSAESHUTDOWN(10058, "that direction of the socket was shut down"),
    /** 10059: too many references to an object. */
    WSAETOOMANYREFS(10059, "too many references to an object"),
    /** 10060: the attempt or the connection timed out. */
    WSAETIMEDOUT(10060, "the attempt or the connection timed out"),
    /** 10061: the connection was refused. */
    WSAECONNREFUSED(10061, "the connection was refused"),
    /** 10062: a name cannot be translated. */
    WSAELOOP(10062, "a name cannot be translated"),
    /** 10063: a name is too long. */
    WSAENAMETOOLONG(10063, "a name is too long"),
    /** 10064: the host is down. */
    WSAEHOSTDOWN(10064, "the host is down"),
    /** 10065: there is no route to the host. */
    WSAEHOSTUNREACH(10065, "there is no route to the host"),
    /** 10066: a directory is not empty. */
    WSAENOTEMPTY(10066, "a directory is not empty"),
    /** 10067: too many users of the implementation. */
    WSAEPROCLIM(10067, "too many users of the implementation"),
    /** 10068: the user quota is exhausted. */
    WSAEUSERS(10068, "the user quota is exhausted"),
    /** 10069: the disk quota is exhausted. */
    WSAEDQUOT(10069, "the disk quota is exhausted"),
    /** 10070: a file handle is stale. */
    WSAESTALE(10070, "a file handle is stale"),
    /** 10071: the item is not available locally. */
    WSAEREMOTE(10071, "the item is not available locally"),
    /** 10091: the network subsystem is not available. */
    WSASYSNOTREADY(10091, "the network subsystem is not available"),
    /** 10092: the requested version is out of range. */
    WSAVERNOTSUPPORTED(10092, "the requested version is out of range"),
    /** 10093: no successful start-up has been made, or one clean-up too many. */
    WSANOTINITIALISED(10093, "no successful start-up has been made, or one clean-up too many"),
    /** 10101: the peer closed a message-oriented connection gracefully. */
    WSAEDISCON(10101, "the peer closed a message-oriented connection gracefully"),
    /** 10102: no more results. */
    WSAENOMORE(10102, "no more results"),
    /** 10103: the look-up was cancelled. */
    WSAECANCELLED(10103, "the look-up was cancelled"),
    /** 10104: the provider's table of functions is incomplete. */
    WSAEINVALIDPROCTABLE(10104, "the provider's table of functions is incomplete"),
    /** 10105: the provider is not acceptable. */
    WSAEINVALIDPROVIDER(10105, "the provider is not acceptable"),
    /** 10106: the provider could not be loaded or started. */
    WSAEPROVIDERFAILEDINIT(10106, "the provider could not be loaded or started"),
    /** 10107: something that never fails has failed. */
    WSASYSCALLFAILURE(10107, "something that never fails has failed"),
    /** 10108: the service is not known. */
    WSASERVICE_NOT_FOUND(10108, "the service is not known"),
    /** 10109: the class is not known. */
    WSATYPE_NOT_FOUND(10109, "the class is not known"),
    /** 10110: no more results. */
    WSA_E_NO_MORE(10110, "no more results"),
    /** 10111: the look-up was cancelled. */
    WSA_E_CANCELLED(10111, "the look-up was cancelled"),
    /** 10112: the query was refused. */
    WSAEREFUSED(10112, "the query was refused"),
    /** 11001: the host name is not known. */
    WSAHOST_NOT_FOUND(11001, "the host name is not known"),
    /** 11002: deferred, or a temporary failure of name resolution. */
    WSATRY_AGAIN(11002, "deferred, or a temporary failure of name resolution"),
    /** 11003: the request was refused for good. */
    WSANO_RECOVERY(11003, "the request was refused for good"),
    /** 11004: the name has no data of the requested type. */
    WSANO_DATA(11004, "the name has no data of the requested type"),
    /** 11005: quality of service: at least one reserve has arrived. */
    WSA_QOS_RECEIVERS(11005, "quality of service: at least one reserve has arrived"),
    /** 11006: quality of service: at least one path has arrived. */
    WSA_QOS_SENDERS(11006, "quality of service: at least one path has arrived"),
    /** 11007: quality of service: there are no senders. */
    WSA_QOS_NO_SENDERS(11007, "quality of service: there are no senders"),
    /** 11008: quality of service: there are no receivers. */
    WSA_QOS_NO_RECEIVERS(11008, "quality of service: there are no receivers"),
    /** 11009: quality of service: the reserve was confirmed. */
    WSA_QOS_REQUEST_CONFIRMED(11009, "quality of service: the reserve was confirmed"),
    /** 11010: quality of service: resources are lacking. */
    WSA_QOS_ADMISSION_FAILURE(11010, "quality of service: resources are lacking"),
    /** 11011: quality of service: rejected for administrative reasons. */
    WSA_QOS_POLICY_FAILURE(11011, "quality of service: rejected for administrative reasons"),
    /** 11012: quality of service: unknown or conflicting style. */
    WSA_QOS_BAD_STYLE(11012, "quality of service: unknown or conflicting style"),
    /** 11013: quality of service: a bad filter specification or provider buffer. */
    WSA_QOS_BAD_OBJECT(11013, "quality of service: a bad filter specification or provider buffer"),
    /** 11014: quality of service: a problem with the flow specification. */
    WSA_QOS_TRAFFIC_CTRL_ERROR(11014, "quality of service: a problem with the flow specification"),
    /** 11015: quality of service: general error. */
    WSA_QOS_GENERIC_ERROR(11015, "quality of service: general error"),
    /** 11016: quality of service: an invalid service type. */
    WSA_QOS_ESERVICETYPE(11016, "quality of service: an invalid service type"),
    /** 11017: quality of service: an invalid flow specification. */
    WSA_QOS_EFLOWSPEC(11017, "quality of service: an invalid flow specification"),
    /** 11018: quality of service: an invalid provider buffer. */
    WSA_QOS_EPROVSPECBUF(11018, "quality of service: an invalid provider buffer"),
    /** 11019: quality of service: an invalid filter style. */
    WSA_QOS_EFILTERSTYLE(11019, "quality of service: an invalid filter style"),
    /** 11020: quality of service: an invalid filter type. */
    WSA_QOS_EFILTERTYPE(11020, "quality of service: an invalid filter type"),
    /** 11021: quality of service: a wrong number of filters. */
    WSA_QOS_EFILTERCOUNT(11021, "quality of service: a wrong number of filters"),
    /** 11022: quality of service: an invalid object length. */
    WSA_QOS_EOBJLENGTH(11022, "quality of service: an invalid object length"),
    /** 11023: quality of service: a wrong number of flow descriptors. */
    WSA_QOS_EFLOWCOUNT(11023, "quality of service: a wrong number of flow descriptors"),
    /** 11024: quality of service: an unknown object in the provider buffer. */
    WSA_QOS_EUNKOWNPSOBJ(11024, "quality of service: an unknown object in the provider buffer"),
    /** 11025: quality of service: an invalid policy object. */
    WSA_QOS_EPOLICYOBJ(11025, "quality of service: an invalid policy object"),
    /** 11026: quality of service: an invalid flow descriptor. */
    WSA_QOS_EFLOWDESC(11026, "quality of service: an invalid flow descriptor"),
    /** 11027: quality of service: an invalid flow specification in the provider buffer. */
    WSA_QOS_EPSFLOWSPEC(11027, "quality of service: an invalid flow specification in the provider buffer"),
    /** 11028: quality of service: an invalid filter specification in the provider buffer. */
    WSA_QOS_EPSFILTERSPEC(11028, "quality of service: an invalid filter specification in the provider buffer"),
    /** 11029: quality of service: an invalid shape discard mode. */
    WSA_QOS_ESDMODEOBJ(11029, "quality of service: an invalid shape discard mode"),
    /** 11030: quality of service: an invalid shaping rate. */
    WSA_QOS_ESHAPERATEOBJ(11030, "quality of service: an invalid shaping rate"),
    /** 11031: quality of service: a reserved policy element. */
    WSA_QOS_RESERVED_PETYPE(11031, "quality of service: a reserved policy element");

    private static final Map<Integer, WsaError> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(WsaError::code, Function.identity()));

    private final int code;
    private final String meaning;

    WsaError(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** {@return the number that Winsock gives to this error} */
    public int code() {
        return code;
    }

    /** {@return what the error means, as a short phrase in lower case} */
    public String meaning() {
        return meaning;
    }

    /**
     * Finds the error with a number.
     *
     * @param code any number; providers may report codes of the system that are not in this table
     * @return the error, or empty for a number that is not in this table
     */
    public static Optional<WsaError> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /**
     * Names a code for a message.
     *
     * @param code any number
     * @return name and number, such as {@code WSAECONNRESET (10054)}, or the number alone
     */
    public static String describe(int code) {
        return of(code).map(e -> e.name() + " (" + code + ")").orElseGet(() -> "error " + code);
    }
}
