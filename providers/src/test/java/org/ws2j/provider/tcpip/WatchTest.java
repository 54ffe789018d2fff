package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.WinsockException;

/** What the poller is asked for. */
final class WatchTest extends TcpIpTest {
    @Test
    void whoClosesTheSocketLearnsThatThePollerMayHaveAChannelOfIt() throws WinsockException {
        TcpSocket socket = (TcpSocket) winsock.files().fileObject(connection().server());
        Watch watch = new Watch(socket.network.poller(), socket);
        assertThat(watch.cancel()).isFalse();

        watch.want(socket.channel(), SelectionKey.OP_READ);
        assertThat(watch.cancel()).isTrue();
        assertThat(watch.cancel()).isTrue(); // The first may have been of a channel that was replaced: nobody has flushed.
    }
}
