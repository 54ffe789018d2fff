package org.ws2j.layer.trace.pcapng;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Records the datagrams of a UDP socket, each as one packet. Made by {@link CaptureInterface#udp}.
 *
 * <p>Times are nanoseconds since 1970-01-01T00:00:00Z. Addresses are read as {@link CaptureInterface#tcp} reads them,
 * and may differ from datagram to datagram. A length of 0 is an empty datagram. Positions and limits of buffers are
 * not moved; contents are copied before a method returns. Threads and failures are those of {@link PcapngFile}.
 */
public final class UdpDatagrams {

    private static final int HEADER_LENGTH = 8;
    private static final int CHECKSUM_OFFSET = 6;

    private final PcapngFile file;
    private final int interfaceId;

    /** The addresses of the last datagram and the paths between them: most sockets talk to one peer for a while. */
    private InetSocketAddress lastLocal;

    private InetSocketAddress lastRemote;
    private IpPath outbound;
    private IpPath inbound;
    private int packetsOut;
    private int packetsIn;
    private String comment;

    UdpDatagrams(CaptureInterface captureInterface) {
        this.file = captureInterface.file();
        this.interfaceId = captureInterface.id();
    }

    /** Gives the next datagram a comment, of which the first 8,192 characters count; null takes it back. */
    public void annotate(String comment) {
        file.begin();
        try {
            this.comment = comment;
        } finally {
            file.end();
        }
    }

    /**
     * Records a datagram that went out.
     *
     * @param offset the index of the first byte in {@code source}, whatever its position
     * @throws IndexOutOfBoundsException if the region exceeds the buffer's limit
     * @throws IllegalArgumentException if the datagram is larger than an IP packet can be
     */
    public void sent(
            long nanos, InetSocketAddress local, InetSocketAddress remote, ByteBuffer source, int offset, int length) {
        record(nanos, true, local, remote, source, offset, length);
    }

    /**
     * Records a datagram that went out, gathered from the first {@code length} remaining bytes of several buffers.
     *
     * @throws IndexOutOfBoundsException if the buffers hold fewer bytes
     * @throws IllegalArgumentException if the datagram is larger than an IP packet can be
     */
    public void sent(long nanos, InetSocketAddress local, InetSocketAddress remote, ByteBuffer[] sources, int length) {
        record(nanos, true, local, remote, sources, length);
    }

    /**
     * Records a datagram that came in.
     *
     * @param offset the index of the first byte in {@code target}, whatever its position
     * @throws IndexOutOfBoundsException if the region exceeds the buffer's limit
     * @throws IllegalArgumentException if the datagram is larger than an IP packet can be
     */
    public void received(
            long nanos, InetSocketAddress local, InetSocketAddress remote, ByteBuffer target, int offset, int length) {
        record(nanos, false, local, remote, target, offset, length);
    }

    /**
     * Records a datagram that came in, scattered over the first {@code length} remaining bytes of several buffers.
     *
     * @throws IndexOutOfBoundsException if the buffers hold fewer bytes
     * @throws IllegalArgumentException if the datagram is larger than an IP packet can be
     */
    public void received(
            long nanos, InetSocketAddress local, InetSocketAddress remote, ByteBuffer[] targets, int length) {
        record(nanos, false, local, remote, targets, length);
    }

    private void record(
            long nanos,
            boolean isOutbound,
            InetSocketAddress local,
            InetSocketAddress remote,
            ByteBuffer buffer,
            int offset,
            int length) {
        Payload.check(buffer, offset, length);
        file.begin();
        try {
            if (file.isRecording()) {
                route(local, remote);
                write(nanos, isOutbound, file.payload().of(buffer, offset, length));
            }
        } finally {
            file.end();
        }
    }

    private void record(
            long nanos,
            boolean isOutbound,
            InetSocketAddress local,
            InetSocketAddress remote,
            ByteBuffer[] buffers,
            int length) {
        Payload.check(buffers, length);
        file.begin();
        try {
            if (file.isRecording()) {
                route(local, remote);
                write(nanos, isOutbound, file.payload().of(buffers, length));
            }
        } finally {
            file.end();
        }
    }

    private void route(InetSocketAddress local, InetSocketAddress remote) {
        if (!local.equals(lastLocal) || !remote.equals(lastRemote)) {
            outbound = IpPath.between(local.getAddress(), remote.getAddress());
            inbound = outbound.reversed();
            lastLocal = local;
            lastRemote = remote;
        }
    }

    private void write(long nanos, boolean isOutbound, Payload payload) {
        IpPath path = isOutbound ? outbound : inbound;
        int length = checkedLength(path, payload);
        int identification = isOutbound ? ++packetsOut : ++packetsIn;
        ByteBuffer packet = file.beginPacket(interfaceId, nanos);
        path.writeHeader(packet, IpPath.PROTOCOL_UDP, length, identification);
        int start = packet.position();
        packet.putShort((short) (isOutbound ? lastLocal : lastRemote).getPort());
        packet.putShort((short) (isOutbound ? lastRemote : lastLocal).getPort());
        packet.putShort((short) length);
        packet.putShort((short) 0);
        payload.copyTo(packet, length - HEADER_LENGTH);
        long sum = path.pseudoHeaderSum(IpPath.PROTOCOL_UDP, length) + Checksum.sum(packet, start, packet.position());
        short checksum = Checksum.of(sum);
        // In UDP a zero says that there is no checksum; the other zero of one's complement says zero (RFC 768).
        packet.putShort(start + CHECKSUM_OFFSET, checksum == 0 ? (short) 0xFFFF : checksum);
        file.endPacket(isOutbound, comment);
        comment = null;
    }

    private static int checkedLength(IpPath path, Payload payload) {
        int most = path.maxTransportLength() - HEADER_LENGTH;
        if (payload.remaining() > most) {
            throw new IllegalArgumentException("datagram of " + payload.remaining() + " bytes, at most " + most);
        }
        return HEADER_LENGTH + (int) payload.remaining();
    }
}
