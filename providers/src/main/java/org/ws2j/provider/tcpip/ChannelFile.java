package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SelectableChannel;
import org.ws2j.spi.FileObject;

/**
 * What stands behind a handle of {@code builtin:tcpip}, for programs that know that the operating system's channels are there:
 * {@code winsock.files().fileObject(base)} is one, where {@code base} is what
 * {@link org.ws2j.spi.IoctlCode#SIO_BASE_HANDLE} answers.
 *
 * <p>Who reads, writes, connects or closes the channel itself passes by the layers and confuses the provider. It is there to be
 * registered with a selector of the transport.
 */
public interface ChannelFile extends FileObject {
    /**
     * Returns the channel that is in the slot now. Listening, a failed attempt to connect, AcceptEx and DisconnectEx put
     * another one there, and close the former.
     *
     * @return the channel, in non-blocking mode; it may be closed
     */
    SelectableChannel channel();

    /**
     * Sets what a thread does that is interrupted while it waits for this socket, in place of going on to wait. It runs on that
     * thread, without a lock and with its interrupt status cleared, and may close the socket; the call then fails with
     * {@code WSAEINTR}, otherwise it waits on. The status is set again when the call returns.
     *
     * @param action what to do; null to wait on, as at first
     */
    void whenInterrupted(Runnable action);

    /**
     * The same for virtual threads alone: threads of the operating system wait on, as in the JDK's sockets, and can wait inside the
     * system then. Takes the place of {@link #whenInterrupted}, and the other way round.
     *
     * @param action what to do; null to wait on
     */
    void whenVirtualThreadInterrupted(Runnable action);

    /**
     * Sets an option that Winsock has no name for; a channel that takes the place of this one gets it too.
     *
     * @param option the option
     * @param value its value
     * @param <T> the type of the value
     * @throws IOException if the channel refuses
     */
    <T> void setOption(SocketOption<T> option, T value) throws IOException;

    /**
     * Returns the value of an option as the channel has it.
     *
     * @param option the option
     * @param <T> the type of the value
     * @return the value
     * @throws IOException if the channel refuses
     */
    <T> T getOption(SocketOption<T> option) throws IOException;
}
