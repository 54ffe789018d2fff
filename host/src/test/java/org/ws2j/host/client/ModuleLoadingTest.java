package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEPROVIDERFAILEDINIT;
import static org.ws2j.spi.WsaError.WSASYSNOTREADY;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WinsockException;

/** Modules are bound to a host once, whoever asks for them and when. */
@Timeout(30)
final class ModuleLoadingTest {
    private final FakeHost host = new FakeHost();

    ModuleLoadingTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    /** How a module is bound to a host. */
    @FunctionalInterface
    private interface Binding {
        TransportProvider bind(HostServices services) throws WinsockException;
    }

    private record Module(String name, Binding binding) implements TransportModule {
        @Override
        public TransportProvider load(HostServices services) throws WinsockException {
            return binding.bind(services);
        }
    }

    private void offer(String name, Binding binding) {
        host.configure(builder -> builder.module(new Module(name, binding)));
    }

    private TransportProvider load(String name) throws WinsockException {
        return host.winsock().services().catalog().loadProvider("builtin:" + name);
    }

    private static TransportProvider unused() {
        return (requested, info, upcalls) -> null;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitWaiting(Running<?> running) {
        while (running.thread().getState() != Thread.State.WAITING && !running.isDone()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void twoThreadsThatNeedAModuleAtOnceGetTheSameOneThatWasLoadedOnce() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        offer("slow", services -> {
            loads.incrementAndGet();
            entered.countDown();
            await(goOn);
            return unused();
        });
        host.start();
        Running<TransportProvider> first = TestThreads.start(() -> load("slow"));
        entered.await();
        Running<TransportProvider> second = TestThreads.start(() -> load("slow"));
        awaitWaiting(second);
        goOn.countDown();
        assertThat(first.get()).isSameAs(second.get()).isSameAs(load("slow"));
        assertThat(loads).hasValue(1);
    }

    @Test
    void whoWaitsForAModuleThatFailsToLoadTriesAnew() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        offer("late", services -> {
            if (loads.incrementAndGet() > 1) {
                return unused();
            }
            entered.countDown();
            await(goOn);
            throw new WinsockException(WSASYSNOTREADY);
        });
        host.start();
        Running<TransportProvider> first = TestThreads.start(() -> load("late"));
        entered.await();
        Running<TransportProvider> second = TestThreads.start(() -> load("late"));
        awaitWaiting(second);
        goOn.countDown();
        assertFailed(first);
        assertThat(second.get()).isSameAs(load("late"));
        assertThat(loads).hasValue(2);
    }

    private static void assertFailed(Running<?> running) {
        assertThat(catchThrowableOfType(ExecutionException.class, running::get).getCause())
                .isInstanceOfSatisfying(WinsockException.class, e -> assertThat(e.is(WSAEPROVIDERFAILEDINIT)).isTrue());
    }

    @Test
    void aModuleThatLoadsItselfCannotBeLoaded() throws Exception {
        offer("self", services -> services.catalog().loadProvider("builtin:self"));
        host.start();
        assertFails(WSAEPROVIDERFAILEDINIT, () -> load("self"));
        assertFails(WSAEPROVIDERFAILEDINIT, () -> load("self"));
    }

    @Test
    void modulesThatLoadEachOtherFailInsteadOfWaitingForEver() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        for (String[] names : new String[][] {{"one", "other"}, {"other", "one"}}) {
            offer(names[0], services -> {
                both.countDown();
                await(both);
                return services.catalog().loadProvider("builtin:" + names[1]);
            });
        }
        host.start();
        Running<TransportProvider> one = TestThreads.start(() -> load("one"));
        Running<TransportProvider> other = TestThreads.start(() -> load("other"));
        assertFailed(one);
        assertFailed(other);
    }
}
