package org.ws2j.spi;

import java.nio.ByteBuffer;

/**
 * TRANSMIT_FILE_BUFFERS: what {@link TransmitFile} sends before and after the file.
 *
 * @param head sent first, from its position to its limit; null for nothing
 * @param tail sent last, from its position to its limit; null for nothing
 * @see <a href="https://learn.microsoft.com/windows/win32/api/mswsock/ns-mswsock-transmit_file_buffers">TRANSMIT_FILE_BUFFERS</a>
 */
public record TransmitFileBuffers(ByteBuffer head, ByteBuffer tail) {}
