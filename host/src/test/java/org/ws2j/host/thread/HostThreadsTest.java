package org.ws2j.host.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaThreadId;

@Timeout(30)
final class HostThreadsTest {
    private static final UserApc NOTHING = context -> {
    };

    private final Reports reports = new Reports();
    private final HostThreads threads = new HostThreads(new SystemClock(), reports);
    private final HostThreads otherHost = new HostThreads(new SystemClock(), reports);
    private final List<Object> ran = new ArrayList<>();

    @Test
    void aThreadHasOneRecordPerHost() throws Exception {
        HostThread mine = threads.current();
        assertThat(threads.current()).isSameAs(mine);
        assertThat(otherHost.current()).isNotSameAs(mine);
        assertThat(TestThreads.start(threads::current).ended()).isNotSameAs(mine);
    }

    @Test
    void askingForARecordMakesNone() throws Exception {
        assertThat(TestThreads.start(threads::currentOrNull).ended()).isNull();
    }

    @Test
    void lastErrorIsPerThreadAndZeroAtFirst() throws Exception {
        threads.current().lastError(10054);
        assertThat(TestThreads.start(() -> threads.current().lastError()).ended()).isZero();
        assertThat(threads.current().lastError()).isEqualTo(10054);
    }

    @Test
    void implicitIdIsTheSameObjectForTheThreadsLife() throws Exception {
        WsaThreadId id = threads.current().implicitId();
        assertThat(threads.current().implicitId()).isSameAs(id);
        assertThat(TestThreads.start(() -> threads.current().implicitId()).ended()).isNotEqualTo(id);
    }

    @Test
    void eachOpenMakesADistinctIdWhoseValueIsNotReused() throws Exception {
        HostThreadId first = (HostThreadId) threads.openId();
        threads.close(first);
        HostThreadId second = (HostThreadId) threads.openId();
        HostThreadId implicit = (HostThreadId) threads.current().implicitId();
        assertThat(List.of(first.value(), second.value(), implicit.value())).doesNotHaveDuplicates();
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void closingWhatIsNotAnOpenIdAnswersInvalid() throws Exception {
        WsaThreadId closed = threads.openId();
        threads.close(closed);
        WsaThreadId foreign = otherHost.openId();
        assertFails(WSAEINVAL, () -> threads.close(closed));
        assertFails(WSAEINVAL, () -> threads.close(null));
        assertFails(WSAEINVAL, () -> threads.close(foreign));
        assertFails(WSAEINVAL, () -> threads.close(new WsaThreadId() {
        }));
        otherHost.close(foreign);
    }

    @Test
    void nobodyClosesTheImplicitId() {
        WsaThreadId implicit = threads.current().implicitId();
        assertFails(WSAEINVAL, () -> threads.close(implicit));
    }

    @Test
    void queuingToWhatIsNotAnOpenIdAnswersFault() throws Exception {
        WsaThreadId closed = threads.openId();
        threads.close(closed);
        WsaThreadId foreign = otherHost.current().implicitId();
        assertFails(WSAEFAULT, () -> threads.queueApc(null, NOTHING, null));
        assertFails(WSAEFAULT, () -> threads.queueApc(closed, NOTHING, null));
        assertFails(WSAEFAULT, () -> threads.queueApc(foreign, NOTHING, null));
        assertThat(threads.runApcs()).isFalse();
    }

    @Test
    void queuingANullProcedureAnswersFault() {
        WsaThreadId id = threads.current().implicitId();
        assertFails(WSAEFAULT, () -> threads.queueApc(id, null, "context"));
    }

    @Test
    void queuingToAThreadThatHasEndedAnswersFault() throws Exception {
        WsaThreadId opened = TestThreads.start(threads::openId).ended();
        WsaThreadId implicit = TestThreads.startVirtual(() -> threads.current().implicitId()).ended();
        assertFails(WSAEFAULT, () -> threads.queueApc(opened, NOTHING, null));
        assertFails(WSAEFAULT, () -> threads.queueApc(implicit, NOTHING, null));
    }

    @Test
    void queuingToAThreadThatHasEndedLetsGoOfWhatWasQueuedBefore() throws Exception {
        AtomicReference<WeakReference<Object>> context = new AtomicReference<>();
        WsaThreadId id = TestThreads.start(() -> {
            Object queued = new Object();
            context.set(new WeakReference<>(queued));
            WsaThreadId own = threads.openId();
            threads.queueApc(own, NOTHING, queued);
            return own;
        }).ended();
        assertFails(WSAEFAULT, () -> threads.queueApc(id, NOTHING, null));
        while (context.get().get() != null) {
            System.gc();
        }
        threads.close(id);
    }

    @Test
    void proceduresRunInOrderWithTheirContexts() throws Exception {
        WsaThreadId id = threads.current().implicitId();
        threads.queueApc(id, ran::add, 1);
        threads.queueApc(id, ran::add, null);
        threads.queueApc(id, ran::add, 0);
        assertThat(threads.runApcs()).isTrue();
        assertThat(ran).containsExactly(1, null, 0);
        assertThat(threads.runApcs()).isFalse();
    }

    @Test
    void closingAnIdDoesNotCancelWhatWasQueuedToIt() throws Exception {
        WsaThreadId id = threads.openId();
        threads.queueApc(id, ran::add, "queued");
        threads.close(id);
        threads.runApcs();
        assertThat(ran).containsExactly("queued");
    }

    @Test
    void closingAnIdDisturbsNoOther() throws Exception {
        WsaThreadId one = threads.openId();
        WsaThreadId other = threads.openId();
        threads.close(one);
        threads.queueApc(other, ran::add, "other");
        threads.queueApc(threads.current().implicitId(), ran::add, "implicit");
        threads.runApcs();
        assertThat(ran).containsExactly("other", "implicit");
        threads.close(other);
    }

    @Test
    void whatAProcedureQueuesRunsInTheSameDrain() throws Exception {
        WsaThreadId id = threads.current().implicitId();
        threads.queueApc(id, context -> {
            ran.add(context);
            queue(id, ran::add, "queued by it");
        }, "first");
        threads.queueApc(id, ran::add, "second");
        threads.runApcs();
        assertThat(ran).containsExactly("first", "second", "queued by it");
    }

    @Test
    void aProcedureThatWaitsAlertablyRunsTheOnesAfterIt() throws Exception {
        WsaThreadId id = threads.current().implicitId();
        threads.queueApc(id, context -> {
            ran.add("begin");
            threads.runApcs();
            ran.add("end");
        }, null);
        threads.queueApc(id, ran::add, "nested");
        threads.runApcs();
        assertThat(ran).containsExactly("begin", "nested", "end");
    }

    @Test
    void whatAProcedureThrowsIsReportedAndTheNextOneRuns() throws Exception {
        WsaThreadId id = threads.current().implicitId();
        IllegalStateException failure = new IllegalStateException("of a procedure");
        threads.queueApc(id, context -> {
            throw failure;
        }, null);
        threads.queueApc(id, ran::add, "next");
        threads.runApcs();
        assertThat(reports.failures()).containsExactly(failure);
        assertThat(ran).containsExactly("next");
    }

    @Test
    void aVirtualMachineErrorOfAProcedureIsRethrown() throws Exception {
        threads.queueApc(threads.current().implicitId(), context -> {
            throw new InternalError("of a procedure");
        }, null);
        assertThatThrownBy(threads::runApcs).isInstanceOf(InternalError.class);
        assertThat(reports.failures()).isEmpty();
    }

    @Test
    void proceduresFromManyThreadsAllRunOnTheTarget() throws Exception {
        WsaThreadId id = threads.current().implicitId();
        AtomicInteger sum = new AtomicInteger();
        List<Running<Void>> queuers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            queuers.add(TestThreads.startVirtual(() -> {
                for (int n = 0; n < 1_000; n++) {
                    threads.queueApc(id, context -> sum.incrementAndGet(), null);
                }
                return null;
            }));
        }
        while (sum.get() < 8_000) {
            threads.runApcs();
        }
        for (Running<Void> queuer : queuers) {
            queuer.ended();
        }
        assertThat(threads.runApcs()).isFalse();
    }

    @Test
    void droppingProceduresLeavesNoneToRun() throws Exception {
        threads.queueApc(threads.current().implicitId(), ran::add, "dropped");
        threads.dropApcs();
        assertThat(threads.runApcs()).isFalse();
        assertThat(ran).isEmpty();
    }

    @Test
    void openIdsCountsWhatWasOpenedAndNotClosed() throws Exception {
        threads.current().implicitId();
        WsaThreadId one = threads.openId();
        WsaThreadId two = threads.openId();
        assertThat(threads.openIds()).isEqualTo(2);
        threads.close(one);
        threads.close(two);
        assertThat(threads.openIds()).isZero();
    }

    @Test
    void idsOfThreadsThatEndedAreReclaimed() throws Exception {
        CountDownLatch opened = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Running<WsaThreadId> leaking = TestThreads.startVirtual(() -> {
            threads.openId();
            WsaThreadId id = threads.openId();
            opened.countDown();
            end.await();
            return id;
        });
        opened.await();
        assertThat(threads.openIds()).isEqualTo(2);
        end.countDown();
        WsaThreadId kept = leaking.ended();
        assertThat(threads.openIds()).isZero();
        threads.close(kept);
        assertThat(threads.openIds()).isZero();
    }

    @Test
    void recordsOfThreadsThatEndedAreCollected() throws Exception {
        WeakReference<HostThread> record = TestThreads.start(() -> new WeakReference<>(threads.current())).ended();
        while (record.get() != null) {
            System.gc();
        }
        assertThat(threads.openIds()).isZero();
    }

    @Test
    void aHostThatNobodyUsesIsCollectedWhileItsThreadsLive() {
        WeakReference<HostThreads> host = new WeakReference<>(usedOnThisThread());
        while (host.get() != null) {
            System.gc();
        }
        assertThat(Thread.currentThread().isAlive()).isTrue();
    }

    @Test
    void aSlotHoldsOneObjectPerThread() throws Exception {
        threads.newSlot(thread -> "another slot").of(threads.current());
        ThreadSlot<List<Object>> slot = threads.newSlot(thread -> new ArrayList<>(List.of(thread)));
        List<Object> mine = slot.of(threads.current());
        assertThat(mine).containsExactly(threads.current());
        assertThat(slot.of(threads.current())).isSameAs(mine);
        assertThat(TestThreads.start(() -> slot.of(threads.current())).ended()).isNotSameAs(mine);
    }

    private static HostThreads usedOnThisThread() {
        HostThreads host = new HostThreads(new SystemClock(), new Reports());
        host.newSlot(thread -> new ArrayList<>(List.of(thread))).of(host.current());
        host.openId();
        return host;
    }

    private void queue(WsaThreadId id, UserApc apc, Object context) {
        try {
            threads.queueApc(id, apc, context);
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void threadsAndIdsSayInPrintWhatTheyAre() throws Exception {
        WsaThreadId opened = threads.openId();
        assertThat(threads.current().toString()).contains(Thread.currentThread().getName());
        assertThat(opened.toString()).startsWith("thread id ").doesNotContain("(");
        assertThat(threads.current().implicitId().toString()).contains("(implicit)");
        threads.close(opened);
        assertThat(opened.toString()).contains("(closed)");
    }

    @Test
    void aProcedureWhoseStackRunsOverIsReportedAndTheNextOneRuns() throws Exception {
        WsaThreadId id = threads.current().implicitId();
        StackOverflowError failure = new StackOverflowError("of a procedure");
        threads.queueApc(id, context -> {
            throw failure;
        }, null);
        threads.queueApc(id, ran::add, "next");
        threads.runApcs();
        assertThat(reports.failures()).containsExactly(failure);
        assertThat(ran).containsExactly("next");
    }

    @Test
    void aProcedureThatComesTooLateIsTakenBack() throws Exception {
        WsaThreadId id = threads.current().implicitId();
        UserApc same = ran::add;
        assertThat(threads.queueApc(id, same, "procedure", () -> true)).isTrue();
        assertThat(threads.queueApc(id, same, "procedure", () -> false)).isFalse();
        threads.runApcs();
        assertThat(ran).containsExactly("procedure");
    }
}
