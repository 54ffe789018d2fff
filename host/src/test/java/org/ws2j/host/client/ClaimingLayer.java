package org.ws2j.host.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaSelectData;
import org.ws2j.spi.WsaSendMsgData;
import org.ws2j.spi.WsaThreadId;

/** A layer that claims functions, and remembers in which form they come back. */
final class ClaimingLayer extends NonIfsLayerTable {
    /** A call of WSPIoctl with one of the codes by which claimed functions come back. */
    record Extended(SocketHandle s, int code, Object in, WsaOverlapped overlapped, WsaCompletionRoutine routine,
            WsaThreadId thread) {
    }

    final List<Extended> extended = new ArrayList<>();
    private final Set<Integer> claimed;
    private final boolean knowsExtended;

    private final int place;

    ClaimingLayer(FakeStart start, boolean knowsExtended, Integer... claimed) throws WinsockException {
        this(start, 0, knowsExtended, claimed);
    }

    /** A layer at a place in its chain, counted from the top. */
    ClaimingLayer(FakeStart start, int place, boolean knowsExtended, Integer... claimed) throws WinsockException {
        super(start, place);
        this.place = place;
        this.knowsExtended = knowsExtended;
        this.claimed = Set.of(claimed);
    }

    /** The layer's own hidden entry: a chain's id would mean its top layer. */
    @Override
    protected int ownId(WsaProtocolInfo info) {
        return start().info().protocolChain().chainEntries().get(place);
    }

    @Override
    public long wspIoctl(SocketHandle s, int code, Object in, IoctlResult out, WsaOverlapped overlapped,
            WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
        if (claimed.contains(code)) {
            out.value(s);
            return 0;
        }
        if (code == IoctlCode.SIO_EXT_SELECT || code == IoctlCode.SIO_EXT_POLL || code == IoctlCode.SIO_EXT_SENDMSG) {
            return extended(new Extended(s, code, in, overlapped, routine, thread));
        }
        return super.wspIoctl(s, code, in, out, overlapped, routine, thread);
    }

    /** Answers that the first socket is ready for all that is asked, or that everything was sent. */
    private long extended(Extended call) throws WinsockException {
        if (!knowsExtended) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP);
        }
        extended.add(call);
        switch (call.in) {
            case WsaSelectData select -> {
                while (select.readfds().fdCount() > 1) {
                    select.readfds().fdClr(select.readfds().get(1));
                }
                select.result(1);
            }
            case WsaPollData poll -> {
                WsaPollFd first = poll.fdArray()[0];
                first.revents(first.events());
                poll.result(1);
            }
            case WsaSendMsgData send -> send.result(send.msg().buffers()[0].remaining());
            default -> throw new WinsockException(WsaError.WSAEFAULT);
        }
        return 0;
    }
}
