package org.ws2j.provider.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.HostClock;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The time limit of a call that waits, by a clock that goes on whenever it is asked. */
final class BlockingCallTest {
    private static final int ENTRY = 1_001;

    private static final long STEP = 1_000;

    private long now;
    private BlockingCallback hook;
    private StartedProvider provider;

    private final class SteppingClock implements HostClock {
        @Override
        public long nanoTime() {
            now += STEP;
            return now;
        }

        @Override
        public long epochNanos() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
            throw new UnsupportedOperationException();
        }
    }

    private record Started(HostServices services, Upcalls upcalls, BlockingCalls blockingCalls)
            implements StartedProvider {
        @Override
        public boolean isDown() {
            return false;
        }
    }

    @BeforeEach
    void start() {
        HostClock clock = new SteppingClock();
        provider = new Started(answering(HostServices.class, Map.of("clock", () -> clock)),
                answering(Upcalls.class, Map.of("wpuQueryBlockingCallback", () -> hook)), new BlockingCalls());
    }

    @FunctionalInterface
    private interface Answer {
        Object give();
    }

    private static <T> T answering(Class<T> type, Map<String, Answer> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName()).give()));
    }

    private BlockingCall call(long nanos) {
        return BlockingCall.ofNanos(provider, ENTRY, nanos);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, STEP, STEP + 1, 2 * STEP, 2 * STEP + 1, 3 * STEP, 3 * STEP + 1, 10 * STEP})
    void aWaitIsNeverOfNoTimeWhichSystemsTakeForNoLimit(long limit) throws WinsockException {
        BlockingCall call = call(limit);
        long waited = 0;
        try {
            while (true) {
                long nanos = call.beforeWait();
                assertThat(nanos).isPositive().isLessThanOrEqualTo(limit);
                waited++;
            }
        } catch (WinsockException e) {
            assertThat(e.is(WsaError.WSAETIMEDOUT)).isTrue();
        }

        assertThat(waited).isEqualTo((limit - 1) / STEP);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, STEP, STEP + 1, 2 * STEP, 2 * STEP + 1, 3 * STEP, 3 * STEP + 1, 10 * STEP})
    void whoDoesNotFailWhenTheTimeIsOverIsToldByZero(long limit) throws WinsockException {
        BlockingCall call = call(limit);
        long waited = 0;
        while (call.nextWait() != 0) {
            waited++;
        }

        assertThat(waited).isEqualTo((limit - 1) / STEP);
    }

    @Test
    void withoutALimitTheClockIsNotAsked() throws WinsockException {
        assertThat(call(Long.MAX_VALUE).beforeWait()).isEqualTo(Long.MAX_VALUE);
        assertThat(now).isZero();
    }

    @Test
    void theHookRunsBeforeEachWaitButNotWhenTheTimeIsOver() throws WinsockException {
        int[] runs = new int[1];
        hook = () -> {
            runs[0]++;
            return true;
        };
        BlockingCall call = call(2 * STEP + 1);
        call.nextWait();
        while (call.nextWait() != 0) {
            assertThat(now).isLessThan(10 * STEP);
        }

        assertThat(runs[0]).isEqualTo(1);
    }

    @Test
    void whatTheHookRefusesIsInterrupted() {
        hook = () -> false;

        assertThatThrownBy(() -> call(Long.MAX_VALUE).beforeWait()).isInstanceOfSatisfying(WinsockException.class,
                e -> assertThat(e.is(WsaError.WSAEINTR)).isTrue());
    }
}
