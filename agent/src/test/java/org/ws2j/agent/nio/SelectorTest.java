package org.ws2j.agent.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Selectors and keys. */
final class SelectorTest extends ChannelTest {
    private Selector selector;
    private Pair pair;
    private SelectionKey key;

    /** A selector with one end of a connection. */
    private void useWithKey(Way way, int operations) throws IOException {
        use(way);
        selector = selector();
        pair = pair();
        pair.client().configureBlocking(false);
        key = pair.client().register(selector, operations, "attachment");
    }

    @ParameterizedTest
    @EnumSource
    void aKeyBecomesReadyOnceAndStaysSelectedUntilItIsRemoved(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        pair.server().write(bytes("one"));
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
        assertThat(key.isReadable()).isTrue();
        assertThat(key.attachment()).isEqualTo("attachment");
        assertThat(selector.select()).isZero();
        assertThat(selector.selectedKeys()).containsExactly(key);
        selector.selectedKeys().clear();
        assertThat(selector.select(1_000)).isEqualTo(1);
        selector.selectedKeys().remove(key);
        pair.client().read(room());
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.selectedKeys()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void moreReadyOperationsOfASelectedKeyCount(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_WRITE);
        pair.server().write(bytes("x"));
        int updated = 0;
        while (updated == 0) {
            updated = selector.select();
        }
        assertThat(updated).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        selector.selectedKeys().clear();
        key.interestOps(SelectionKey.OP_WRITE);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_WRITE);
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfAStreamIsReadable(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_READ);
        pair.server().close();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.isReadable()).isTrue();
        assertThat(pair.client().read(room())).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void anActionGetsTheReadyKeysAndTheSetDoesNot(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_WRITE);
        List<SelectionKey> ready = new ArrayList<>();
        assertThat(selector.select(ready::add)).isEqualTo(1);
        assertThat(selector.selectNow(ready::add)).isEqualTo(1);
        assertThat(selector.select(ready::add, 1_000)).isEqualTo(1);
        assertThat(ready).containsExactly(key, key, key);
        assertThat(selector.selectedKeys()).isEmpty();
        assertThatThrownBy(() -> selector.select(k -> selectAgain())).isExactlyInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> selector.select(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> selector.select(k -> closeSelector()))
                .isExactlyInstanceOf(ClosedSelectorException.class);
    }

    @ParameterizedTest
    @EnumSource
    void whatAnActionThrowsLeavesTheSelection(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_WRITE);
        assertThatThrownBy(() -> selector.select(k -> {
            k.cancel();
            k.readyOps();
        })).isExactlyInstanceOf(CancelledKeyException.class);
        assertThat(selector.selectNow(k -> {})).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anActionGetsAKeyThatItHasCancelledBefore(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_WRITE);
        SelectionKey other = otherKey();
        List<SelectionKey> ready = new ArrayList<>();
        assertThat(selector.select(k -> {
            ready.add(k);
            key.cancel();
            other.cancel();
        })).isEqualTo(2);
        assertThat(ready).containsExactlyInAnyOrder(key, other);
    }

    @ParameterizedTest
    @EnumSource
    void anActionGetsNoKeyThatItHasTakenTheInterestFrom(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_WRITE);
        SelectionKey other = otherKey();
        assertThat(selector.select(k -> {
            key.interestOps(0);
            other.interestOps(0);
        })).isEqualTo(1);
    }

    private SelectionKey otherKey() throws IOException {
        SocketChannel channel = pair().client();
        channel.configureBlocking(false);
        return channel.register(selector, SelectionKey.OP_WRITE);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatAnActionCancelsStaysUntilTheNextSelection(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_WRITE);
        assertThat(selector.select(SelectionKey::cancel)).isEqualTo(1);
        assertThat(selector.keys()).containsExactly(key);
        assertThat(pair.client().keyFor(selector)).isSameAs(key);
        assertThatThrownBy(() -> pair.client().register(selector, SelectionKey.OP_WRITE))
                .isExactlyInstanceOf(CancelledKeyException.class);
        assertThat(selector.selectNow(k -> {})).isZero();
        assertThat(selector.keys()).isEmpty();
        assertThat(pair.client().keyFor(selector)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void aWakeUpByAnActionEndsTheNextSelection(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_WRITE);
        assertThat(selector.select(k -> {
            k.interestOps(0);
            selector.wakeup();
        })).isEqualTo(1);
        assertThat(selector.select()).isZero();
        assertThat(selector.select(1)).isZero();
    }

    private void selectAgain() {
        try {
            selector.selectNow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerIsAcceptable(Way way) throws IOException {
        use(way);
        selector = selector();
        ServerSocketChannel server = unboundServer();
        server.configureBlocking(false);
        SelectionKey accepting = server.register(selector, SelectionKey.OP_ACCEPT);
        server.bind(loopback(0));
        assertThat(server.accept()).isNull();
        assertThat(selector.selectNow()).isZero();
        socket().connect(server.getLocalAddress());
        assertThat(selector.select()).isEqualTo(1);
        assertThat(accepting.isAcceptable()).isTrue();
        SocketChannel accepted = closing(server.accept());
        assertThat(accepted.isBlocking()).isTrue();
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
        assertThat(server.accept()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsMadeIsConnectable(Way way) throws IOException {
        use(way);
        selector = selector();
        ServerSocketChannel server = server();
        SocketChannel client = socket();
        client.configureBlocking(false);
        if (client.connect(server.getLocalAddress())) {
            return;
        }
        SelectionKey connecting = client.register(selector, SelectionKey.OP_CONNECT);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(connecting.isConnectable()).isTrue();
        assertThat(client.finishConnect()).isTrue();
        connecting.interestOps(SelectionKey.OP_WRITE);
        selector.selectedKeys().clear();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(connecting.readyOps()).isEqualTo(SelectionKey.OP_WRITE);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsRefusedIsConnectableAndFails(Way way) throws Exception {
        use(way);
        selector = selector();
        InetSocketAddress nobody = nobody();
        SocketChannel client = socket();
        client.configureBlocking(false);
        SelectionKey connecting = client.register(selector, 0);
        boolean refusedAtOnce = false;
        try {
            client.connect(nobody);
        } catch (ConnectException e) {
            refusedAtOnce = true;
        }
        if (!refusedAtOnce) {
            connecting.interestOps(SelectionKey.OP_CONNECT);
            assertThat(selector.select()).isEqualTo(1);
            assertThatThrownBy(client::finishConnect).isExactlyInstanceOf(ConnectException.class)
                    .hasMessage("Connection refused");
        }
        assertClosed(client);
        assertThat(connecting.isValid()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void datagramsAreReadable(Way way) throws IOException {
        use(way);
        selector = selector();
        DatagramChannel receiver = datagrams();
        receiver.bind(loopback(0));
        receiver.configureBlocking(false);
        SelectionKey reading = receiver.register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        datagrams().send(bytes("x"), receiver.getLocalAddress());
        assertThat(selector.select()).isEqualTo(1);
        assertThat(reading.isReadable()).isTrue();
        receiver.receive(room());
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
    }

    // Keys

    @ParameterizedTest
    @EnumSource
    void aKeyTellsWhatItIsOf(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_READ);
        assertThat(key.channel()).isSameAs(pair.client());
        assertThat(key.selector()).isSameAs(selector);
        assertThat(pair.client().keyFor(selector)).isSameAs(key);
        assertThat(pair.client().isRegistered()).isTrue();
        assertThat(selector.keys()).containsExactly(key);
        assertThat(selector.provider()).isSameAs(pair.client().provider());
        assertThat(key).hasToString(
                "channel=" + pair.client() + ", selector=" + selector + ", interestOps=1, readyOps=0");
        key.cancel();
        assertThat(key).hasToString("channel=" + pair.client() + ", selector=" + selector + ", invalid");
    }

    @ParameterizedTest
    @EnumSource
    void interestIsCheckedAndChanged(Way way) throws IOException {
        useWithKey(way, 0);
        assertThatThrownBy(() -> key.interestOps(SelectionKey.OP_ACCEPT))
                .isExactlyInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> key.interestOpsOr(SelectionKey.OP_ACCEPT))
                .isExactlyInstanceOf(IllegalArgumentException.class);
        assertThat(key.interestOps(SelectionKey.OP_WRITE)).isSameAs(key);
        assertThat(key.interestOpsOr(SelectionKey.OP_READ)).isEqualTo(SelectionKey.OP_WRITE);
        assertThat(key.interestOpsAnd(SelectionKey.OP_READ))
                .isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(key.interestOps()).isEqualTo(SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void registeringAgainChangesTheKey(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_READ);
        assertThat(pair.client().register(selector, SelectionKey.OP_WRITE, "other")).isSameAs(key);
        assertThat(key.attachment()).isEqualTo("other");
        assertThat(key.interestOps()).isEqualTo(SelectionKey.OP_WRITE);
        assertThat(selector.select()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void registeringIsForOpenNonBlockingChannelsAndTheirOperations(Way way) throws IOException {
        useWithKey(way, 0);
        assertThatThrownBy(() -> pair.server().register(selector, SelectionKey.OP_READ))
                .isExactlyInstanceOf(IllegalBlockingModeException.class);
        assertThatThrownBy(() -> pair.client().register(selector, SelectionKey.OP_ACCEPT))
                .isExactlyInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pair.client().configureBlocking(true))
                .isExactlyInstanceOf(IllegalBlockingModeException.class);
        pair.server().close();
        assertThatThrownBy(() -> pair.server().register(selector, SelectionKey.OP_READ))
                .isExactlyInstanceOf(ClosedChannelException.class);
        selector.close();
        pair.client().configureBlocking(true);
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledKeyIsGoneAfterTheNextSelection(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_WRITE);
        selector.select();
        key.cancel();
        assertThat(key.isValid()).isFalse();
        assertThat(selector.keys()).containsExactly(key);
        assertThatThrownBy(() -> key.interestOps()).isExactlyInstanceOf(CancelledKeyException.class);
        assertThatThrownBy(() -> key.interestOps(0)).isExactlyInstanceOf(CancelledKeyException.class);
        assertThatThrownBy(() -> key.readyOps()).isExactlyInstanceOf(CancelledKeyException.class);
        assertThatThrownBy(() -> key.isWritable()).isExactlyInstanceOf(CancelledKeyException.class);
        assertThatThrownBy(() -> pair.client().register(selector, SelectionKey.OP_WRITE))
                .isExactlyInstanceOf(CancelledKeyException.class);
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
        assertThat(selector.selectedKeys()).isEmpty();
        assertThat(pair.client().isRegistered()).isFalse();
        assertThat(pair.client().keyFor(selector)).isNull();
        SelectionKey again = pair.client().register(selector, SelectionKey.OP_WRITE);
        assertThat(again).isNotSameAs(key);
        assertThat(selector.select()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aChannelWhoseKeyWasCancelledMayBlockAtOnce(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_READ);
        key.cancel();
        pair.client().configureBlocking(true);
        pair.server().write(bytes("now"));
        assertThat(pair.client().read(room())).isEqualTo(3);
        pair.client().configureBlocking(false);
        selector.selectNow();
        pair.client().register(selector, SelectionKey.OP_READ);
        pair.server().write(bytes("again"));
        assertThat(selector.select()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aChannelCanHaveKeysOfSeveralSelectors(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_READ);
        Selector other = selector();
        SelectionKey second = pair.client().register(other, SelectionKey.OP_WRITE);
        assertThat(other.select()).isEqualTo(1);
        assertThat(other.selectedKeys()).containsExactly(second);
        pair.server().write(bytes("x"));
        assertThat(selector.select()).isEqualTo(1);
        other.close();
        assertThat(second.isValid()).isFalse();
        assertThat(key.isValid()).isTrue();
        assertThat(pair.client().isRegistered()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aClosedChannelLosesItsKeys(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_READ);
        pair.client().close();
        assertThat(key.isValid()).isFalse();
        assertThat(pair.server().read(room())).isEqualTo(-1);
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
    }

    // Sets

    @ParameterizedTest
    @EnumSource
    void keysCannotBeAddedToTheSetsAndOnlyBeRemovedFromThatOfTheSelected(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_WRITE);
        selector.select();
        Set<SelectionKey> selected = selector.selectedKeys();
        assertThatThrownBy(() -> selected.add(key)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> selected.addAll(List.of(key))).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> selector.keys().remove(key)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(selected.contains(key)).isTrue();
        var iterator = selected.iterator();
        assertThat(iterator.next()).isSameAs(key);
        iterator.remove();
        assertThat(selected).isEmpty();
        assertThat(selector.selectedKeys()).isSameAs(selected);
    }

    // Waking, interrupts, ends

    @ParameterizedTest
    @EnumSource
    void aWakeUpEndsTheSelectionThatWaitsOrTheNextOne(Way way) throws Exception {
        useWithKey(way, SelectionKey.OP_READ);
        Running<Integer> waiting = on(Thread.ofPlatform().daemon(), () -> selector.select());
        awaitWaiting(waiting.thread());
        assertThat(selector.wakeup()).isSameAs(selector);
        assertThat(waiting.result().get()).isZero();
        selector.wakeup();
        selector.wakeup();
        assertThat(selector.select()).isZero();
        selector.wakeup();
        assertThat(selector.selectNow()).isZero();
        Running<Integer> next = on(Thread.ofPlatform().daemon(), () -> selector.select());
        awaitWaiting(next.thread());
        pair.server().write(bytes("x"));
        assertThat(next.result().get()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aWakeUpThatCameBeforeSomethingReadyIsSpentOnIt(Way way) throws Exception {
        useWithKey(way, SelectionKey.OP_READ);
        pair.server().write(bytes("x"));
        selector.wakeup();
        int n = selector.select();
        while (n == 0) {
            n = selector.select();
        }
        pair.client().read(room());
        selector.selectedKeys().clear();
        Running<Integer> waiting = on(Thread.ofPlatform().daemon(), () -> selector.select());
        awaitWaiting(waiting.thread());
        pair.server().write(bytes("y"));
        assertThat(waiting.result().get()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsASelectionAndStaysSet(Way way) throws Exception {
        useWithKey(way, SelectionKey.OP_READ);
        Running<Boolean> waiting = on(Thread.ofPlatform().daemon(), () -> {
            int n = selector.select();
            return n == 0 && Thread.currentThread().isInterrupted();
        });
        awaitWaiting(waiting.thread());
        waiting.thread().interrupt();
        assertThat(waiting.result().get()).isTrue();
        assertThat(selector.isOpen()).isTrue();
        Thread.currentThread().interrupt();
        assertThat(selector.select()).isZero();
        assertThat(selector.select(10_000)).isZero();
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aVirtualThreadSelectsToo(Way way) throws Exception {
        useWithKey(way, SelectionKey.OP_READ);
        Running<Integer> waiting = on(Thread.ofVirtual(), () -> selector.select());
        awaitUntil(() -> waiting.thread().getState() == Thread.State.WAITING);
        pair.server().write(bytes("x"));
        assertThat(waiting.result().get()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aTimeOutEndsASelection(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_READ);
        assertThat(selector.select(1)).isZero();
        assertThat(selector.select(key -> {}, 1)).isZero();
        assertThatThrownBy(() -> selector.select(-1)).isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Negative timeout");
    }

    @ParameterizedTest
    @EnumSource
    void closingASelectorEndsWhoWaitsAndItsKeys(Way way) throws Exception {
        useWithKey(way, SelectionKey.OP_READ);
        Running<Integer> waiting = on(Thread.ofPlatform().daemon(), () -> selector.select());
        awaitWaiting(waiting.thread());
        selector.close();
        selector.close();
        assertThat(waiting.result().get()).isZero();
        assertThat(key.isValid()).isFalse();
        assertThat(pair.client().isRegistered()).isFalse();
        assertThat(pair.client().isOpen()).isTrue();
        assertThatThrownBy(() -> selector.select()).isExactlyInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> selector.keys()).isExactlyInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> selector.selectedKeys()).isExactlyInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> pair.client().register(selector, 0))
                .isExactlyInstanceOf(ClosedSelectorException.class);
        selector.wakeup();
        pair.client().configureBlocking(true);
    }

    @ParameterizedTest
    @EnumSource
    void interestThatIsAddedMeanwhileConcernsTheNextSelection(Way way) throws Exception {
        useWithKey(way, SelectionKey.OP_READ);
        Running<Integer> waiting = on(Thread.ofPlatform().daemon(), () -> selector.select());
        awaitWaiting(waiting.thread());
        key.interestOpsOr(SelectionKey.OP_WRITE);
        selector.wakeup();
        assertThat(waiting.result().get()).isLessThan(2);
        assertThat(selector.select() + selector.selectedKeys().size()).isPositive();
        assertThat(key.isWritable()).isTrue();
    }

    // Foreign channels

    @ParameterizedTest
    @EnumSource
    void pipesCanBeRegisteredToo(Way way) throws IOException {
        useWithKey(way, SelectionKey.OP_READ);
        Pipe pipe = stack().provider().openPipe();
        closing(pipe.sink());
        closing(pipe.source()).configureBlocking(false);
        SelectionKey source = pipe.source().register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        pipe.sink().write(bytes("x"));
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(source);
        source.cancel();
        assertThat(selector.selectNow()).isZero();
        pipe.source().configureBlocking(true);
        assertThat(pipe.source().read(room())).isEqualTo(1);
    }

    @Test
    void channelsOfAnotherNetworkCannotBeRegistered() throws IOException {
        use(Way.TCPIP);
        selector = selector();
        use(Way.TCPIP);
        SocketChannel foreign = socket();
        foreign.configureBlocking(false);
        assertThatThrownBy(() -> foreign.register(selector, SelectionKey.OP_READ))
                .isExactlyInstanceOf(IllegalSelectorException.class);
        Selector jdks = closing(SelectorProvider.provider().openSelector());
        assertThatThrownBy(() -> foreign.register(jdks, SelectionKey.OP_READ))
                .isExactlyInstanceOf(IllegalSelectorException.class);
    }
}
