package org.ws2j.layer.trace.pcapng;

import java.net.InetSocketAddress;
import java.util.Objects;

/** An interface of a {@link PcapngFile}: where conversations are recorded. Made by {@link PcapngFile#addInterface}. */
public final class CaptureInterface {

    private final PcapngFile file;
    private final int id;
    private final String name;

    CaptureInterface(PcapngFile file, int id, String name) {
        this.file = file;
        this.id = id;
        this.name = name;
    }

    /** The name given to {@link PcapngFile#addInterface}. */
    public String name() {
        return name;
    }

    /**
     * Makes the conversation of one TCP connection, or of one attempt at it. Nothing is written yet.
     *
     * <p>Addresses are taken as they are, wildcards and port 0 included; an unresolved one reads as the wildcard. If
     * the families differ, a wildcard takes the family of the other address, else the IPv4 address is written as an
     * IPv4-mapped IPv6 address. Two conversations with the same addresses and ports at the same time confuse an
     * analyser, so the two ends of one connection do not belong into one file.
     *
     * @param local the end whose calls are recorded
     * @param remote the peer
     */
    public TcpConversation tcp(InetSocketAddress local, InetSocketAddress remote) {
        int ordinal = file.nextConversation();
        int localStart = SequenceNumber.initial(ordinal, local.getPort(), remote.getPort());
        int remoteStart = SequenceNumber.initial(~ordinal, remote.getPort(), local.getPort());
        return tcp(local, remote, localStart, remoteStart);
    }

    /** Makes a conversation whose sequence numbers start where the caller wants. */
    TcpConversation tcp(InetSocketAddress local, InetSocketAddress remote, int localStart, int remoteStart) {
        IpPath path = IpPath.between(local.getAddress(), remote.getAddress());
        TcpHalf ours = new TcpHalf(path, local.getPort(), remote.getPort(), true, localStart);
        TcpHalf theirs = new TcpHalf(path.reversed(), remote.getPort(), local.getPort(), false, remoteStart);
        return new TcpConversation(this, ours, theirs);
    }

    /** Makes a recorder for the datagrams of one UDP socket. Nothing is written yet. */
    public UdpDatagrams udp() {
        return new UdpDatagrams(this);
    }

    PcapngFile file() {
        return file;
    }

    int id() {
        return id;
    }

    @Override
    public String toString() {
        return "CaptureInterface[" + id + ", " + Objects.toString(name) + ']';
    }
}
