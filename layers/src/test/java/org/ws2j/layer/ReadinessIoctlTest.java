package org.ws2j.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;
import org.ws2j.spi.WsaSelectData;

/** Select and poll as they come back to a layer. */
@Timeout(30)
final class ReadinessIoctlTest {
    private final List<WsaPollData> polls = new ArrayList<>();
    private Stack stack;
    private SocketHandle s;

    /** The base answers each entry that it can be read, and keeps what it was asked. */
    private void use(LayerFactory factory) throws WinsockException {
        stack = new Stack(factory);
        s = stack.socket();
        stack.base.answer("wspIoctl", (f, a) -> {
            WsaPollData data = (WsaPollData) a[2];
            polls.add(data);
            for (WsaPollFd entry : data.fdArray()) {
                entry.revents(entry.events() & WsaPollFd.POLLRDNORM);
                data.result(data.result() + (entry.revents() == 0 ? 0 : 1));
            }
            return 0L;
        });
    }

    private WsaPollData poll(int timeoutMillis, WsaPollFd... entries) throws WinsockException {
        WsaPollData data = new WsaPollData(entries, timeoutMillis);
        assertThat(stack.layer.wspIoctl(s, IoctlCode.SIO_EXT_POLL, data, null, null, null, null)).isZero();
        return data;
    }

    @Test
    void aPollGoesDownWithTheHandlesBelowAndItsAnswersComeBack() throws WinsockException {
        use(LayeredProvider::new);
        SocketHandle other = stack.socket();
        WsaPollFd first = new WsaPollFd(s, WsaPollFd.POLLOUT);
        WsaPollFd second = new WsaPollFd(other, WsaPollFd.POLLIN);
        WsaPollFd none = new WsaPollFd(null, WsaPollFd.POLLIN);
        first.revents(WsaPollFd.POLLERR);
        WsaPollData data = poll(500, first, none, second);
        assertThat(data.result()).isEqualTo(1);
        assertThat(List.of(first.revents(), none.revents(), second.revents()))
                .containsExactly(0, 0, WsaPollFd.POLLRDNORM);
        assertThat(first.fd()).isSameAs(s);
        WsaPollFd[] below = polls.getFirst().fdArray();
        assertThat(below).hasSize(2);
        assertThat(below[1].fd()).isSameAs(Stack.lower(other));
        assertThat(below[1].events()).isEqualTo(WsaPollFd.POLLIN);
        assertThat(polls.getFirst().timeoutMillis()).isEqualTo(500);
        assertThat(stack.base.last("wspIoctl").argument(0)).isSameAs(Stack.lower(s));
    }

    @Test
    void aForeignSocketIsAnsweredInItsEntryAndTheOthersAreOnlyLookedAt() throws WinsockException {
        use(LayeredProvider::new);
        WsaPollFd foreign = new WsaPollFd(new FakeBase.Lower(), WsaPollFd.POLLIN);
        WsaPollFd own = new WsaPollFd(s, WsaPollFd.POLLIN);
        assertThat(poll(-1, foreign, own).result()).isEqualTo(2);
        assertThat(foreign.revents()).isEqualTo(WsaPollFd.POLLNVAL);
        assertThat(own.revents()).isEqualTo(WsaPollFd.POLLRDNORM);
        assertThat(polls.getFirst().timeoutMillis()).isZero();
        assertThat(poll(-1, foreign).result()).isEqualTo(1);
        assertThat(polls).hasSize(1);
    }

    @Test
    void anAuthorChangesPollsInOneMethod() throws WinsockException {
        use(start -> new LayeredProvider(start) {
            @Override
            protected boolean claims(LayeredSocket socket, int ioControlCode) {
                return ioControlCode == IoctlCode.SIO_BSP_HANDLE_POLL || super.claims(socket, ioControlCode);
            }

            @Override
            protected void poll(LayeredSocket socket, WsaPollData data) throws WinsockException {
                super.poll(socket, data);
                data.fdArray()[0].revents(WsaPollFd.POLLHUP);
            }
        });
        WsaPollFd entry = new WsaPollFd(s, WsaPollFd.POLLIN);
        poll(0, entry);
        assertThat(entry.revents()).isEqualTo(WsaPollFd.POLLHUP);
    }

    @Test
    void aSelectThatComesBackIsTheLayersOwn() throws WinsockException {
        use(LayeredProvider::new);
        stack.base.answer("wspSelect", (f, a) -> {
            assertThat(((FdSet) a[0]).get(0)).isSameAs(Stack.lower(s));
            return 1;
        });
        WsaSelectData data = new WsaSelectData(FdSet.of(s), null, null, Timeval.POLL);
        assertThat(stack.layer.wspIoctl(s, IoctlCode.SIO_EXT_SELECT, data, null, null, null, null)).isZero();
        assertThat(data.result()).isEqualTo(1);
        assertThat(data.readfds().get(0)).isSameAs(s);
        assertThat(stack.base.last("wspSelect").argument(3)).isSameAs(Timeval.POLL);
    }

    @Test
    void aMissingInputIsAFaultAndAnOverlappedWaitIsNotSupported() throws WinsockException {
        use(LayeredProvider::new);
        for (int code : List.of(IoctlCode.SIO_EXT_POLL, IoctlCode.SIO_EXT_SELECT, IoctlCode.SIO_EXT_SENDMSG)) {
            assertThatThrownBy(() -> stack.layer.wspIoctl(s, code, null, null, null, null, null))
                    .hasMessageContaining("WSAEFAULT");
        }
        WsaPollData data = new WsaPollData(new WsaPollFd[0], 0);
        assertThatThrownBy(() -> stack.layer.wspIoctl(
                s, IoctlCode.SIO_EXT_POLL, data, null, new HeapOverlapped(), null, null))
                .hasMessageContaining("WSAEOPNOTSUPP");
    }
}
