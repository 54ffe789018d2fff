package org.ws2j.host;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.system.ProviderCalls;
import org.ws2j.host.upcall.ThreadCalls;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/**
 * The functions that transfer data. On their way down there is no look-up, no lock, no allocation and no thread-local: a few
 * fields are read, and the provider is called. Only a client of 1.x pays for the mark that its blocking hook needs.
 */
final class SocketTransfers {
    private final HostProcess process;

    SocketTransfers(HostProcess process) {
        this.process = process;
    }

    /** One call of a provider's function; an instance exists only where a 1.x client makes it. */
    @FunctionalInterface
    private interface Transfer {
        long call() throws WinsockException;
    }

    long send(SocketHandle s, ByteBuffer buffer, int flags, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = checked(buffer).remaining();
        WsaThreadId thread = threadFor(routine);
        long n;
        try {
            n = process.marksCalls()
                    ? marked(h, () -> h.procTable().wspSend(h, buffer, flags, ov, routine, thread))
                    : h.procTable().wspSend(h, buffer, flags, ov, routine, thread);
        } catch (Throwable e) {
            throw process.failure("WSPSend", e);
        }
        return ended("WSPSend", n, most, buffer, ov);
    }

    long send(SocketHandle s, ByteBuffer[] buffers, int flags, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = Buffers.remaining(checked(buffers));
        WsaThreadId thread = threadFor(routine);
        long n;
        try {
            n = process.marksCalls()
                    ? marked(h, () -> h.procTable().wspSend(h, buffers, 0, buffers.length, flags, ov, routine, thread))
                    : h.procTable().wspSend(h, buffers, 0, buffers.length, flags, ov, routine, thread);
        } catch (Throwable e) {
            throw process.failure("WSPSend", e);
        }
        return ended("WSPSend", n, most, buffers, ov);
    }

    long sendTo(
            SocketHandle s,
            ByteBuffer buffer,
            int flags,
            SocketAddress to,
            WsaOverlapped ov,
            WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = checked(buffer).remaining();
        WsaThreadId thread = threadFor(routine);
        long n;
        try {
            n = process.marksCalls()
                    ? marked(h, () -> h.procTable().wspSendTo(h, buffer, flags, to, ov, routine, thread))
                    : h.procTable().wspSendTo(h, buffer, flags, to, ov, routine, thread);
        } catch (Throwable e) {
            throw process.failure("WSPSendTo", e);
        }
        return ended("WSPSendTo", n, most, buffer, ov);
    }

    long sendTo(
            SocketHandle s,
            ByteBuffer[] buffers,
            int flags,
            SocketAddress to,
            WsaOverlapped ov,
            WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = Buffers.remaining(checked(buffers));
        WsaThreadId thread = threadFor(routine);
        int count = buffers.length;
        long n;
        try {
            n = process.marksCalls()
                    ? marked(h, () -> h.procTable().wspSendTo(h, buffers, 0, count, flags, to, ov, routine, thread))
                    : h.procTable().wspSendTo(h, buffers, 0, count, flags, to, ov, routine, thread);
        } catch (Throwable e) {
            throw process.failure("WSPSendTo", e);
        }
        return ended("WSPSendTo", n, most, buffers, ov);
    }

    /** The plain recv: it has no way to say that only a part of a message came. */
    int recv(SocketHandle s, ByteBuffer buffer, int flags) throws WinsockException {
        if (flags == 0) {
            return (int) recv(s, buffer, null, null, null);
        }
        ReceiveResult result = new ReceiveResult(flags);
        int n = (int) recv(s, buffer, result, null, null);
        if (n >= 0 && (flags & MessageFlag.MSG_PARTIAL) == 0 && (result.flags() & MessageFlag.MSG_PARTIAL) != 0) {
            throw process.failure(
                    "recv", new WinsockException(WsaError.WSAEMSGSIZE, "the message is longer than the buffer"));
        }
        return n;
    }

    long recv(
            SocketHandle s, ByteBuffer buffer, ReceiveResult result, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = checked(buffer).remaining();
        WsaThreadId thread = threadFor(routine);
        long n;
        try {
            n = process.marksCalls()
                    ? marked(h, () -> h.procTable().wspRecv(h, buffer, result, ov, routine, thread))
                    : h.procTable().wspRecv(h, buffer, result, ov, routine, thread);
        } catch (Throwable e) {
            throw process.failure("WSPRecv", e);
        }
        return ended("WSPRecv", n, most, buffer, ov);
    }

    long recv(
            SocketHandle s, ByteBuffer[] buffers, ReceiveResult result, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = Buffers.remaining(checked(buffers));
        WsaThreadId thread = threadFor(routine);
        int count = buffers.length;
        long n;
        try {
            n = process.marksCalls()
                    ? marked(h, () -> h.procTable().wspRecv(h, buffers, 0, count, result, ov, routine, thread))
                    : h.procTable().wspRecv(h, buffers, 0, count, result, ov, routine, thread);
        } catch (Throwable e) {
            throw process.failure("WSPRecv", e);
        }
        return ended("WSPRecv", n, most, buffers, ov);
    }

    long recvFrom(
            SocketHandle s, ByteBuffer buffer, ReceiveResult result, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = checked(buffer).remaining();
        WsaThreadId thread = threadFor(routine);
        long n;
        try {
            n = process.marksCalls()
                    ? marked(h, () -> h.procTable().wspRecvFrom(h, buffer, result, ov, routine, thread))
                    : h.procTable().wspRecvFrom(h, buffer, result, ov, routine, thread);
        } catch (Throwable e) {
            throw process.failure("WSPRecvFrom", e);
        }
        return ended("WSPRecvFrom", n, most, buffer, ov);
    }

    long recvFrom(
            SocketHandle s, ByteBuffer[] buffers, ReceiveResult result, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = Buffers.remaining(checked(buffers));
        WsaThreadId thread = threadFor(routine);
        int count = buffers.length;
        long n;
        try {
            n = process.marksCalls()
                    ? marked(h, () -> h.procTable().wspRecvFrom(h, buffers, 0, count, result, ov, routine, thread))
                    : h.procTable().wspRecvFrom(h, buffers, 0, count, result, ov, routine, thread);
        } catch (Throwable e) {
            throw process.failure("WSPRecvFrom", e);
        }
        return ended("WSPRecvFrom", n, most, buffers, ov);
    }

    long ioctl(
            SocketHandle s, int code, Object in, IoctlResult out, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        WsaThreadId thread = threadFor(routine);
        long n;
        try {
            n = marked(h, () -> h.procTable().wspIoctl(h, code, in, out, ov, routine, thread));
        } catch (Throwable e) {
            throw process.failure("WSPIoctl", e);
        }
        return answered("WSPIoctl", n, 0, ov != null);
    }

    long overlappedResult(SocketHandle s, WsaOverlapped ov, boolean wait, ReceiveResult result)
            throws WinsockException {
        HostSocket h = open(s, null);
        if (ov == null) {
            throw process.failure("", new WinsockException(WsaError.WSAEFAULT, "the overlapped block is null"));
        }
        long n;
        try {
            n = marked(h, () -> h.procTable().wspGetOverlappedResult(h, ov, wait, result));
        } catch (Throwable e) {
            throw process.failure("WSPGetOverlappedResult", e);
        }
        return n == WspResult.IO_INCOMPLETE ? n : answered("WSPGetOverlappedResult", n, Long.MAX_VALUE, false);
    }

    /** A completion routine and a completion port exclude each other on one socket. */
    private HostSocket open(SocketHandle s, WsaCompletionRoutine routine) throws WinsockException {
        HostSocket h = process.open(s);
        if (routine != null && h.association() != null) {
            throw process.failure(
                    "",
                    new WinsockException(
                            WsaError.WSAEINVAL, "a completion routine on " + h + ", which has a completion port"));
        }
        return h;
    }

    private ByteBuffer checked(ByteBuffer buffer) throws WinsockException {
        try {
            return Buffers.checked(buffer);
        } catch (WinsockException e) {
            throw process.failure("", e);
        }
    }

    private ByteBuffer[] checked(ByteBuffer[] buffers) throws WinsockException {
        try {
            return Buffers.checked(buffers);
        } catch (WinsockException e) {
            throw process.failure("", e);
        }
    }

    private WsaThreadId threadFor(WsaCompletionRoutine routine) {
        return routine == null ? null : process.threads().current().implicitId();
    }

    private long marked(HostSocket h, Transfer transfer) throws WinsockException {
        ThreadCalls calls = process.enterable();
        HandleOwner outer = calls.enter(h.owner());
        try {
            return transfer.call();
        } finally {
            calls.leave(outer);
        }
    }

    private long ended(String call, long n, long most, ByteBuffer buffer, WsaOverlapped ov) throws WinsockException {
        long result = answered(call, n, most, ov != null);
        if (ov == null) {
            Buffers.advance(buffer, result);
        }
        return result;
    }

    private long ended(String call, long n, long most, ByteBuffer[] buffers, WsaOverlapped ov)
            throws WinsockException {
        long result = answered(call, n, most, ov != null);
        if (ov == null) {
            Buffers.advance(buffers, result);
        }
        return result;
    }

    private long answered(String call, long n, long most, boolean overlapped) throws WinsockException {
        try {
            return ProviderCalls.checked(call, n, most, overlapped);
        } catch (WinsockException e) {
            throw process.failure(call, e);
        }
    }
}
