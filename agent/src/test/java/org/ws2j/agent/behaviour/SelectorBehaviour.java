package org.ws2j.agent.behaviour;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.ws2j.agent.behaviour.SocketPair.Channels;

/** java.nio.channels.Selector and the life of its keys. */
@SuppressWarnings({"DefaultCharset", "try"}) // it does what programs do
final class SelectorBehaviour {
    private static final long ENOUGH_MILLIS = 20_000;

    private final Report report;

    SelectorBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("Selector");
        empty();
        keys();
        readiness();
        selectedKeys();
        cancelling();
        actions();
        closingChannels();
        endings();
        accepting();
        several();
        closed();
    }

    private static Channels nonBlocking() throws IOException {
        Channels pair = Channels.open();
        pair.client().configureBlocking(false);
        pair.server().configureBlocking(false);
        return pair;
    }

    private static ByteBuffer text(String s) {
        return ByteBuffer.wrap(s.getBytes());
    }

    private void empty() throws IOException {
        try (Selector selector = Selector.open()) {
            report.line("open", selector::isOpen);
            report.line("keys", () -> selector.keys().size() + " " + selector.selectedKeys().size());
            report.line("selectNow", () -> selector.selectNow());
            report.line("select with a time-out", () -> selector.select(20));
            report.line("negative time-out", () -> selector.select(-1));
            selector.wakeup();
            report.line("woken before", () -> selector.select());
            selector.wakeup();
            selector.wakeup();
            report.line("woken twice", () -> selector.select() + " " + selector.select(20));
            selector.wakeup();
            report.line("selectNow takes the wake-up", () -> selector.selectNow() + " " + selector.select(20));
            report.line("keys cannot be changed", () -> selector.keys().add(null));
            report.line("keys cannot be removed", () -> selector.keys().remove(null));
            report.line("selected keys cannot be added", () -> selector.selectedKeys().add(null));
            report.line("null action", () -> selector.select(null, 1));
        }
    }

    private void keys() throws IOException {
        try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
            SocketChannel c = pair.client();
            report.line("bad operations", () -> c.register(selector, SelectionKey.OP_ACCEPT));
            SelectionKey key = c.register(selector, SelectionKey.OP_READ, "attached");
            report.line("key", () -> key.isValid() + " " + key.interestOps() + " " + key.readyOps() + " "
                    + key.attachment() + " " + (key.channel() == c) + " " + (key.selector() == selector));
            report.line("found by the channel", () -> c.keyFor(selector) == key && c.isRegistered());
            report.line("register again", () -> c.register(selector, SelectionKey.OP_WRITE, "new") == key);
            report.line("changed by it", () -> key.interestOps() + " " + key.attachment());
            report.line("interestOps", () -> key.interestOps(SelectionKey.OP_READ) == key);
            report.line("interestOps or", () -> key.interestOpsOr(SelectionKey.OP_WRITE) + " " + key.interestOps());
            report.line("interestOps and", () -> key.interestOpsAnd(SelectionKey.OP_READ) + " " + key.interestOps());
            report.line("bad interestOps", () -> key.interestOps(SelectionKey.OP_ACCEPT));
            report.line("attach", () -> key.attach("other") + " " + key.attachment());
            report.line("blocking with a key", () -> c.configureBlocking(true));
            report.line("the adaptor's read with a key", () -> c.socket().getInputStream().read());
            report.line("keys", () -> selector.keys().size() + " " + selector.keys().contains(key));
        }
        try (Selector selector = Selector.open(); Channels pair = Channels.open()) {
            report.line("register a blocking channel", () -> pair.client().register(selector, SelectionKey.OP_READ));
            pair.client().close();
            report.line("register a closed channel", () -> pair.client().register(selector, SelectionKey.OP_READ));
        }
        try (Channels pair = nonBlocking()) {
            Selector selector = Selector.open();
            selector.close();
            report.line("register with a closed selector",
                    () -> pair.client().register(selector, SelectionKey.OP_READ));
            report.line("register with null", () -> pair.client().register(null, SelectionKey.OP_READ));
        }
    }

    private void readiness() throws Exception {
        try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
            report.line("not readable", () -> selector.selectNow());
            pair.server().write(text("ab"));
            report.line("readable", () -> selector.select(ENOUGH_MILLIS) + " " + key.readyOps() + " "
                    + key.isReadable() + " " + key.isWritable());
            report.line("selected already", () -> selector.selectNow() + " " + selector.selectedKeys().size());
            selector.selectedKeys().clear();
            report.line("level triggered", () -> selector.select(ENOUGH_MILLIS));
            pair.client().read(ByteBuffer.allocate(1));
            selector.selectedKeys().clear();
            report.line("half read", () -> selector.select(ENOUGH_MILLIS));
            pair.client().read(ByteBuffer.allocate(5));
            selector.selectedKeys().clear();
            report.line("all read", () -> selector.selectNow());
            key.interestOps(SelectionKey.OP_WRITE);
            report.line("writable", () -> selector.select(ENOUGH_MILLIS) + " " + key.readyOps());
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            pair.server().write(text("c"));
            report.line("another operation", () -> selectUntil(selector, key, 5));
            report.line("with an action", () -> {
                int[] seen = new int[1];
                int n = selector.select(k -> seen[0] = k.readyOps(), ENOUGH_MILLIS);
                return n + " " + seen[0] + " " + selector.selectedKeys().size();
            });
            key.interestOps(0);
            selector.selectedKeys().clear();
            report.line("interested in nothing", () -> selector.selectNow());
            key.interestOps(SelectionKey.OP_READ);
            pair.client().read(ByteBuffer.allocate(5));
            pair.server().shutdownOutput();
            report.line("end is readable", () -> selector.select(ENOUGH_MILLIS) + " "
                    + pair.client().read(ByteBuffer.allocate(1)));
            selector.selectedKeys().clear();
            report.line("and stays so", () -> selector.select(ENOUGH_MILLIS));
        }
        fullAndReset();
    }

    private static Object selectUntil(Selector selector, SelectionKey key, int ops) throws IOException {
        int changes = 0;
        while (key.readyOps() != ops) {
            changes += selector.select(ENOUGH_MILLIS);
        }
        return changes + " " + key.readyOps();
    }

    private void fullAndReset() throws Exception {
        try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_WRITE);
            ByteBuffer much = ByteBuffer.allocateDirect(1 << 20);
            while (pair.client().write(much.clear()) > 0) {
                // Until it is full.
            }
            report.line("full is not writable", () -> selector.selectNow());
            Background selecting = Background.platform(() -> selector.select() + " " + key.isWritable()).awaitBlocked();
            while (!selecting.isOver()) {
                pair.server().read(much.clear()); // Does not wait: there may be nothing left.
            }
            report.print("room is writable", selecting.outcome());
        }
        try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
            pair.reset();
            report.line("reset is readable", () -> selector.select(ENOUGH_MILLIS) + " " + key.readyOps());
            report.line("and read fails", () -> pair.client().read(ByteBuffer.allocate(1)));
        }
        try (Selector selector = Selector.open(); DatagramChannel a = DatagramChannel.open();
                DatagramChannel b = DatagramChannel.open()) {
            a.bind(SocketPair.anyPort()).configureBlocking(false);
            b.bind(SocketPair.anyPort());
            SelectionKey key = a.register(selector, SelectionKey.OP_READ);
            report.line("no datagram", () -> selector.selectNow());
            b.send(text("x"), a.getLocalAddress());
            report.line("a datagram", () -> selector.select(ENOUGH_MILLIS) + " " + key.readyOps());
        }
    }

    private void selectedKeys() throws IOException {
        try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_WRITE);
            selector.select(ENOUGH_MILLIS);
            Set<SelectionKey> selected = selector.selectedKeys();
            report.line("selected", () -> selected.size() + " " + selected.contains(key)
                    + " " + (selected == selector.selectedKeys()));
            report.line("remove", () -> selected.remove(key) + " " + selected.isEmpty());
            selector.select(ENOUGH_MILLIS);
            report.line("iterator removes", () -> {
                var it = selected.iterator();
                it.next();
                it.remove();
                return selected.size();
            });
            selector.select(ENOUGH_MILLIS);
            key.interestOps(SelectionKey.OP_READ);
            report.line("ready operations stay", () -> selector.selectNow() + " " + key.readyOps());
        }
    }

    private void cancelling() throws IOException {
        try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
            SocketChannel c = pair.client();
            SelectionKey key = c.register(selector, SelectionKey.OP_WRITE);
            selector.select(ENOUGH_MILLIS);
            key.cancel();
            report.line("cancelled", () -> key.isValid() + " " + selector.keys().size() + " "
                    + selector.selectedKeys().size() + " " + c.isRegistered());
            report.line("cancelled interest", key::interestOps);
            report.line("cancelled ready", key::readyOps);
            report.line("cancelled set", () -> key.interestOps(1));
            report.line("cancelled attachment", key::attachment);
            report.line("cancelled channel", () -> key.channel() == c);
            report.line("register meanwhile", () -> c.register(selector, SelectionKey.OP_READ));
            report.line("selection takes it out", () -> selector.selectNow() + " " + selector.keys().size() + " "
                    + selector.selectedKeys().size() + " " + c.isRegistered());
            report.line("register then", () -> c.register(selector, SelectionKey.OP_WRITE) != key);
            report.line("and select", () -> selector.select(ENOUGH_MILLIS));
            c.keyFor(selector).cancel();
            selector.selectNow();
            report.line("blocking again", () -> c.configureBlocking(true).isBlocking());
        }
        try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
            key.cancel();
            report.line("cancel, then blocking", () -> pair.client().configureBlocking(true).isBlocking());
            report.line("read then", () -> {
                pair.server().write(text("a"));
                return pair.client().read(ByteBuffer.allocate(1));
            });
            report.line("select then", () -> selector.selectNow() + " " + selector.keys().size());
        }
    }

    private void actions() throws IOException {
        try (Selector selector = Selector.open(); Channels pair = nonBlocking(); Channels other = nonBlocking()) {
            SocketChannel c = pair.client();
            SelectionKey key = c.register(selector, SelectionKey.OP_WRITE);
            report.line("an action that throws", () -> selector.select(k -> {
                k.cancel();
                k.readyOps();
            }));
            report.line("cancelled by it", () -> selector.keys().contains(key) + " " + (c.keyFor(selector) == key));
            report.line("register after it", () -> c.register(selector, SelectionKey.OP_READ));
            report.line("selection after it", () -> selector.selectNow() + " " + selector.keys().size());
            SelectionKey one = c.register(selector, SelectionKey.OP_WRITE);
            SelectionKey two = other.client().register(selector, SelectionKey.OP_WRITE);
            report.line("an action that cancels all", () -> selector.select(k -> {
                one.cancel();
                two.cancel();
            }) + " " + selector.keys().size());
            report.line("selection after that", () -> selector.selectNow() + " " + selector.keys().size());
            c.register(selector, SelectionKey.OP_WRITE);
            report.line("an action that wakes up", () -> selector.select(k -> {
                k.interestOps(0);
                selector.wakeup();
            }));
            report.line("woken by it", () -> selector.select() + " " + selector.select(20));
        }
    }

    private void closingChannels() throws Exception {
        try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
            pair.client().close();
            report.line("closing cancels", () -> key.isValid() + " " + selector.keys().size());
            report.line("until the selection", () -> selector.selectNow() + " " + selector.keys().size());
        }
        try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
            SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
            Background selecting = Background.platform(() -> selector.select()).awaitBlocked();
            pair.client().close();
            report.line("closing while another selects", key::isValid);
            selector.wakeup();
            report.print("selection then", selecting.outcome() + " " + selector.keys().size());
        }
        try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
            pair.client().register(selector, SelectionKey.OP_READ);
            pair.client().close();
            selector.selectNow();
            pair.server().configureBlocking(true);
            report.line("peer sees it", () -> pair.server().read(ByteBuffer.allocate(1)));
        }
        twoSelectors();
    }

    private void twoSelectors() throws Exception {
        try (Selector one = Selector.open(); Selector two = Selector.open(); Channels pair = nonBlocking()) {
            SelectionKey first = pair.client().register(one, SelectionKey.OP_READ);
            SelectionKey second = pair.client().register(two, SelectionKey.OP_WRITE);
            pair.server().write(text("a"));
            report.line("two selectors", () -> one.select(ENOUGH_MILLIS) + " " + first.readyOps() + " "
                    + two.select(ENOUGH_MILLIS) + " " + second.readyOps());
            first.cancel();
            one.selectNow();
            report.line("leaving one", () -> pair.client().isRegistered() + " " + second.isValid());
            two.close();
            report.line("closing the other", () -> pair.client().isRegistered() + " " + second.isValid());
        }
    }

    private void endings() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            String on = virtual ? ", virtual" : "";
            try (Selector selector = Selector.open(); Channels pair = nonBlocking()) {
                pair.client().register(selector, SelectionKey.OP_READ);
                Background selecting = start(virtual, () -> selector.select());
                selector.wakeup();
                report.print("wake-up" + on, selecting.outcome());
                Background interrupted = start(virtual, () -> selector.select());
                interrupted.interrupt();
                report.print("interrupt" + on, interrupted.outcomeAndStatus() + " " + selector.isOpen());
                Background byData = start(virtual, () -> selector.select());
                pair.server().write(text("x"));
                report.print("data" + on, byData.outcome());
                selector.selectedKeys().clear();
                pair.client().read(ByteBuffer.allocate(5));
                Background timed = start(virtual, () -> selector.select(60_000));
                pair.server().close();
                report.print("end" + on, timed.outcome());
            }
            Selector closing = Selector.open();
            Background selecting = start(virtual, () -> closing.select());
            closing.close();
            report.print("closing" + on, selecting.outcome());
        }
        try (Selector selector = Selector.open()) {
            Background before = Background.platform(() -> {
                Thread.currentThread().interrupt();
                return selector.select();
            });
            report.print("interrupted before", before.outcomeAndStatus());
        }
    }

    private static Background start(boolean virtual, Report.Action action) {
        return (virtual ? Background.virtual(action) : Background.platform(action)).awaitBlocked();
    }

    private void accepting() throws IOException {
        try (Selector selector = Selector.open(); ServerSocketChannel s = ServerSocketChannel.open()) {
            s.configureBlocking(false);
            SelectionKey key = s.register(selector, SelectionKey.OP_ACCEPT);
            s.bind(SocketPair.anyPort());
            report.line("nobody", () -> selector.selectNow());
            try (SocketChannel c = SocketChannel.open(s.getLocalAddress())) {
                report.line("acceptable", () -> selector.select(ENOUGH_MILLIS) + " " + key.readyOps() + " "
                        + key.isAcceptable());
                try (SocketChannel a = s.accept()) {
                    report.line("accepted", () -> c.isConnected() + " " + a.isBlocking());
                }
            }
            selector.selectedKeys().clear();
            report.line("no more", () -> selector.selectNow() + " " + s.accept());
            report.line("bad operations", () -> s.register(selector, SelectionKey.OP_READ));
        }
    }

    private void several() throws IOException {
        try (Selector selector = Selector.open(); Channels a = nonBlocking(); Channels b = nonBlocking()) {
            a.client().register(selector, SelectionKey.OP_READ, "a");
            b.client().register(selector, SelectionKey.OP_READ, "b");
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            pipe.source().register(selector, SelectionKey.OP_READ, "pipe");
            a.server().write(text("1"));
            report.line("one of several", () -> selector.select(ENOUGH_MILLIS) + " "
                    + selector.selectedKeys().iterator().next().attachment());
            pipe.sink().write(text("2"));
            report.line("a pipe among them",
                    () -> selector.select(ENOUGH_MILLIS) + " " + selector.selectedKeys().size());
            pipe.sink().close();
            pipe.source().close();
        }
    }

    private void closed() throws IOException {
        Channels pair = nonBlocking();
        Selector selector = Selector.open();
        SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
        selector.close();
        report.line("closed", selector::isOpen);
        report.line("closed key", () -> key.isValid() + " " + pair.client().isRegistered());
        report.line("closed select", () -> selector.select());
        report.line("closed selectNow", () -> selector.selectNow());
        report.line("closed keys", selector::keys);
        report.line("closed selected keys", selector::selectedKeys);
        report.line("closed wakeup", () -> selector.wakeup() == selector);
        report.effect("close again", selector::close);
        report.line("channel is open", () -> pair.client().isOpen());
        pair.close();
    }
}
