package org.ws2j.host;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.system.ProviderCalls;
import org.ws2j.host.upcall.BlockingHooks;
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

    long send(SocketHandle s, ByteBuffer buffer, int flags, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = checked(buffer).remaining();
        WsaThreadId thread = threadFor(routine);
        ThreadCalls mark = mark(h);
        try {
            long n = h.procTable().wspSend(h, buffer, flags, ov, routine, thread);
            return ended("WSPSend", n, most, buffer, ov);
        } catch (Throwable e) {
            throw process.failure("WSPSend", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
    }

    long send(SocketHandle s, ByteBuffer[] buffers, int flags, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = Buffers.remaining(checked(buffers));
        WsaThreadId thread = threadFor(routine);
        ThreadCalls mark = mark(h);
        try {
            long n = h.procTable().wspSend(h, buffers, 0, buffers.length, flags, ov, routine, thread);
            return ended("WSPSend", n, most, buffers, ov);
        } catch (Throwable e) {
            throw process.failure("WSPSend", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
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
        ThreadCalls mark = mark(h);
        try {
            long n = h.procTable().wspSendTo(h, buffer, flags, to, ov, routine, thread);
            return ended("WSPSendTo", n, most, buffer, ov);
        } catch (Throwable e) {
            throw process.failure("WSPSendTo", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
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
        ThreadCalls mark = mark(h);
        try {
            long n = h.procTable().wspSendTo(h, buffers, 0, count, flags, to, ov, routine, thread);
            return ended("WSPSendTo", n, most, buffers, ov);
        } catch (Throwable e) {
            throw process.failure("WSPSendTo", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
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
        ThreadCalls mark = mark(h);
        try {
            long n = h.procTable().wspRecv(h, buffer, result, ov, routine, thread);
            return ended("WSPRecv", n, most, buffer, ov);
        } catch (Throwable e) {
            throw process.failure("WSPRecv", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
    }

    long recv(
            SocketHandle s, ByteBuffer[] buffers, ReceiveResult result, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = Buffers.remaining(checked(buffers));
        WsaThreadId thread = threadFor(routine);
        int count = buffers.length;
        ThreadCalls mark = mark(h);
        try {
            long n = h.procTable().wspRecv(h, buffers, 0, count, result, ov, routine, thread);
            return ended("WSPRecv", n, most, buffers, ov);
        } catch (Throwable e) {
            throw process.failure("WSPRecv", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
    }

    long recvFrom(
            SocketHandle s, ByteBuffer buffer, ReceiveResult result, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = checked(buffer).remaining();
        WsaThreadId thread = threadFor(routine);
        ThreadCalls mark = mark(h);
        try {
            long n = h.procTable().wspRecvFrom(h, buffer, result, ov, routine, thread);
            return ended("WSPRecvFrom", n, most, buffer, ov);
        } catch (Throwable e) {
            throw process.failure("WSPRecvFrom", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
    }

    long recvFrom(
            SocketHandle s, ByteBuffer[] buffers, ReceiveResult result, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        long most = Buffers.remaining(checked(buffers));
        WsaThreadId thread = threadFor(routine);
        int count = buffers.length;
        ThreadCalls mark = mark(h);
        try {
            long n = h.procTable().wspRecvFrom(h, buffers, 0, count, result, ov, routine, thread);
            return ended("WSPRecvFrom", n, most, buffers, ov);
        } catch (Throwable e) {
            throw process.failure("WSPRecvFrom", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
    }

    long ioctl(
            SocketHandle s, int code, Object in, IoctlResult out, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = open(s, routine);
        WsaThreadId thread = threadFor(routine);
        ThreadCalls mark = mark(h);
        try {
            long n = h.procTable().wspIoctl(h, code, in, out, ov, routine, thread);
            return ProviderCalls.checked("WSPIoctl", n, 0, ov != null);
        } catch (Throwable e) {
            throw process.failure("WSPIoctl", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
    }

    long overlappedResult(SocketHandle s, WsaOverlapped ov, boolean wait, ReceiveResult result)
            throws WinsockException {
        HostSocket h = open(s, null);
        if (ov == null) {
            throw process.failure("", new WinsockException(WsaError.WSAEFAULT, "the overlapped block is null"));
        }
        ThreadCalls mark = mark(h);
        try {
            long n = h.procTable().wspGetOverlappedResult(h, ov, wait, result);
            return n == WspResult.IO_INCOMPLETE
                    ? n
                    : ProviderCalls.checked("WSPGetOverlappedResult", n, Long.MAX_VALUE, false);
        } catch (Throwable e) {
            throw process.failure("WSPGetOverlappedResult", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
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

    private ThreadCalls mark(HostSocket h) throws WinsockException {
        try {
            return process.hooks().mark(h.owner());
        } catch (WinsockException e) {
            throw process.failure("", e);
        }
    }

    private static long ended(String call, long n, long most, ByteBuffer buffer, WsaOverlapped ov)
            throws WinsockException {
        long result = ProviderCalls.checked(call, n, most, ov != null);
        if (ov == null) {
            Buffers.advance(buffer, result);
        }
        return result;
    }

    private static long ended(String call, long n, long most, ByteBuffer[] buffers, WsaOverlapped ov)
            throws WinsockException {
        long result = ProviderCalls.checked(call, n, most, ov != null);
        if (ov == null) {
            Buffers.advance(buffers, result);
        }
        return result;
    }
}
