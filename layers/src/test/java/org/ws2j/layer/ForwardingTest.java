package org.ws2j.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.Linger;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspResult;

/** Each function of the table, through a layer that changes nothing. */
@Timeout(30)
final class ForwardingTest {
    private static final SocketAddress ADDRESS = new InetSocketAddress(7);

    /** Those that do not go down with the same arguments, and have tests of their own. */
    private static final Set<String> SPECIAL = Set.of(
            "wspSocket", "wspAccept", "wspCleanup", "wspCloseSocket", "wspSelect", "wspGetOverlappedResult",
            "wspAsyncSelect", "wspDuplicateSocket", "wspJoinLeaf");

    private Stack stack;
    private SocketHandle s;

    @BeforeEach
    void start() throws WinsockException {
        stack = new Stack(LayeredProvider::new);
        s = stack.socket();
    }

    static Stream<Method> functionsOfASocket() {
        return Arrays.stream(WspProcTable.class.getMethods())
                .filter(m -> m.getParameterCount() > 0 && m.getParameterTypes()[0] == SocketHandle.class)
                .filter(m -> !SPECIAL.contains(m.getName()));
    }

    @ParameterizedTest
    @MethodSource("functionsOfASocket")
    void goesDownWithTheHandleBelowAndTheSameArguments(Method function) throws ReflectiveOperationException {
        Object answer = answerFor(function.getReturnType());
        stack.base.answer(function.getName(), (f, a) -> answer);
        Object[] arguments = arguments(function);
        Object result = function.invoke(stack.layer, arguments);
        assertThat(result).isEqualTo(answer);
        List<Object> below = new ArrayList<>(stack.base.last(function.getName()).arguments());
        assertThat(below.removeFirst()).isSameAs(Stack.lower(s));
        assertThat(below).containsExactlyElementsOf(Arrays.asList(arguments).subList(1, arguments.length));
    }

    @ParameterizedTest
    @MethodSource("functionsOfASocket")
    void refusesAHandleThatIsNotItsOwn(Method function) {
        Object[] arguments = arguments(function);
        arguments[0] = Stack.lower(s);
        assertThatThrownBy(() -> function.invoke(stack.layer, arguments))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WinsockException.class, e -> assertThat(e.is(WsaError.WSAENOTSOCK)).isTrue());
        assertThat(stack.base.count(function.getName())).isZero();
    }

    private Object[] arguments(Method function) {
        Class<?>[] types = function.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = argument(types[i], i);
        }
        arguments[0] = s;
        return arguments;
    }

    /** Distinct values, so that exchanged arguments are noticed. */
    private static Object argument(Class<?> type, int index) {
        if (type == int.class) {
            return 1 + index;
        }
        if (type == ByteBuffer.class) {
            return ByteBuffer.allocate(index);
        }
        if (type == ByteBuffer[].class) {
            return new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(2)};
        }
        if (type == SocketAddress.class) {
            return ADDRESS;
        }
        if (type == String.class) {
            return "name";
        }
        if (type == WsaNetworkEvents.class) {
            return new WsaNetworkEvents();
        }
        return type == Object.class ? Linger.OFF : null;
    }

    private static Object answerFor(Class<?> type) {
        if (type == long.class) {
            return 0L;
        }
        if (type == int.class) {
            return 0;
        }
        return type == Object.class || type == SocketAddress.class ? ADDRESS : null;
    }

    @Test
    void theBaseIsAskedForASocketWithItsOwnEntryAndTheApplicationsArguments() {
        assertThat(stack.base.last("wspSocket").arguments()).containsExactly(2, 1, 6, stack.baseEntry, 0, 1);
    }

    @Test
    void theTokenOfADuplicatedSocketGoesDownAndUp() throws WinsockException {
        stack.base.answer("wspDuplicateSocket",
                (f, a) -> stack.baseEntry.toBuilder().providerReserved(4711).protocolName("base's").build());
        WsaProtocolInfo duplicate = stack.layer.wspDuplicateSocket(s, 1);
        assertThat(duplicate).isEqualTo(stack.chain.toBuilder().providerReserved(4711).build());
        stack.layer.wspSocket(-1, -1, -1, duplicate, 0, 0);
        assertThat(stack.base.last("wspSocket").argument(3))
                .isEqualTo(stack.baseEntry.toBuilder().providerReserved(4711).build());
    }

    @Test
    void addressesAreTranslatedWithTheBasesEntry() throws WinsockException {
        stack.base.answer("wspAddressToString", (f, a) -> "text");
        stack.base.answer("wspStringToAddress", (f, a) -> ADDRESS);
        assertThat(stack.layer.wspAddressToString(ADDRESS, stack.chain)).isEqualTo("text");
        assertThat(stack.base.last("wspAddressToString").arguments()).containsExactly(ADDRESS, stack.baseEntry);
        assertThat(stack.layer.wspStringToAddress("text", 2, stack.chain)).isEqualTo(ADDRESS);
        assertThat(stack.base.last("wspStringToAddress").arguments()).containsExactly("text", 2, stack.baseEntry);
    }

    @Test
    void aSocketThatCannotHaveAHandleIsClosedBelow() throws WinsockException {
        stack.host.isFull = true;
        stack.base.answer("wspCloseSocket", (f, a) -> null);
        assertThatThrownBy(stack::socket).hasMessageContaining("WSAENOBUFS");
        assertThat(stack.base.count("wspCloseSocket")).isEqualTo(1);
        assertThatThrownBy(() -> stack.layer.wspAccept(s, null, null)).hasMessageContaining("WSAENOBUFS");
        assertThat(stack.base.count("wspCloseSocket")).isEqualTo(2);
    }

    @Test
    void anAcceptThatWouldBlockMakesNoSocket() throws WinsockException {
        stack.base.answer("wspAccept", (f, a) -> null);
        assertThat(stack.layer.wspAccept(s, null, null)).isNull();
        assertThat(stack.host.open()).hasSize(1);
    }

    @Test
    void anAcceptedSocketIsOverlappedAlthoughItsListenerWasClosedMeanwhile() throws WinsockException {
        stack.base.answer("wspCloseSocket", (f, a) -> null);
        stack.base.answer("wspAccept", (f, a) -> {
            stack.layer.wspCloseSocket(s);
            return new FakeBase.Lower();
        });
        SocketHandle accepted = stack.layer.wspAccept(s, null, null);
        stack.base.answer("wspRecv", (f, a) -> (long) WspResult.IO_PENDING);

        HeapOverlapped block = new HeapOverlapped();
        assertThat(stack.layer.wspRecv(accepted, ByteBuffer.allocate(1), null, block, null, null))
                .isEqualTo(WspResult.IO_PENDING);
        assertThat(block.isCompleted()).isFalse();
    }

    @Test
    void joiningALeafGivesTheSocketItself() throws WinsockException {
        stack.base.answer("wspJoinLeaf", (f, a) -> a[0]);
        assertThat(stack.layer.wspJoinLeaf(s, ADDRESS, null, null, null, null, 4)).isSameAs(s);
        stack.base.answer("wspJoinLeaf", (f, a) -> new FakeBase.Lower());
        SocketHandle leaf = stack.layer.wspJoinLeaf(s, ADDRESS, null, null, null, null, 4);
        assertThat(leaf).isNotSameAs(s);
        assertThat(stack.host.open()).hasSize(2);
    }

    @Test
    void theEntryOfASocketIsTheChains() throws WinsockException {
        assertThat(stack.layer.wspGetSockOpt(s, SocketOption.SOL_SOCKET, SocketOption.SO_PROTOCOL_INFOW))
                .isEqualTo(stack.chain);
        assertThat(stack.base.count("wspGetSockOpt")).isZero();
    }

    @Test
    void aSocketAsAnOptionsValueIsTranslated() throws WinsockException {
        stack.base.answer("wspSetSockOpt", (f, a) -> null);
        SocketHandle listener = stack.socket();
        stack.layer.wspSetSockOpt(s, SocketOption.SOL_SOCKET, SocketOption.SO_UPDATE_ACCEPT_CONTEXT, listener);
        assertThat(stack.base.last("wspSetSockOpt").argument(3)).isSameAs(Stack.lower(listener));
    }

    @Test
    void aSocketAsAnotherCompanionIsTranslatedAndSomethingElseIsNot() throws WinsockException {
        stack.base.answer("wspIoctl", (f, a) -> 0L);
        SocketHandle other = stack.socket();
        for (Object companion : List.of(other, "file", new FakeBase.Lower())) {
            stack.layer.wspIoctl(s, IoctlCode.SIO_ASSOCIATE_HANDLE, companion, null, null, null, null);
            Object below = stack.base.last("wspIoctl").argument(2);
            assertThat(below).isSameAs(companion == other ? Stack.lower(other) : companion);
        }
    }

    @Test
    void theBaseHandleIsTheBases() throws WinsockException {
        SocketHandle base = new FakeBase.Lower();
        stack.base.answer("wspIoctl", (f, a) -> {
            ((IoctlResult) a[3]).value(base);
            return 0L;
        });
        for (int code : List.of(
                IoctlCode.SIO_BASE_HANDLE, IoctlCode.SIO_BSP_HANDLE_SELECT, IoctlCode.SIO_BSP_HANDLE_POLL)) {
            IoctlResult out = new IoctlResult();
            stack.layer.wspIoctl(s, code, null, out, null, null, null);
            assertThat(out.value()).isSameAs(base);
        }
    }

    @Test
    void aLayerCanClaimReadiness() throws WinsockException {
        Stack claiming = new Stack(start -> new LayeredProvider(start) {
            @Override
            protected boolean claims(LayeredSocket socket, int ioControlCode) {
                return ioControlCode == IoctlCode.SIO_BSP_HANDLE_SELECT;
            }
        });
        SocketHandle own = claiming.socket();
        IoctlResult out = new IoctlResult();
        claiming.layer.wspIoctl(own, IoctlCode.SIO_BSP_HANDLE_SELECT, null, out, null, null, null);
        assertThat(out.value()).isSameAs(own);
        assertThatThrownBy(
                () -> claiming.layer.wspIoctl(own, IoctlCode.SIO_BSP_HANDLE_SELECT, null, null, null, null, null))
                .hasMessageContaining("WSAEFAULT");
    }

    @Test
    void aCloseThatWouldBlockChangesNothing() throws WinsockException {
        stack.base.answer("wspCloseSocket", (f, a) -> {
            throw new WinsockException(WsaError.WSAEWOULDBLOCK);
        });
        stack.base.answer("wspListen", (f, a) -> null);
        assertThatThrownBy(() -> stack.layer.wspCloseSocket(s)).hasMessageContaining("WSAEWOULDBLOCK");
        stack.layer.wspListen(s, 1);
        stack.base.answer("wspCloseSocket", (f, a) -> null);
        stack.layer.wspCloseSocket(s);
        assertThat(stack.host.open()).isEmpty();
    }

    @Test
    void aSocketThatIsGoneBelowIsGiveUpAboveToo() {
        stack.base.answer("wspCloseSocket", (f, a) -> {
            throw new WinsockException(WsaError.WSAENOTSOCK);
        });
        assertThatThrownBy(() -> stack.layer.wspCloseSocket(s)).hasMessageContaining("WSAENOTSOCK");
        assertThat(stack.host.open()).isEmpty();
    }

    @Test
    void theReadySocketsStayInTheSetsInTheirOrder() throws WinsockException {
        SocketHandle two = stack.socket();
        SocketHandle three = stack.socket();
        stack.base.answer("wspSelect", (f, a) -> {
            FdSet read = (FdSet) a[0];
            assertThat(read.get(0)).isSameAs(Stack.lower(three));
            FdSet ready = FdSet.of(read.get(2), read.get(0));
            read.fdZero();
            read.fdSet(ready.get(0));
            read.fdSet(ready.get(1));
            assertThat(a[1]).isNull();
            return 3;
        });
        FdSet read = FdSet.of(three, two, s);
        FdSet except = FdSet.of(two);
        assertThat(stack.layer.wspSelect(read, null, except, Timeval.POLL)).isEqualTo(3);
        assertThat(read.fdCount()).isEqualTo(2);
        assertThat(read.get(0)).isSameAs(three);
        assertThat(read.get(1)).isSameAs(s);
        assertThat(except.fdIsSet(two)).isTrue();
    }

    @Test
    void aForeignSocketInASetIsRefusedAndTheSetsStay() {
        FdSet read = FdSet.of(s, new FakeBase.Lower());
        assertThatThrownBy(() -> stack.layer.wspSelect(read, null, null, Timeval.POLL))
                .hasMessageContaining("WSAENOTSOCK");
        assertThat(read.fdCount()).isEqualTo(2);
    }

    @Test
    void moreSocketsThanUsualFitIntoASelect() throws WinsockException {
        FdSet read = new FdSet(200);
        for (int i = 0; i < 200; i++) {
            read.fdSet(stack.socket());
        }
        stack.base.answer("wspSelect", (f, a) -> ((FdSet) a[0]).fdCount());
        assertThat(stack.layer.wspSelect(read, null, null, null)).isEqualTo(200);
    }

    @Test
    void theCleanUpResetsClosesAndReleases() throws WinsockException {
        stack.base.answer("wspCloseSocket", (f, a) -> null);
        stack.base.answer("wspSetSockOpt", (f, a) -> null);
        stack.socket();
        stack.layer.wspCleanup();
        assertThat(stack.base.last("wspSetSockOpt").argument(3)).isEqualTo(new Linger(true, 0));
        assertThat(stack.base.count("wspCloseSocket")).isEqualTo(2);
        assertThat(stack.base.calls.getLast().function()).isEqualTo("wspCleanup");
        assertThat(stack.host.open()).isEmpty();
        assertThat(stack.host.reports).isEmpty();
    }

    @Test
    void cancellingReachesTheProviderBelowOnTheSameThread() throws WinsockException {
        Thread[] cancelled = new Thread[1];
        stack.base.answer("wspCancelBlockingCall", (f, a) -> {
            cancelled[0] = Thread.currentThread();
            return null;
        });
        stack.layer.wspCancelBlockingCall();
        assertThat(cancelled[0]).isSameAs(Thread.currentThread());
    }
}
