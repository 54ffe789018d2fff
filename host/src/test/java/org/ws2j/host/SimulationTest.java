package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.Reports;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HostClock;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaThreadId;

/** A simulated program: turns, time, and how a run ends. */
@Timeout(60)
final class SimulationTest {
    private final Simulation simulation = Simulation.seeded(1);
    private final HostClock clock = simulation.clock();
    private final Reports reports = new Reports();
    private final Winsock winsock = host(simulation);
    private final List<String> log = new ArrayList<>();

    private Winsock host(Simulation forProgram) {
        return Winsock.builder().clock(forProgram.clock()).reporter(reports).build();
    }

    @AfterEach
    void close() {
        simulation.close();
        winsock.close();
    }

    /** A simulated program of three threads that take turns five times. */
    private static Simulation threePausing(long seed) throws Exception {
        try (Simulation program = Simulation.seeded(seed)) {
            for (String name : List.of("a", "b", "c")) {
                program.start(name, () -> {
                    for (int i = 0; i < 5; i++) {
                        program.pause();
                    }
                });
            }
            program.run();
            return program;
        }
    }

    @Test
    void theSameSeedMakesTheSameChoicesAndOthersMakeOthers() throws Exception {
        Set<List<Simulation.Turn>> traces = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            List<Simulation.Turn> trace = threePausing(seed).trace();
            assertThat(trace).hasSize(18).isEqualTo(threePausing(seed).trace());
            traces.add(trace);
        }
        assertThat(traces).hasSizeGreaterThan(45);
    }

    @Test
    void oneThreadRunsAtATime() throws Exception {
        int[] inside = new int[2];
        for (int i = 0; i < 8; i++) {
            simulation.start("t" + i, () -> {
                for (int k = 0; k < 100; k++) {
                    int before = inside[0];
                    inside[1] = Math.max(inside[1], before + 1);
                    inside[0] = before + 1;
                    inside[0]--;
                    simulation.pause();
                }
            });
        }
        simulation.run();
        assertThat(inside).containsExactly(0, 1);
    }

    @Test
    void timePassesOnlyWhenNobodyCanRunAndThenToTheNearestMoment() throws Exception {
        simulation.start("three hours", () -> {
            winsock.waits().sleepEx(TimeUnit.HOURS.toMillis(3), false);
            log.add("three at " + simulation.elapsed());
        });
        simulation.start("one hour", () -> {
            winsock.waits().sleepEx(TimeUnit.HOURS.toMillis(1), false);
            log.add("one at " + simulation.elapsed());
            winsock.waits().sleepEx(TimeUnit.HOURS.toMillis(1), false);
            log.add("two at " + simulation.elapsed());
        });
        simulation.run();
        assertThat(log).containsExactly("one at PT1H", "two at PT2H", "three at PT3H");
        assertThat(clock.epochNanos() - clock.nanoTime()).isEqualTo(TimeUnit.SECONDS.toNanos(946_684_800));
    }

    @Test
    void aPauseTakesAMicrosecondSoThatAPollingLoopSeesTimePass() throws Exception {
        simulation.start("polls", () -> {
            while (simulation.elapsed().compareTo(Duration.ofMillis(2)) < 0) {
                simulation.pause();
            }
        });
        simulation.run();
        assertThat(simulation.trace()).hasSize(2001);
        assertThat(simulation.elapsed()).isEqualTo(Duration.ofMillis(2));
    }

    @Test
    void anUnparkEndsAParkOrTheNextOneAndOneOnly() throws Exception {
        Thread parker = simulation.start("parker", () -> {
            clock.unpark(Thread.currentThread());
            clock.unpark(Thread.currentThread());
            clock.parkNanos(this, 7);
            log.add("at once " + clock.nanoTime());
            clock.parkNanos(this, 5);
            log.add("timed " + clock.nanoTime());
            clock.parkNanos(this, Long.MAX_VALUE);
            log.add("unparked " + clock.nanoTime());
            clock.parkNanos(this, 0);
            clock.parkNanos(this, -1);
            log.add("not at all " + clock.nanoTime());
        });
        simulation.start("other", () -> {
            clock.parkNanos(this, 1_000);
            clock.unpark(parker);
        });
        simulation.run();
        assertThat(log).containsExactly("at once 0", "timed 5", "unparked 1000", "not at all 1000");
    }

    @Test
    void anInterruptEndsAParkAndIsKeptThroughAWaitOfTheHost() throws Exception {
        WsaEvent event = winsock.waits().createEvent(true, false);
        Thread parker = simulation.start("parker", () -> {
            clock.parkNanos(this, Long.MAX_VALUE);
            clock.parkNanos(this, Long.MAX_VALUE);
            log.add("parked, interrupted " + Thread.interrupted());
            winsock.waits().waitForSingleEvent(event, Waits.WSA_INFINITE, false);
            log.add("waited, interrupted " + Thread.interrupted());
        });
        simulation.start("interrupts", () -> {
            clock.parkNanos(this, 10);
            parker.interrupt();
            clock.parkNanos(this, 10);
            parker.interrupt();
            clock.parkNanos(this, 10);
            winsock.waits().setEvent(event);
        });
        simulation.run();
        assertThat(log).containsExactly("parked, interrupted true", "waited, interrupted true");
    }

    @Test
    void whereAllWaitForEachOtherTheRunEndsAndTellsWhoWaitsWhere() throws Exception {
        WsaEvent never = winsock.waits().createEvent(true, false);
        CompletionPort port = winsock.ports().createIoCompletionPort(1);
        simulation.start("first", () -> {
            try {
                winsock.waits().waitForSingleEvent(never, Waits.WSA_INFINITE, true);
            } finally {
                log.add("first ends");
            }
        });
        simulation.start("second", () -> {
            clock.parkNanos(this, TimeUnit.SECONDS.toNanos(90));
            try {
                winsock.ports().getQueuedCompletionStatus(port, new CompletionPacket(), Waits.WSA_INFINITE);
            } finally {
                log.add("second ends");
            }
        });
        simulation.start("done", () -> log.add("done ends"));
        SimulationException report = catchThrowableOfType(SimulationException.class, simulation::run);
        assertThat(report)
                .hasMessageContaining("none waits for a time (at PT1M30S)")
                .hasMessageContaining("first is in waitForSingleEvent, called by " + getClass().getName())
                .hasMessageContaining("second is in getQueuedCompletionStatus, called by " + getClass().getName());
        assertThat(report.getMessage()).doesNotContain("done");
        assertThat(report.getSuppressed()).extracting(Throwable::getMessage)
                .containsExactly("the stack of first", "the stack of second");
        assertThat(log).containsExactly("done ends", "first ends", "second ends");
        assertThat(reports.failures()).isEmpty();
        assertThatIllegalStateException().isThrownBy(simulation::run).withMessageContaining("over");
    }

    @Test
    void whatAThreadThrowsEndsTheOthersWhereTheyWaitAndIsThrownByTheRun() throws Exception {
        WsaEvent never = winsock.waits().createEvent(true, false);
        for (Throwable failure : new Throwable[] {new IOException("bad"), new IllegalStateException("bad"),
                new AssertionError("bad"), new OutOfMemoryError("bad")}) {
            log.clear();
            try (Simulation program = Simulation.seeded(3)) {
                Winsock host = host(program);
                Thread waits = program.start("waits", () -> {
                    try {
                        host.waits().waitForSingleEvent(host.waits().createEvent(true, false), 1_000_000, false);
                    } finally {
                        log.add("ended " + program.elapsed());
                        host.waits().setEvent(host.waits().createEvent(true, false));
                        program.pause();
                        log.add("cleaned up");
                    }
                });
                program.start("fails", () -> {
                    program.clock().parkNanos(this, 5);
                    Thrower.sneaky(failure);
                });
                assertThatThrownBy(program::run).isSameAs(failure);
                assertThat(log).containsExactly("ended PT0.000000005S", "cleaned up");
                assertThat(waits.isAlive()).isFalse();
            }
        }
        winsock.waits().closeEvent(never);
    }

    @Test
    void aThreadThatOnlyPausesIsEndedToo() throws Exception {
        Thread pauses = simulation.start("pauses", () -> {
            while (true) {
                simulation.pause();
            }
        });
        simulation.start("fails", () -> {
            simulation.pause();
            throw new IOException("bad");
        });
        assertThatThrownBy(simulation::run).isInstanceOf(IOException.class);
        assertThat(pauses.isAlive()).isFalse();
    }

    @Test
    void aThreadThatOnlyCallsProvidersIsEndedToo() throws Exception {
        try (FakeHost fake = new FakeHost(); Simulation program = Simulation.seeded(1)) {
            fake.base(FakeModule.nonIfs("base"));
            Winsock host = fake.configure(builder -> builder.simulation(program)).start();
            SocketHandle s = fake.socket();
            Thread calls = program.start("calls", () -> {
                while (true) {
                    host.send(s, ByteBuffer.allocate(1), 0);
                }
            });
            program.start("fails", () -> {
                program.pause();
                throw new IOException("bad");
            });
            assertThatThrownBy(program::run).isInstanceOf(IOException.class);
            assertThat(calls.isAlive()).isFalse();
        }
    }

    @Test
    void aRunWithALimitEndsAlsoIfThreadsOnlyPause() throws Exception {
        simulation.start("pauses", () -> {
            while (true) {
                simulation.pause();
            }
        });
        assertThatThrownBy(() -> simulation.run(Duration.ofMillis(1)))
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("limit of PT0.001S")
                .hasMessageContaining("pauses");
        assertThat(simulation.elapsed()).isBetween(Duration.ofMillis(1), Duration.ofMillis(1).plusNanos(1_000));
    }

    @Test
    void aRunThatEndsAtItsLimitIsWithinIt() throws Exception {
        simulation.start("sleeps", () -> winsock.waits().sleepEx(1_000, false));
        simulation.run(Duration.ofSeconds(1));
        assertThat(simulation.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aThreadThatBlocksElsewhereIsReportedAndInterrupted() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        simulation.patience(Duration.ofSeconds(1));
        Thread blocks = simulation.start("blocks", never::await);
        SimulationException report = catchThrowableOfType(SimulationException.class, simulation::run);
        assertThat(report)
                .hasMessageContaining("blocks has had the turn for PT1S of real time, and is WAITING")
                .hasMessageContaining("CountDownLatch");
        assertThat(report.getSuppressed()).hasSize(1);
        blocks.join();
    }

    @Test
    void aRunWithALimitEndsBeforeWhatWouldHappenLater() throws Exception {
        simulation.start("early", () -> winsock.waits().sleepEx(1_000, false));
        simulation.start("late", () -> winsock.waits().sleepEx(60_000, false));
        assertThatThrownBy(() -> simulation.run(Duration.ofSeconds(59)))
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("limit of PT59S")
                .hasMessageContaining("late is in sleepEx")
                .hasMessageContaining("until PT1M")
                .hasMessageNotContaining("early");
        assertThat(simulation.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void threadsMayStartOthersAndARunMayFollowAnother() throws Exception {
        simulation.start("parent", () -> {
            simulation.start("child", () -> log.add("child"));
            log.add("parent");
        });
        simulation.run();
        simulation.start("later", () -> log.add("later"));
        simulation.run();
        simulation.run();
        assertThat(log).containsExactly("parent", "child", "later");
    }

    @Test
    void namesAreTakenOnce() {
        simulation.start("name", () -> {});
        assertThatIllegalArgumentException().isThrownBy(() -> simulation.start("name", () -> {}));
    }

    @Test
    void onlyThreadsOfTheProgramParkByItsClockAndOnlyOthersRunIt() throws Exception {
        assertThatIllegalStateException().isThrownBy(() -> clock.parkNanos(this, 1));
        simulation.pause();
        assertThat(simulation.trace()).isEmpty();
        assertThat(simulation.elapsed()).isZero();
        simulation.start("inside", () -> assertThatIllegalStateException().isThrownBy(simulation::run));
        try (Simulation other = Simulation.seeded(1)) {
            simulation.start("foreign",
                    () -> assertThatIllegalStateException().isThrownBy(() -> other.clock().parkNanos(this, 1)));
            simulation.run();
        }
    }

    @Test
    void closingASimulationThatNobodyRanRunsNothing() throws Exception {
        Thread thread = simulation.start("never", () -> log.add("ran"));
        simulation.close();
        thread.join();
        assertThat(log).isEmpty();
    }

    @Test
    void queuedProceduresRunInTheAlertableWaitOfTheirThread() throws Exception {
        WsaThreadId[] id = new WsaThreadId[1];
        HostThreads threads = new HostThreads(clock, reports);
        simulation.start("target", () -> {
            id[0] = threads.openId();
            threads.current().await(() -> true, Waits.WSA_INFINITE, true);
            threads.runApcs();
        });
        simulation.start("queues", () -> {
            clock.parkNanos(this, 1_000);
            threads.queueApc(id[0], context -> log.add(context + " on " + Thread.currentThread().getName()), "ran");
        });
        simulation.run();
        assertThat(log).containsExactly("ran on target");
    }

    @Test
    void theThreadsOfACompletionPortTakeTheirPacketsInTheSameWayInEachRunOfASeed() throws Exception {
        Set<List<String>> orders = new HashSet<>();
        for (int seed = 0; seed < 30; seed++) {
            List<String> order = portProgram(seed);
            assertThat(order).hasSize(20).isEqualTo(portProgram(seed));
            orders.add(order);
        }
        assertThat(orders).hasSizeGreaterThan(10);
    }

    /** Three workers at a port for one of them at a time, two that post; one worker ends without coming back. */
    private List<String> portProgram(long seed) throws Exception {
        List<String> taken = new ArrayList<>();
        try (Simulation program = Simulation.seeded(seed); Winsock host = host(program)) {
            CompletionPort port = host.ports().createIoCompletionPort(1);
            for (String name : List.of("w1", "w2", "w3")) {
                program.start(name, () -> {
                    CompletionPacket packet = new CompletionPacket();
                    boolean goesOn = true;
                    while (goesOn && host.ports().getQueuedCompletionStatus(port, packet, 5_000)) {
                        taken.add(name + " took " + packet.completionKey());
                        program.pause();
                        goesOn = !name.equals("w2") || taken.size() < 5;
                    }
                });
            }
            for (String name : List.of("p1", "p2")) {
                program.start(name, () -> {
                    for (int i = 0; i < 10; i++) {
                        host.ports().postQueuedCompletionStatus(port, i, name + i, null);
                        program.pause();
                    }
                });
            }
            program.run();
        }
        return taken;
    }

    @Test
    void aRunEndsIfAllThatGoesOnIsToLookWhetherAThreadAtAPortHasEnded() throws Exception {
        CompletionPort port = winsock.ports().createIoCompletionPort(1);
        for (int i = 0; i < 2; i++) {
            winsock.ports().postQueuedCompletionStatus(port, i, null, null);
        }
        simulation.start("holds the place", () -> {
            winsock.ports().getQueuedCompletionStatus(port, new CompletionPacket(), Waits.WSA_INFINITE);
            clock.parkNanos(this, Long.MAX_VALUE);
        });
        simulation.start("waits a while", () -> {
            clock.parkNanos(this, 1_000);
            log.add("timed out: "
                    + !winsock.ports().getQueuedCompletionStatus(port, new CompletionPacket(), 1_000));
        });
        simulation.start("waits for ever", () -> {
            clock.parkNanos(this, 2_000);
            winsock.ports().getQueuedCompletionStatus(port, new CompletionPacket(), Waits.WSA_INFINITE);
        });
        assertThatThrownBy(simulation::run)
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("none waits for a time")
                .hasMessageContaining("waits for ever is in getQueuedCompletionStatus");
        assertThat(log).containsExactly("timed out: true");
    }
}
