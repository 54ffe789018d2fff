package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.Message;
import org.ws2j.spi.MessageWindows;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;

@Timeout(30)
final class WpuPostMessageTest {
    private final TwoKinds hosts;

    WpuPostMessageTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private MessageWindows windows() {
        return hosts.winsock.windows();
    }

    @Test
    void theMessageLiesInTheQueueOfTheWindowsThreadUntilItIsDispatched() throws Exception {
        List<Message> handled = new ArrayList<>();
        WindowHandle window = windows().createWindow(handled::add);
        SocketHandle s = hosts.created();
        boolean posted =
                TestThreads.start(() -> hosts.upcalls.wpuPostMessage(window, Message.WM_USER, s, 0x10001L)).get();
        assertThat(posted).isTrue();
        assertThat(handled).isEmpty();
        Message message = windows().getMessage(Waits.WSA_INFINITE);
        assertThat(message).isEqualTo(new Message(window, Message.WM_USER, s, 0x10001L));
        windows().dispatchMessage(message);
        assertThat(handled).containsExactly(message);
    }

    @Test
    void messagesComeInTheOrderOfPosting() throws Exception {
        WindowHandle window = windows().createWindow(message -> {
        });
        for (int i = 0; i < 10; i++) {
            assertThat(hosts.upcalls.wpuPostMessage(window, i, null, 0)).isTrue();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(windows().peekMessage(true).number()).isEqualTo(i);
        }
        assertThat(windows().peekMessage(true)).isNull();
    }

    @Test
    void postingNeverWaitsForTheMessageToBeHandled() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        WindowHandle[] window = new WindowHandle[1];
        CountDownLatch created = new CountDownLatch(1);
        Running<Void> pump = TestThreads.start(() -> {
            window[0] = windows().createWindow(message -> {
                handling.countDown();
                awaitUninterrupted(goOn);
            });
            created.countDown();
            windows().dispatchMessage(windows().getMessage(Waits.WSA_INFINITE));
            return null;
        });
        created.await();
        assertThat(hosts.upcalls.wpuPostMessage(window[0], 1, null, 0)).isTrue();
        handling.await();
        assertThat(hosts.upcalls.wpuPostMessage(window[0], 2, null, 0)).isTrue();
        goOn.countDown();
        pump.get();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aWindowThatDoesNotExistAnswersFalse() throws Exception {
        WindowHandle destroyed = windows().createWindow(message -> {
        });
        windows().destroyWindow(destroyed);
        assertThat(hosts.upcalls.wpuPostMessage(destroyed, 1, null, 0)).isFalse();
        assertThat(hosts.upcalls.wpuPostMessage(null, 1, null, 0)).isFalse();
        try (TwoKinds other = new TwoKinds()) {
            WindowHandle foreign = other.winsock.windows().createWindow(message -> {
            });
            assertThat(hosts.upcalls.wpuPostMessage(foreign, 1, null, 0)).isFalse();
            assertThat(other.upcalls.wpuPostMessage(foreign, 1, null, 0)).isTrue();
        }
    }

    @Test
    void aWindowWhoseThreadHasEndedAnswersFalse() throws Exception {
        WindowHandle orphan = TestThreads.start(() -> windows().createWindow(message -> {
        })).ended();
        assertThat(hosts.upcalls.wpuPostMessage(orphan, 1, null, 0)).isFalse();
    }

    @Test
    void aFullQueueAnswersFalseUntilAMessageIsTaken() throws Exception {
        WindowHandle window = windows().createWindow(message -> {
        });
        for (int i = 0; i < 10_000; i++) {
            assertThat(hosts.upcalls.wpuPostMessage(window, 1, null, 0)).isTrue();
        }
        assertThat(hosts.upcalls.wpuPostMessage(window, 1, null, 0)).isFalse();
        windows().peekMessage(true);
        assertThat(hosts.upcalls.wpuPostMessage(window, 1, null, 0)).isTrue();
        assertThat(hosts.upcalls.wpuPostMessage(window, 1, null, 0)).isFalse();
    }

    @Test
    void theLimitIsConfigurableAndHoldsForAllWindowsOfAThread() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        try (FakeHost host = new FakeHost()) {
            host.base(module);
            Winsock winsock = host.configure(builder -> builder.messageQueueLimit(2)).start();
            winsock.closesocket(host.socket());
            Upcalls upcalls = module.upcalls();
            WindowHandle one = winsock.windows().createWindow(message -> {
            });
            WindowHandle other = winsock.windows().createWindow(message -> {
            });
            assertThat(upcalls.wpuPostMessage(one, 1, null, 0)).isTrue();
            assertThat(upcalls.wpuPostMessage(other, 1, null, 0)).isTrue();
            assertThat(upcalls.wpuPostMessage(one, 1, null, 0)).isFalse();
            assertThat(upcalls.wpuPostMessage(other, 1, null, 0)).isFalse();
            WindowHandle ofAnotherThread = TestThreads.start(() -> {
                WindowHandle window = winsock.windows().createWindow(message -> {
                });
                assertThat(upcalls.wpuPostMessage(window, 1, null, 0)).isTrue();
                return window;
            }).ended();
            assertThat(winsock.windows().isWindow(ofAnotherThread)).isFalse();
        }
    }

    @Test
    void anExecutorsWindowIsPostedToAlike() throws Exception {
        List<Integer> handled = new ArrayList<>();
        WindowHandle window = windows().createWindow(Runnable::run, message -> handled.add(message.number()));
        assertThat(hosts.upcalls.wpuPostMessage(window, 5, null, 0)).isTrue();
        assertThat(handled).containsExactly(5);
    }

    @Test
    void afterTheLastCleanupPostingAnswersFalse() throws Exception {
        WindowHandle window = windows().createWindow(message -> {
        });
        assertThat(hosts.upcalls.wpuPostMessage(window, 1, null, 0)).isTrue();
        hosts.winsock.wsaCleanup();
        assertThat(hosts.upcalls.wpuPostMessage(window, 1, null, 0)).isFalse();
        assertThat(windows().peekMessage(true)).as("queued messages are dropped").isNull();
    }
}
