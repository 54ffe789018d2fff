package org.ws2j.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.CharBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The values of the interface: their encodings, ranges and defaults. */
final class WinsockValuesTest {
    @Test
    void theMajorVersionIsInTheLowByteOfItsWord() {
        assertThat(WinsockVersion.V1_1.word()).isEqualTo(0x0101);
        assertThat(new WinsockVersion(2, 1).word()).isEqualTo(0x0102);
        assertThat(WinsockVersion.ofWord(0x0102)).isEqualTo(new WinsockVersion(2, 1));
        assertThat(new WinsockVersion(2, 0)).isGreaterThan(WinsockVersion.V1_1).isLessThan(WinsockVersion.V2_2);
        assertThatThrownBy(() -> new WinsockVersion(256, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WinsockVersion(1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aProviderOfTwoTwoRefusesLessAndAnswersMoreWithItsOwn() throws WinsockException {
        assertThat(WspData.negotiate(new WinsockVersion(3, 0), "p").version()).isEqualTo(WinsockVersion.V2_2);
        WinsockException refused =
                catchThrowableOfType(WinsockException.class, () -> WspData.negotiate(WinsockVersion.V1_1, "p"));
        assertThat(refused.is(WsaError.WSAVERNOTSUPPORTED)).isTrue();
        WspData cut = new WspData(WinsockVersion.V2_2, WinsockVersion.V2_2, "d".repeat(300));
        assertThat(cut.description()).hasSize(WspData.WSPDESCRIPTION_LEN);
    }

    @Test
    void aSelectReplyCarriesEventAndErrorInItsTwoWords() {
        long reply = NetworkEvent.makeSelectReply(NetworkEvent.FD_CLOSE, WsaError.WSAECONNRESET.code());
        assertThat(reply).isEqualTo(0x27460020L);
        assertThat(NetworkEvent.selectEvent(reply)).isEqualTo(NetworkEvent.FD_CLOSE);
        assertThat(NetworkEvent.selectError(reply)).isEqualTo(WsaError.WSAECONNRESET.code());
        assertThat(NetworkEvent.bitOf(NetworkEvent.FD_ADDRESS_LIST_CHANGE)).isEqualTo(9);
    }

    @Test
    void aTimevalIsValidInItsRangeAlone() {
        assertThat(Timeval.POLL.isValid()).isTrue();
        assertThat(new Timeval(1, 999_999).toNanos()).isEqualTo(1_999_999_000L);
        assertThat(new Timeval(0, 1_000_000).isValid()).isFalse();
        assertThat(new Timeval(-1, 0).isValid()).isFalse();
        assertThat(new Timeval(0, -1).isValid()).isFalse();
        assertThat(Timeval.of(Duration.ofMillis(1_500))).isEqualTo(new Timeval(1, 500_000));
        assertThat(Timeval.of(Duration.ofSeconds(Long.MAX_VALUE)).tvSec()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void expectedOutcomesAreMinusTheirCodes() throws WinsockException {
        assertThat(WspResult.WOULD_BLOCK).isEqualTo(-WsaError.WSAEWOULDBLOCK.code());
        assertThat(WspResult.IO_PENDING).isEqualTo(-WsaError.WSA_IO_PENDING.code());
        assertThat(WspResult.IO_INCOMPLETE).isEqualTo(-WsaError.WSA_IO_INCOMPLETE.code());
        assertThat(WspResult.orThrow(0)).isZero();
        WinsockException thrown =
                catchThrowableOfType(WinsockException.class, () -> WspResult.orThrow(WspResult.IO_PENDING));
        assertThat(thrown.is(WsaError.WSA_IO_PENDING)).isTrue();
    }

    @Test
    void everyCodeHasOneName() {
        assertThat(Arrays.stream(WsaError.values()).map(WsaError::code)).doesNotHaveDuplicates();
        for (WsaError error : WsaError.values()) {
            assertThat(WsaError.of(error.code())).contains(error);
        }
        assertThat(WsaError.of(64)).isEmpty();
        assertThat(WsaError.describe(64)).isEqualTo("error 64");
        assertThat(WsaError.describe(10054)).isEqualTo("WSAECONNRESET (10054)");
    }

    @Test
    void aFailureWithoutACodeIsAFailedSystemCallAndKeepsItsCause() {
        IOException cause = new IOException("why");
        WinsockException failure = new WinsockException(0, null, cause);
        assertThat(failure.is(WsaError.WSASYSCALLFAILURE)).isTrue();
        assertThat(failure).hasCause(cause);
        assertThat(new WinsockException(64, "gone", null)).hasMessage("error 64: gone");
    }

    @Test
    void aPathThatDoesNotFitTellsTheLengthNeededAndTouchesNothing() throws WinsockException {
        CharBuffer small = CharBuffer.allocate(3);
        BufferTooSmallException failure =
                catchThrowableOfType(BufferTooSmallException.class, () -> PathBuffers.put("abc", small));
        assertThat(failure.is(WsaError.WSAEFAULT)).isTrue();
        assertThat(failure.needed()).isEqualTo(4);
        assertThat(small.position()).isZero();
        assertThat(catchThrowableOfType(BufferTooSmallException.class, () -> PathBuffers.put("abc", null)).needed())
                .isEqualTo(4);
        CharBuffer room = CharBuffer.allocate(4);
        assertThat(PathBuffers.put("abc", room)).isEqualTo(4);
        assertThat(room.flip().toString()).isEqualTo("abc\0");
    }

    @Test
    void fifteenUpcallsHaveTheSlotsOfTheTableAndOneIsAnExport() throws Exception {
        assertThat(Arrays.stream(Upcall.values()).flatMapToInt(u -> u.slot().stream()))
                .containsExactlyElementsOf(IntStream.range(0, 15).boxed().toList());
        assertThat(Upcall.WPU_COMPLETE_OVERLAPPED_REQUEST.slot()).isEmpty();
        for (Upcall upcall : Upcall.values()) {
            assertThat(Arrays.stream(Upcalls.class.getMethods()).anyMatch(m -> m.getName().equals(upcall.methodName())))
                    .as(upcall.winsockName())
                    .isTrue();
        }
        assertThat(Arrays.stream(Upcalls.class.getMethods()).map(m -> m.getName()).distinct()).hasSize(16);
    }

    @Test
    void thereAreThirtyFunctions() {
        assertThat(Arrays.stream(WspProcTable.class.getMethods()).map(m -> m.getName()).distinct()).hasSize(30);
    }

    @Test
    void aBlockIsCompletedWhenItsStatusIsNoLongerUnderWay() {
        HeapOverlapped block = new HeapOverlapped();
        block.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        assertThat(block.isCompleted()).isFalse();
        block.internalHigh(7);
        block.internal(0);
        assertThat(block.isCompleted()).isTrue();
        assertThat(block.internalHigh()).isEqualTo(7);
        assertThat(block.sink()).isNull();
    }

    @Test
    void aBuilderKeepsEveryMemberThatItDoesNotSet() {
        WsaProtocolInfo info = WsaProtocolInfo.builder()
                .serviceFlags1(ServiceFlag.XP1_IFS_HANDLES)
                .providerFlags(ProviderFlag.PFL_HIDDEN)
                .catalogEntryId(1_001)
                .protocolChain(ProtocolChain.of(1, 2))
                .addressFamily(AddressFamily.AF_INET6)
                .messageSize(-1)
                .providerReserved(5)
                .protocolName("p")
                .build();
        assertThat(info.toBuilder().build()).isEqualTo(info);
        assertThat(info.isIfs()).isTrue();
        assertThat(info.isHidden()).isTrue();
        assertThat(info.isConnectionless()).isFalse();
        assertThat(info.protocolChain().isChain()).isTrue();
    }
}
