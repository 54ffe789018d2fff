package org.ws2j.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Messages from the base to the application, with the handle exchanged. */
@Timeout(30)
final class MessageSelectionTest {
    private static final int NUMBER = Message.WM_USER + 5;

    private final List<Message> messages = new ArrayList<>();
    private Stack stack;
    private SocketHandle s;
    private WindowHandle window;

    @BeforeEach
    void start() throws WinsockException {
        stack = new Stack(LayeredProvider::new);
        s = stack.socket();
        window = stack.host.applicationWindow(messages);
        for (String function : List.of("wspAsyncSelect", "wspEventSelect", "wspCloseSocket")) {
            stack.base.answer(function, (f, a) -> null);
        }
    }

    /** The window that the base was given last. */
    private WindowHandle below() {
        return (WindowHandle) stack.base.last("wspAsyncSelect").argument(1);
    }

    private void post(WindowHandle to, SocketHandle lower, int event) {
        stack.host.wpuPostMessage(to, NUMBER, lower, NetworkEvent.makeSelectReply(event, 0));
    }

    private static Message message(WindowHandle window, SocketHandle socket, int event) {
        return new Message(window, NUMBER, socket, NetworkEvent.makeSelectReply(event, 0));
    }

    private List<FakeHost.Window> openWindows() {
        return stack.host.windows.stream().filter(w -> !w.isDestroyed).toList();
    }

    @Test
    void aMessageCarriesTheHandleThatTheClientKnows() throws WinsockException {
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_READ);
        assertThat(below()).isNotSameAs(window);
        post(below(), Stack.lower(s), NetworkEvent.FD_READ);
        assertThat(messages).containsExactly(message(window, s, NetworkEvent.FD_READ));
    }

    @Test
    void theWindowGoesWithTheSelection() throws WinsockException {
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_READ);
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_WRITE);
        assertThat(openWindows()).hasSize(1);
        stack.layer.wspAsyncSelect(s, window, NUMBER, 0);
        assertThat(openWindows()).isEmpty();
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_READ);
        stack.layer.wspEventSelect(s, stack.host.wpuCreateEvent(), NetworkEvent.FD_READ);
        assertThat(openWindows()).isEmpty();
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_READ);
        stack.layer.wspCloseSocket(s);
        assertThat(openWindows()).isEmpty();
    }

    @Test
    void aRefusedSelectionLeavesTheOneBefore() throws WinsockException {
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_READ);
        WindowHandle first = below();
        stack.base.answer("wspAsyncSelect", (f, a) -> {
            throw new WinsockException(WsaError.WSAEINVAL);
        });
        assertThatThrownBy(() -> stack.layer.wspAsyncSelect(s, window, NUMBER, 0x8000))
                .hasMessageContaining("WSAEINVAL");
        assertThat(openWindows()).hasSize(1);
        post(first, Stack.lower(s), NetworkEvent.FD_READ);
        assertThat(messages).hasSize(1);
    }

    @Test
    void anAcceptedSocketReportsWithItsOwnHandle() throws WinsockException {
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_ACCEPT | NetworkEvent.FD_WRITE);
        SocketHandle accepted = stack.layer.wspAccept(s, null, null);
        post(below(), Stack.lower(accepted), NetworkEvent.FD_WRITE);
        assertThat(messages).containsExactly(message(window, accepted, NetworkEvent.FD_WRITE));
    }

    private void updateAcceptContext(SocketHandle accepted) throws WinsockException {
        stack.base.answer("wspSetSockOpt", (f, a) -> {
            // The base may post before the call returns.
            post((WindowHandle) stack.base.last("wspAsyncSelect").argument(1), Stack.lower(accepted),
                    NetworkEvent.FD_WRITE);
            return null;
        });
        stack.layer.wspSetSockOpt(accepted, SocketOption.SOL_SOCKET, SocketOption.SO_UPDATE_ACCEPT_CONTEXT, s);
    }

    @Test
    void aSocketThatAcceptExHasAcceptedIntoInheritsWithTheUpdateOfItsContext() throws WinsockException {
        SocketHandle accepted = stack.socket();
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_ALL_EVENTS);
        updateAcceptContext(accepted);
        post(below(), Stack.lower(accepted), NetworkEvent.FD_READ);
        assertThat(messages).containsExactly(
                message(window, accepted, NetworkEvent.FD_WRITE), message(window, accepted, NetworkEvent.FD_READ));
        stack.layer.wspCloseSocket(s);
        assertThat(openWindows()).hasSize(1);
        stack.layer.wspCloseSocket(accepted);
        assertThat(openWindows()).isEmpty();
    }

    @Test
    void aSocketWithASelectionKeepsItWhenItsContextIsUpdated() throws WinsockException {
        SocketHandle accepted = stack.socket();
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_ALL_EVENTS);
        stack.layer.wspAsyncSelect(accepted, window, NUMBER, NetworkEvent.FD_READ);
        updateAcceptContext(accepted);
        post(below(), Stack.lower(accepted), NetworkEvent.FD_READ);
        assertThat(messages).hasSize(2).last().isEqualTo(message(window, accepted, NetworkEvent.FD_READ));
    }

    @Test
    void messagesThatOvertakeTheAcceptComeInOrderOnceItKnowsTheSocket() throws WinsockException {
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_ALL_EVENTS);
        WindowHandle below = below();
        stack.base.answer("wspAccept", (f, a) -> {
            SocketHandle lower = new FakeBase.Lower();
            post(below, lower, NetworkEvent.FD_WRITE);
            post(below, Stack.lower(s), NetworkEvent.FD_ACCEPT);
            post(below, lower, NetworkEvent.FD_READ);
            return lower;
        });
        SocketHandle accepted = stack.layer.wspAccept(s, null, null);
        assertThat(messages)
                .containsExactly(
                        message(window, s, NetworkEvent.FD_ACCEPT),
                        message(window, accepted, NetworkEvent.FD_WRITE),
                        message(window, accepted, NetworkEvent.FD_READ));
    }

    @Test
    void theWindowLivesAsLongAsAnAcceptedSocketUsesIt() throws WinsockException {
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_ALL_EVENTS);
        WindowHandle below = below();
        SocketHandle accepted = stack.layer.wspAccept(s, null, null);
        stack.layer.wspCloseSocket(s);
        post(below, Stack.lower(accepted), NetworkEvent.FD_CLOSE);
        assertThat(messages).containsExactly(message(window, accepted, NetworkEvent.FD_CLOSE));
        stack.layer.wspCloseSocket(accepted);
        assertThat(openWindows()).isEmpty();
    }

    @Test
    void messagesOfASocketThatWasNeverAcceptedAreDropped() throws WinsockException {
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_ALL_EVENTS);
        WindowHandle below = below();
        stack.base.answer("wspAccept", (f, a) -> {
            post(below, new FakeBase.Lower(), NetworkEvent.FD_WRITE);
            throw new WinsockException(WsaError.WSAECONNRESET);
        });
        assertThatThrownBy(() -> stack.layer.wspAccept(s, null, null)).hasMessageContaining("WSAECONNRESET");
        post(below, new FakeBase.Lower(), NetworkEvent.FD_WRITE);
        assertThat(messages).isEmpty();
    }

    @Test
    void aSelectionDuringTheAcceptIsPassedOnToTheAcceptedSocket() throws WinsockException {
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_ALL_EVENTS);
        stack.base.answer("wspAccept", (f, a) -> {
            stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_READ);
            return new FakeBase.Lower();
        });
        SocketHandle accepted = stack.layer.wspAccept(s, null, null);
        assertThat(stack.base.last("wspAsyncSelect").argument(0)).isSameAs(Stack.lower(accepted));
        assertThat(openWindows()).hasSize(1);
        post(below(), Stack.lower(accepted), NetworkEvent.FD_READ);
        assertThat(messages).containsExactly(message(window, accepted, NetworkEvent.FD_READ));
    }

    @Test
    void aMessageAfterTheCloseIsDropped() throws WinsockException {
        stack.layer.wspAsyncSelect(s, window, NUMBER, NetworkEvent.FD_READ);
        WindowHandle below = below();
        SocketHandle lower = Stack.lower(s);
        stack.layer.wspCloseSocket(s);
        post(below, lower, NetworkEvent.FD_READ);
        assertThat(messages).isEmpty();
    }

    @Test
    void aLayerLearnsOfEvents() throws WinsockException {
        List<Integer> events = new ArrayList<>();
        Stack curious = new Stack(start -> new LayeredProvider(start) {
            @Override
            protected void notified(LayeredSocket socket, int event, int error) {
                events.add(event);
            }
        });
        curious.base.answer("wspAsyncSelect", (f, a) -> null);
        SocketHandle own = curious.socket();
        curious.layer.wspAsyncSelect(own, window, NUMBER, NetworkEvent.FD_CONNECT);
        WindowHandle below = (WindowHandle) curious.base.last("wspAsyncSelect").argument(1);
        post(below, Stack.lower(own), NetworkEvent.FD_CONNECT);
        assertThat(events).containsExactly(NetworkEvent.FD_CONNECT);
    }
}
