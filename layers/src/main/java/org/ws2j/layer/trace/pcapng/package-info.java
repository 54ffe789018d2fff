/**
 * Writes what crosses sockets into a pcapng file that packet analysers read.
 *
 * <p>A socket shows bytes and datagrams; an analyser wants packets. This package invents what lies between: IP headers,
 * TCP handshakes, sequence numbers, acknowledgements, checksums. Whatever a {@link TcpConversation} or {@link
 * UdpDatagrams} is told becomes a run of packets that a TCP/IP stack could have produced, so a stream can be followed
 * and nothing is malformed, unseen or retransmitted. The payload, its order, its division into calls, the addresses and
 * the times are those of the traffic; the rest is not evidence of what the network did.
 *
 * <p>{@link PcapngFile} is the entry: it makes {@link CaptureInterface}s, they make conversations. The package needs
 * {@code java.base} alone and knows nothing of Winsock.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/">PCAP Next Generation Capture File
 *     Format</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9293">RFC 9293, Transmission Control Protocol</a>
 */
package org.ws2j.layer.trace.pcapng;
