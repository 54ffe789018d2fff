package org.ws2j.host.traps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAECONNRESET;
import static org.ws2j.spi.WsaError.WSAEINVAL;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** Messages about sockets: how they go through a layer, and what the host leaves to providers. */
@Timeout(30)
final class MessageTrapsTest {
    private static final int LAYERS_MESSAGE = Message.WM_USER + 321;
    private static final int APPS_MESSAGE = Message.WM_USER + 7;

    private final FakeHost host = new FakeHost();

    MessageTrapsTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    /** Who selected what, as a base provider keeps it. */
    private record Selection(SocketHandle socket, WindowHandle window, int message, int events) {}

    private static final class PostingTable extends IfsTable {
        private final List<Selection> selections = new CopyOnWriteArrayList<>();

        PostingTable(FakeStart start) {
            super(start);
        }

        @Override
        public void wspAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) {
            selections.add(new Selection(s, hWnd, wMsg, lEvent));
        }

        boolean post(int event, int error) {
            Selection last = selections.getLast();
            return upcalls().wpuPostMessage(
                    last.window, last.message, last.socket, NetworkEvent.makeSelectReply(event, error));
        }

        @Override
        public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc condition)
                throws WinsockException {
            FakeSocket listener = socket(s);
            SocketHandle accepted = handle(listener.info().catalogEntryId(), listener);
            Selection last = selections.getLast();
            // The news of the new socket overtakes the accept that brings it.
            upcalls().wpuPostMessage(
                    last.window, last.message, accepted, NetworkEvent.makeSelectReply(NetworkEvent.FD_READ, 0));
            return accepted;
        }
    }

    /** Has messages sent to a hidden window of its own, and forwards them with its own handle. */
    private static final class ForwardingMessages extends NonIfsLayerTable {
        private final Map<SocketHandle, Selection> byLower = new ConcurrentHashMap<>();
        private final WindowHandle hidden;

        ForwardingMessages(FakeStart start) throws WinsockException {
            super(start);
            hidden = start.services().windows().createWindow(Runnable::run, this::forward);
        }

        @Override
        public void wspAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) throws WinsockException {
            byLower.put(lower(s), new Selection(s, hWnd, wMsg, lEvent));
            lower().wspAsyncSelect(lower(s), hidden, LAYERS_MESSAGE, lEvent);
        }

        private void forward(Message message) {
            assertThat(message.number()).isEqualTo(LAYERS_MESSAGE);
            Selection selection = byLower.get((SocketHandle) message.wParam());
            upcalls().wpuPostMessage(selection.window, selection.message, selection.socket, message.lParam());
        }
    }

    @Test
    @Trap(45)
    void aMessageGoesThroughTheLayersHiddenWindowToTheApplicationsWithItsHandle() throws Exception {
        FakeModule base = FakeModule.of("base", PostingTable::new);
        WsaProtocolInfo chain = host.chain(FakeModule.of("layer", ForwardingMessages::new), host.base(base));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        List<Message> handled = new ArrayList<>();
        WindowHandle window = winsock.windows().createWindow(handled::add);
        winsock.wsaAsyncSelect(s, window, APPS_MESSAGE, NetworkEvent.FD_READ | NetworkEvent.FD_CLOSE);
        PostingTable table = base.table(PostingTable.class);

        assertThat(table.post(NetworkEvent.FD_CLOSE, WSAECONNRESET.code())).isTrue();

        assertThat(handled).as("posting does not wait for the handling").isEmpty();
        Message message = winsock.windows().getMessage(0);
        assertThat(message.window()).isEqualTo(window);
        assertThat(message.number()).isEqualTo(APPS_MESSAGE);
        assertThat(message.wParam()).isSameAs(s);
        assertThat(message.lParam()).isEqualTo(0x27460020L);
        winsock.windows().dispatchMessage(message);
        assertThat(handled).containsExactly(message);
        assertThat(host.reports().failures()).isEmpty();
    }

    @Test
    @Trap(45)
    void postingToAWindowThatIsGoneAnswersFalse() throws Exception {
        FakeModule base = FakeModule.of("base", PostingTable::new);
        host.base(base);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        WindowHandle window = winsock.windows().createWindow(message -> {});
        winsock.wsaAsyncSelect(s, window, APPS_MESSAGE, NetworkEvent.FD_READ);
        winsock.windows().destroyWindow(window);
        assertThat(base.table(PostingTable.class).post(NetworkEvent.FD_READ, 0)).isFalse();
    }

    @Test
    @Trap({46, 47})
    void theMessageOfAnAcceptedSocketMayComeBeforeTheSocketAndTheHostSelectsNothingForIt() throws Exception {
        FakeModule base = FakeModule.of("base", PostingTable::new);
        host.base(base);
        Winsock winsock = host.start();
        SocketHandle listener = host.socket();
        WindowHandle window = winsock.windows().createWindow(message -> {});
        winsock.wsaAsyncSelect(listener, window, APPS_MESSAGE, NetworkEvent.FD_ACCEPT | NetworkEvent.FD_READ);
        SocketHandle accepted = winsock.accept(listener, null);
        assertThat(winsock.windows().getMessage(0).wParam()).isSameAs(accepted);
        assertThat(base.table(PostingTable.class).selections).hasSize(1);
        assertThat(winsock.providerOf(accepted)).isEqualTo("base");
    }

    @Test
    @Trap(46)
    void aWindowProcedureThatWaitsDelaysNobodyWhoPosts() throws Exception {
        FakeModule base = FakeModule.of("base", PostingTable::new);
        host.base(base);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(2);
        WindowHandle waiting = winsock.windows().createWindow(task -> Thread.ofPlatform().start(task), message -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            done.countDown();
        });
        winsock.wsaAsyncSelect(s, waiting, APPS_MESSAGE, NetworkEvent.FD_READ);
        assertThat(base.table(PostingTable.class).post(NetworkEvent.FD_READ, 0)).isTrue();
        assertThat(base.table(PostingTable.class).post(NetworkEvent.FD_READ, 0)).isTrue();
        goOn.countDown();
        done.await();
    }

    @Test
    @Trap(48)
    void theHostLooksAtTheWindowAndLeavesTheMaskToTheProvider() throws Exception {
        FakeModule base = FakeModule.of("base", PostingTable::new);
        host.base(base);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        WindowHandle window = winsock.windows().createWindow(message -> {});
        WindowHandle gone = winsock.windows().createWindow(message -> {});
        winsock.windows().destroyWindow(gone);
        assertFails(WSAEINVAL, () -> winsock.wsaAsyncSelect(s, gone, APPS_MESSAGE, NetworkEvent.FD_READ));
        assertFails(WSAEINVAL, () -> winsock.wsaAsyncSelect(s, null, APPS_MESSAGE, NetworkEvent.FD_READ));
        PostingTable table = base.table(PostingTable.class);
        assertThat(table.selections).isEmpty();
        winsock.wsaAsyncSelect(s, window, APPS_MESSAGE, 0x7FFF_0000);
        winsock.wsaAsyncSelect(s, null, 0, 0);
        assertThat(table.selections).extracting(Selection::events).containsExactly(0x7FFF_0000, 0);
    }
}
