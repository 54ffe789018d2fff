package org.ws2j.provider.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;

/** One poll, which WSAPoll makes of its base provider by SIO_EXT_POLL. */
final class PollCall extends SocketWait {
    private static final int ALWAYS_ANSWERED = WsaPollFd.POLLERR | WsaPollFd.POLLHUP | WsaPollFd.POLLNVAL;

    /** An entry that is not left out; without a descriptor it holds no socket of ours. */
    private record Entry(WsaPollFd fd, Descriptor descriptor) {
        /** {@return whether there is an answer} */
        boolean look() {
            fd.revents(state() & (fd.events() | ALWAYS_ANSWERED));
            return fd.revents() != 0;
        }

        private int state() {
            boolean gone = descriptor == null || descriptor.isClosed();
            return gone ? WsaPollFd.POLLNVAL : descriptor.socket.pollState();
        }
    }

    private final WsaPollData data;
    private final List<Entry> entries = new ArrayList<>();

    PollCall(MemoryStack stack, WsaPollData data) {
        super(stack);
        this.data = data;
    }

    /** Makes the poll, as a blocking call of one of its sockets. */
    void poll(MemorySocket asked) throws WinsockException {
        for (WsaPollFd fd : data.fdArray()) {
            fd.revents(0);
            if (fd.fd() != null) {
                entries.add(new Entry(fd, find(fd)));
            }
        }
        if (!look() && data.timeoutMillis() != 0) {
            await(sockets(), BlockingCall.ofNanos(stack, asked.info.catalogEntryId(), nanos()));
        }
        data.result((int) entries.stream().filter(e -> e.fd().revents() != 0).count());
    }

    private Descriptor find(WsaPollFd fd) throws WinsockException {
        try {
            return stack.descriptor(fd.fd());
        } catch (WinsockException e) {
            if (e.is(WsaError.WSAENOTSOCK)) {
                return null;
            }
            throw e;
        }
    }

    private long nanos() {
        return data.timeoutMillis() < 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(data.timeoutMillis());
    }

    private List<MemorySocket> sockets() {
        return entries.stream().map(Entry::descriptor).filter(Objects::nonNull).map(d -> d.socket).toList();
    }

    @Override
    boolean look() throws WinsockException {
        checkUp();
        boolean any = false;
        for (Entry e : entries) {
            any |= e.look();
        }
        return any;
    }
}
