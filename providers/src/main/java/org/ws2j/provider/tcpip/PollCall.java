package org.ws2j.provider.tcpip;

import org.ws2j.provider.base.BlockingCall;
import org.ws2j.provider.tcpip.Readiness.Member;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;

/**
 * One poll: what WSAPoll makes of a base provider by SIO_EXT_POLL.
 *
 * <p>Failures are answered whether they were asked for or not. The end of a stream is told from data where reading was asked
 * for and nothing is left to read; elsewhere when it is known.
 */
final class PollCall {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Network network;

    private final Readiness members;

    PollCall(Network network) {
        this.network = network;
        this.members = new Readiness(network, m -> answer(m) != 0);
    }

    /** Fills the answers in, and their number. */
    void poll(TcpIpSocket caller, WsaPollData data) throws WinsockException {
        WsaPollFd[] entries = data.fdArray();
        if (entries.length == 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "nothing to poll");
        }
        Member[] byEntry = new Member[entries.length];
        boolean isKnown = addMembers(entries, byEntry);
        long nanos = data.timeoutMillis() < 0 ? Long.MAX_VALUE : data.timeoutMillis() * NANOS_PER_MILLI;
        members.await(BlockingCall.ofNanos(network, caller.info.catalogEntryId(), isKnown ? 0 : nanos));
        int count = 0;
        for (int i = 0; i < entries.length; i++) {
            Member m = byEntry[i];
            if (m != null) {
                entries[i].revents(answer(m));
            }
            count += entries[i].revents() == 0 ? 0 : 1;
        }
        data.result(count);
    }

    /** {@return whether an answer is known already: an entry is no socket} */
    private boolean addMembers(WsaPollFd[] entries, Member[] byEntry) {
        boolean any = false;
        for (int i = 0; i < entries.length; i++) {
            WsaPollFd entry = entries[i];
            entry.revents(0);
            byEntry[i] = entry.fd() == null ? null : add(entry);
            if (entry.fd() != null && byEntry[i] == null) {
                entry.revents(WsaPollFd.POLLNVAL);
                any = true;
            }
        }
        return any;
    }

    /** {@return the member, null if there is no such socket} */
    private Member add(WsaPollFd entry) {
        try {
            Member m = members.add(entry.fd(), network.socket(entry.fd()));
            m.read = (entry.events() & WsaPollFd.POLLRDNORM) != 0;
            m.write = (entry.events() & WsaPollFd.POLLWRNORM) != 0;
            m.except = true;
            m.end = true;
            return m;
        } catch (WinsockException e) { // No socket of ours, which is the answer.
            return null;
        }
    }

    private static int answer(Member m) {
        if (m.closed) {
            return WsaPollFd.POLLNVAL;
        }
        int answer = m.read && m.readable ? WsaPollFd.POLLRDNORM : 0;
        if (m.write && (m.writable || m.failed)) {
            answer |= WsaPollFd.POLLWRNORM;
        }
        if (m.ended || m.failed) {
            answer |= WsaPollFd.POLLHUP;
        }
        boolean broken = m.ended && m.socket instanceof TcpSocket tcp && tcp.isBroken();
        return broken || m.failed ? answer | WsaPollFd.POLLERR : answer;
    }
}
