package org.ws2j.host.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;
import org.ws2j.spi.WsaSendMsg;
import org.ws2j.spi.WsaThreadId;

/** A base provider that serves select, WSAPoll and WSASendMsg; a test says what holds of which socket. */
public final class PollingTable extends IfsTable {
    private final Map<SocketHandle, Integer> ready = new ConcurrentHashMap<>();
    private final List<WsaPollData> polls = new CopyOnWriteArrayList<>();
    private final AtomicInteger selects = new AtomicInteger();
    private volatile CountDownLatch waiting;
    private volatile WsaSendMsg sendMsg;
    private volatile SocketHandle closing;

    public PollingTable(FakeStart start) {
        super(start);
    }

    /** Lets a poll of a socket find these bits, of those that it asks for. */
    void ready(SocketHandle s, int bits) {
        ready.put(s, bits);
    }

    /** {@return what the provider was asked} */
    List<WsaPollData> polls() {
        return polls;
    }

    int selects() {
        return selects.get();
    }

    /** Lets polls wait until a socket of theirs is closed; {@return what is open once one waits} */
    CountDownLatch waitForCloses() {
        waiting = new CountDownLatch(1);
        return waiting;
    }

    /** Answers for a socket as it does when the call has come as far as here, and the socket is closed meanwhile. */
    void closing(SocketHandle s) {
        closing = s;
    }

    /** Offers WSASendMsg. */
    void sendMsg(WsaSendMsg function) {
        sendMsg = function;
    }

    @Override
    public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) {
        selects.incrementAndGet();
        return readfds.fdCount();
    }

    @Override
    public long wspIoctl(SocketHandle s, int dwIoControlCode, Object lpvInBuffer, IoctlResult lpvOutBuffer,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        switch (dwIoControlCode) {
            case IoctlCode.SIO_BSP_HANDLE, IoctlCode.SIO_BSP_HANDLE_SELECT, IoctlCode.SIO_BSP_HANDLE_POLL -> {
                if (s == closing) {
                    throw new WinsockException(WsaError.WSAENOTSOCK, s + " is being closed");
                }
                lpvOutBuffer.value(s);
            }
            case IoctlCode.SIO_EXT_POLL -> poll(s, (WsaPollData) lpvInBuffer);
            case IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER -> lpvOutBuffer.value(function(lpvInBuffer));
            default -> throw new WinsockException(WsaError.WSAEOPNOTSUPP);
        }
        return 0;
    }

    private WsaSendMsg function(Object id) throws WinsockException {
        if (!ExtensionFunction.WSAID_WSASENDMSG.equals(id) || sendMsg == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "no such function");
        }
        return sendMsg;
    }

    private void poll(SocketHandle s, WsaPollData data) throws WinsockException {
        socket(s);
        polls.add(data);
        do {
            int answered = 0;
            for (WsaPollFd fd : data.fdArray()) {
                fd.revents(answer(fd));
                answered += fd.revents() == 0 ? 0 : 1;
            }
            data.result(answered);
            if (waiting != null) {
                waiting.countDown();
            }
        } while (waiting != null && data.result() == 0);
    }

    private int answer(WsaPollFd fd) {
        try {
            socket(fd.fd());
        } catch (WinsockException closed) {
            return WsaPollFd.POLLNVAL;
        }
        return ready.getOrDefault(fd.fd(), 0) & fd.events();
    }
}
