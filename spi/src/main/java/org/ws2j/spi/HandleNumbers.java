package org.ws2j.spi;

/**
 * Socket handles as numbers, for code outside Java, which knows a SOCKET by nothing else.
 *
 * <p>A number is given out when it is first asked for: positive, below 2<sup>31</sup>, a multiple of 4, and not in use for
 * another handle while somebody may still have it in his hands. Below {@value #FIRST_GIVEN} lie the numbers that providers
 * bring along, such as the file descriptors of a Unix system.
 *
 * <p>May be used from any thread; both ways take a few nanoseconds and allocate nothing.
 */
public interface HandleNumbers {
    /** The smallest number that a host gives out. */
    int FIRST_GIVEN = 1 << 22;

    /** INVALID_SOCKET: what stands for no handle at all. */
    long INVALID_SOCKET = -1L;

    /**
     * Returns the number of a handle.
     *
     * @param s a handle, or null
     * @return its number; {@link #INVALID_SOCKET} for null, a handle of another host, and one that was released before
     *     anybody asked for its number
     */
    long number(SocketHandle s);

    /**
     * Finds a handle.
     *
     * @param number any number
     * @return the handle that has it and is not released; null if there is none
     */
    SocketHandle socket(long number);

    /**
     * Makes a handle of the file system, as {@link FileHandles#createFileHandle} does, with a number that the provider brings
     * along. A handle that has the number already is released: its descriptor was closed without a word, and given out again.
     *
     * @param file what stands behind it
     * @param number 1 to {@link #FIRST_GIVEN} - 1
     * @return the handle
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} for a number out of range; {@code WSAENOBUFS} if
     *     no handle can be made
     */
    SocketHandle createFileHandle(FileObject file, int number) throws WinsockException;
}
