package org.ws2j.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.WsaOverlapped;

/** A block in Java and its form for C, while an operation ends: in C first, and in Java when it is indicated. */
@Timeout(60)
final class TwinTest {
    private static final int PENDING = (int) WsaOverlapped.WSS_OPERATION_IN_PROGRESS;

    private final HeapOverlapped block = new HeapOverlapped();
    private final Twin twin = new Twin(block);
    private final List<String> delivered = new ArrayList<>();

    private NativeOperation begin(NativeOperation.Results results) {
        var memory = new NativeTransfers.OperationMemory(0, null);
        NativeOperation operation = new NativeOperation(block, null, memory, results);
        twin.begin(operation, 0);
        return operation;
    }

    private NativeOperation begin() {
        return begin((bytes, flags) -> delivered.add(bytes + "/" + flags));
    }

    /** As HasOverlappedIoCompleted of C looks at it: at 32 bits. */
    private int statusInC() {
        return (int) Memory.getLongAcquire(twin.address());
    }

    private void indicate(int error, int bytes) {
        block.internalHigh(bytes);
        block.internal(error);
    }

    @Test
    void whoAsksWhileTheEndIsIndicatedDoesNotUndoIt() {
        begin();
        twin.end(0, 5);
        twin.refresh();

        assertThat(statusInC()).isZero();
        assertThat(Memory.getLong(twin.address() + 8)).isEqualTo(5);
    }

    @Test
    void theDataAreThereBeforeTheEndIsToldToC() {
        List<Integer> seen = new ArrayList<>();
        begin((bytes, flags) -> seen.add(statusInC()));
        twin.end(0, 5);

        assertThat(seen).containsExactly(PENDING);
        assertThat(statusInC()).isZero();
    }

    @Test
    void anEndThatCToldByItselfDeliversTheDataOnce() {
        begin();
        Memory.putLongRelease(twin.address(), 0);
        twin.deliver(3, 7);
        twin.end(0, 3);

        assertThat(delivered).containsExactly("3/7");
    }

    @Test
    void anOperationThatBeginsWhileTheLastOneIsIndicatedStays() {
        NativeOperation first = begin();
        twin.end(0, 5);
        indicate(0, 5);
        begin();
        twin.indicated(first);
        assertThat(statusInC()).isEqualTo(PENDING);
        twin.end(0, 6);

        assertThat(delivered).containsExactly("5/0", "6/0");
    }

    @Test
    void whoHasTheResultFromCWaitsForTheBlock() throws Exception {
        NativeOperation over = begin();
        twin.end(0, 5);
        Thread asking = Thread.ofPlatform().start(twin::awaitIndication);
        assertThat(asking.isAlive()).isTrue();
        indicate(0, 5);
        asking.join();
        twin.indicated(over);

        assertThat(block.isCompleted()).isTrue();
    }

    @Test
    void nobodyWaitsForABlockThatIsNeverIndicated() throws Exception {
        NativeOperation over = begin();
        twin.end(0, 5);
        Thread asking = Thread.ofPlatform().start(twin::awaitIndication);
        twin.indicated(over);
        asking.join();

        assertThat(block.isCompleted()).isFalse();
    }

    @Test
    void whatWasWrittenIntoTheBlockBetweenTwoOperationsGoesToC() {
        NativeOperation over = begin();
        twin.end(0, 5);
        indicate(0, 5);
        twin.indicated(over);
        indicate(10_054, 0);
        twin.refresh();

        assertThat(statusInC()).isEqualTo(10_054);
    }

    /** Who sets the event is believed by some providers, although the operation goes on. */
    @Test
    void aResultThatIsToldTooEarlyDeliversNothing() {
        begin();
        Memory.putLongRelease(twin.address(), WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        twin.deliver(0, 0);
        assertThat(delivered).isEmpty();
        twin.end(0, 5);

        assertThat(delivered).containsExactly("5/0");
    }

    @Test
    void whoBeginsAnotherOperationInsideTheIndicationNeedNotWaitForItsEnd() {
        begin();
        twin.end(0, 5);
        indicate(0, 5);
        begin();
        twin.awaitIndication();

        assertThat(block.isCompleted()).isFalse();
    }

    @Test
    void aBlockThatCTookNoNoticeOfIsAsItWas() {
        indicate(10_054, 0);
        twin.ignored(begin());

        assertThat(block.internal()).isEqualTo(10_054);
        twin.refresh();
        assertThat(statusInC()).isEqualTo(10_054);
    }

    /** A provider in Java below ends its view of the block first. */
    @Test
    void whatAProviderBelowHasEndedIsFinalForCAtTheEndAlone() {
        PassedOn sink = new PassedOn(new Binding(null, null, null, null), null, twin);
        NativeOverlapped view = new NativeOverlapped(null, twin.address(), sink);
        begin();
        view.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        view.internal(0);
        assertThat(statusInC()).isEqualTo(PENDING);
        twin.end(0, 5);

        assertThat(statusInC()).isZero();
    }

    @Test
    void memoryOfAnOperationIsEnoughForWhatNobodyHasForeseen() {
        var memory = new NativeTransfers.OperationMemory(16, null);
        long first = memory.allocate(100);
        long large = memory.allocate(1 << 20);
        Memory.zero(large, 1 << 20);
        Memory.zero(first, 100);

        assertThat(Math.abs(large - first)).isGreaterThanOrEqualTo(100);
    }
}
