package org.ws2j.spi;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * TRANSMIT_PACKETS_ELEMENT: a piece of memory or of a file.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/mswsock/ns-mswsock-transmit_packets_element">TRANSMIT_PACKETS_ELEMENT</a>
 */
public sealed interface TransmitPacketsElement {
    /** {@return whether the next element begins another packet: TP_ELEMENT_EOP} */
    boolean endsPacket();

    /**
     * TP_ELEMENT_MEMORY.
     *
     * @param buffer the bytes, from its position to its limit; belongs to an overlapped operation until its completion
     * @param endsPacket whether the next element begins another packet
     */
    record Memory(ByteBuffer buffer, boolean endsPacket) implements TransmitPacketsElement {}

    /**
     * TP_ELEMENT_FILE.
     *
     * @param file the file, open for reading; belongs to an overlapped operation until its completion
     * @param offset the first byte; -1 for where the channel stands at the call
     * @param length the number of bytes; 0 for all that follow
     * @param endsPacket whether the next element begins another packet
     */
    record File(FileChannel file, long offset, long length, boolean endsPacket) implements TransmitPacketsElement {}
}
