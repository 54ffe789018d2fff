package org.ws2j.layer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.GetAcceptExSockaddrs;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** The extension functions that concern connections, and how they are got, through a layer over a base with its own. */
@Timeout(30)
final class ExtensionFunctionsTest {
    private static final SocketAddress LOCAL = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final SocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);

    private final List<String> log = new ArrayList<>();
    private final List<Object> below = new ArrayList<>();
    private WsaOverlapped block;

    /** Tells the log what it learns; drops what begins with a minus sign. */
    private final class Watching extends LayeredProvider {
        Watching(LayerStart start) {
            super(start);
        }

        @Override
        protected void connecting(LayeredSocket socket, SocketAddress name) {
            log.add("connecting " + ((InetSocketAddress) name).getPort());
        }

        @Override
        protected void connected(LayeredSocket socket, int error) {
            log.add("connected " + error);
        }

        @Override
        protected void accepted(LayeredSocket socket, SocketAddress local, SocketAddress remote) {
            log.add("accepted " + local + " " + remote);
        }

        @Override
        protected void disconnected(LayeredSocket socket, boolean isReusable) {
            log.add("disconnected " + isReusable);
        }

        @Override
        protected void sending(Transfer transfer) {
            look("sending", transfer);
        }

        @Override
        protected void sent(Transfer transfer) {
            look("sent", transfer);
        }

        @Override
        protected void received(Transfer transfer) {
            look("received", transfer);
        }

        @Override
        protected void failed(Transfer transfer, int error) {
            log.add("failed " + error);
        }

        private void look(String what, Transfer transfer) {
            String data = US_ASCII.decode(transfer.copy()).toString();
            log.add(what + " " + data);
            if (data.startsWith("-") && !what.equals("sent")) {
                transfer.drop();
            }
        }
    }

    private ExtensionStack stack(LayerFactory factory) throws WinsockException {
        ExtensionStack stack = new ExtensionStack(factory);
        stack.functions.put(ExtensionFunction.WSAID_ACCEPTEX, (AcceptEx) (l, a, out, data, local, remote, o) -> {
            below.addAll(List.of(l, a, out, data, local, remote));
            block = o;
            return WspResult.IO_PENDING;
        });
        stack.functions.put(ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS,
                (GetAcceptExSockaddrs) (out, data, local, remote, localHolder, remoteHolder) -> {
                    localHolder.address(LOCAL);
                    remoteHolder.address(PEER);
                });
        stack.functions.put(ExtensionFunction.WSAID_CONNECTEX, (ConnectEx) (s, name, data, o) -> {
            below.add(s);
            below.add(name);
            below.add(data == null ? "nothing" : US_ASCII.decode(data.duplicate()).toString());
            block = o;
            return WspResult.IO_PENDING;
        });
        stack.functions.put(ExtensionFunction.WSAID_DISCONNECTEX, (DisconnectEx) (s, o, flags) -> {
            below.addAll(List.of(s, flags));
            block = o;
            return o == null ? 0 : WspResult.IO_PENDING;
        });
        return stack;
    }

    private static AcceptEx acceptEx(ExtensionStack stack) throws WinsockException {
        return (AcceptEx) stack.ask(ExtensionFunction.WSAID_ACCEPTEX);
    }

    private static ConnectEx connectEx(ExtensionStack stack) throws WinsockException {
        return (ConnectEx) stack.ask(ExtensionFunction.WSAID_CONNECTEX);
    }

    @Test
    void aFunctionIsTheLayersOwnAndTheBaseWasAskedForItsOwnSynchronously() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        assertThat(acceptEx(stack)).isNotSameAs(stack.functions.get(ExtensionFunction.WSAID_ACCEPTEX));
        assertThat(stack.stack.base.last("wspIoctl").arguments()).startsWith(stack.lower())
                .endsWith(new Object[] {null, null, null});
    }

    @Test
    void readingTheAddressesNeedsNoHandleAndIsTheBases() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        assertThat(stack.ask(ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS))
                .isSameAs(stack.functions.get(ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS));
    }

    @Test
    void anUnknownFunctionIsRefusedWithoutAskingBelow() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        UUID unknown = UUID.randomUUID();
        stack.functions.put(unknown, "base's");
        assertThatThrownBy(() -> stack.ask(unknown)).hasMessageContaining("WSAEINVAL");
        assertThat(stack.stack.base.count("wspIoctl")).isZero();
    }

    @Test
    void aFunctionThatTheBaseDoesNotHaveIsRefusedAsTheBaseDoes() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        assertThatThrownBy(() -> stack.ask(ExtensionFunction.WSAID_TRANSMITFILE)).hasMessageContaining("WSAEINVAL");
        stack.functions.put(ExtensionFunction.WSAID_TRANSMITFILE, "something else");
        assertThatThrownBy(() -> stack.ask(ExtensionFunction.WSAID_TRANSMITFILE))
                .hasMessageContaining("WSASYSCALLFAILURE");
    }

    @Test
    void anInputOfAnotherTypeAndAMissingOutputAreFaults() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        int code = IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER;
        assertThatThrownBy(() -> stack.stack.layer.wspIoctl(
                stack.s, code, "id", new IoctlResult(), null, null, null)).hasMessageContaining("WSAEFAULT");
        assertThatThrownBy(() -> stack.stack.layer.wspIoctl(
                stack.s, code, ExtensionFunction.WSAID_CONNECTEX, null, null, null, null))
                .hasMessageContaining("WSAEFAULT");
    }

    @Test
    void askingOverlappedAnswersAtOnceAndIsIndicatedWithNoBytes() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        HeapOverlapped overlapped = new HeapOverlapped();
        IoctlResult out = new IoctlResult();
        assertThat(stack.stack.layer.wspIoctl(stack.s, IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER,
                ExtensionFunction.WSAID_CONNECTEX, out, overlapped, null, null)).isZero();
        assertThat(out.value()).isInstanceOf(ConnectEx.class);
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 0));
    }

    @Test
    void askingOverlappedForAnUnknownFunctionLeavesTheBlockAlone() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        HeapOverlapped overlapped = new HeapOverlapped();
        overlapped.internal(77);
        assertThatThrownBy(() -> stack.stack.layer.wspIoctl(
                stack.s, IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, UUID.randomUUID(), new IoctlResult(),
                overlapped, null, null)).hasMessageContaining("WSAEINVAL");
        assertThat(overlapped.internal()).isEqualTo(77);
        assertThat(stack.stack.host.completions).isEmpty();
    }

    @Test
    void aLayerCanHaveFunctionsOfItsOwn() throws WinsockException {
        UUID own = UUID.randomUUID();
        ExtensionStack stack = stack(start -> new LayeredProvider(start) {
            @Override
            protected Object extensionFunction(LayeredSocket socket, UUID function) throws WinsockException {
                return function.equals(own) ? "own over " + socket.lower() : super.extensionFunction(socket, function);
            }
        });
        assertThat(stack.ask(own)).isEqualTo("own over " + stack.lower());
        assertThat(connectEx(stack)).isNotNull();
    }

    @Test
    void aLayerThatHasChangedConnectIsNotPassedByUnlessItAsks() throws WinsockException {
        class Confining extends LayeredProvider {
            Confining(LayerStart start) {
                super(start);
            }

            @Override
            public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc condition)
                    throws WinsockException {
                throw new WinsockException(WsaError.WSAEACCES);
            }
        }
        class Asking extends Confining {
            Asking(LayerStart start) {
                super(start);
            }

            @Override
            protected Object extensionFunction(LayeredSocket socket, UUID function) throws WinsockException {
                return super.extensionFunction(socket, function);
            }
        }
        ExtensionStack confining = stack(Confining::new);
        assertThatThrownBy(() -> acceptEx(confining)).hasMessageContaining("WSAEINVAL");
        assertThat(connectEx(confining)).isNotNull();
        assertThat(acceptEx(stack(Asking::new))).isNotNull();
    }

    @Test
    void acceptExTakesTwoSocketsOfTheLayer() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        SocketHandle accepting = stack.stack.socket();
        ByteBuffer out = ByteBuffer.allocate(100);
        HeapOverlapped overlapped = new HeapOverlapped();
        assertThat(acceptEx(stack).acceptEx(stack.s, accepting, out, 20, 32, 33, overlapped))
                .isEqualTo(WspResult.IO_PENDING);
        assertThat(below).containsExactly(stack.lower(), Stack.lower(accepting), out, 20, 32, 33);
        stack.complete(block, 0, 4);
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 4));
    }

    @Test
    void aForeignSocketAndAMissingBlockAreRefusedAndAreTheThreadsLastError() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        AcceptEx acceptEx = acceptEx(stack);
        SocketHandle accepting = stack.stack.socket();
        ByteBuffer out = ByteBuffer.allocate(100);
        assertThatThrownBy(() -> acceptEx.acceptEx(stack.s, stack.lower(), out, 0, 32, 32, new HeapOverlapped()))
                .hasMessageContaining("WSAENOTSOCK");
        assertThat(stack.stack.host.wsaGetLastError()).isEqualTo(WsaError.WSAENOTSOCK.code());
        assertThatThrownBy(() -> acceptEx.acceptEx(stack.s, accepting, out, 0, 32, 32, null))
                .hasMessageContaining("WSA_INVALID_PARAMETER");
        assertThat(stack.stack.host.wsaGetLastError()).isEqualTo(WsaError.WSA_INVALID_PARAMETER.code());
        assertThat(below).isEmpty();
    }

    @Test
    void aLayerThatFailsIsReportedAndIsAnErrorToTheClient() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        stack.functions.put(ExtensionFunction.WSAID_DISCONNECTEX, (DisconnectEx) (s, o, flags) -> {
            throw new IllegalStateException("broken");
        });
        DisconnectEx disconnectEx = (DisconnectEx) stack.ask(ExtensionFunction.WSAID_DISCONNECTEX);
        assertThatThrownBy(() -> disconnectEx.disconnectEx(stack.s, null, 0)).hasMessageContaining("WSASYSCALLFAILURE");
        assertThat(stack.stack.host.wsaGetLastError()).isEqualTo(WsaError.WSASYSCALLFAILURE.code());
        assertThat(stack.stack.host.reports).hasSize(1);
    }

    @Test
    void theFirstDataOfAnAcceptIsSeenOnTheAcceptedSocketAfterItsAddresses() throws WinsockException {
        ExtensionStack stack = stack(Watching::new);
        SocketHandle accepting = stack.stack.socket();
        ByteBuffer out = ByteBuffer.allocate(100).position(10);
        acceptEx(stack).acceptEx(stack.s, accepting, out, 20, 32, 32, new HeapOverlapped());
        out.put(10, "hello".getBytes(US_ASCII));
        stack.complete(block, 0, 5);
        assertThat(log).containsExactly("accepted " + LOCAL + " " + PEER, "received hello");
    }

    @Test
    void anAcceptWithoutDataReceivesNone() throws WinsockException {
        ExtensionStack stack = stack(Watching::new);
        acceptEx(stack).acceptEx(
                stack.s, stack.stack.socket(), ByteBuffer.allocate(64), 0, 32, 32, new HeapOverlapped());
        stack.complete(block, 0, 0);
        assertThat(log).containsExactly("accepted " + LOCAL + " " + PEER);
    }

    @Test
    void droppedFirstDataIsWaitedForAnewOnTheAcceptedSocket() throws WinsockException {
        ExtensionStack stack = stack(Watching::new);
        stack.stack.base.answer("wspRecv", (f, a) -> (long) WspResult.IO_PENDING);
        SocketHandle accepting = stack.stack.socket();
        ByteBuffer out = ByteBuffer.allocate(100);
        HeapOverlapped overlapped = new HeapOverlapped();
        acceptEx(stack).acceptEx(stack.s, accepting, out, 20, 32, 32, overlapped);
        out.put(0, "-no".getBytes(US_ASCII));
        stack.complete(block, 0, 3);
        assertThat(stack.stack.host.completions).isEmpty();
        assertThat(stack.stack.base.last("wspRecv").argument(0)).isSameAs(Stack.lower(accepting));
        ByteBuffer again = (ByteBuffer) stack.stack.base.last("wspRecv").argument(1);
        assertThat(again.remaining()).isEqualTo(20);
        again.put(0, "yes".getBytes(US_ASCII));
        stack.complete((WsaOverlapped) stack.stack.base.last("wspRecv").argument(3), 0, 3);
        assertThat(log).containsExactly("accepted " + LOCAL + " " + PEER, "received -no", "received yes");
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 3));
        assertThat(out.get(0)).isEqualTo((byte) 'y');
    }

    @Test
    void neitherSocketIsReleasedBeforeTheAcceptIsOver() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        SocketHandle accepting = stack.stack.socket();
        acceptEx(stack).acceptEx(stack.s, accepting, ByteBuffer.allocate(64), 0, 32, 32, new HeapOverlapped());
        stack.stack.layer.wspCloseSocket(accepting);
        stack.stack.layer.wspCloseSocket(stack.s);
        assertThat(stack.stack.host.open()).hasSize(2);
        stack.complete(block, WsaError.WSA_OPERATION_ABORTED.code(), 0);
        assertThat(stack.stack.host.completions).hasSize(1);
        assertThat(stack.stack.host.open()).isEmpty();
    }

    @Test
    void aRefusedAcceptLeavesBothSocketsToBeClosed() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        stack.functions.put(ExtensionFunction.WSAID_ACCEPTEX, (AcceptEx) (l, a, out, data, local, remote, o) -> {
            throw new WinsockException(WsaError.WSAEINVAL);
        });
        SocketHandle accepting = stack.stack.socket();
        AcceptEx acceptEx = acceptEx(stack);
        assertThatThrownBy(() -> acceptEx.acceptEx(
                stack.s, accepting, ByteBuffer.allocate(64), 0, 32, 32, new HeapOverlapped()))
                .hasMessageContaining("WSAEINVAL");
        stack.stack.layer.wspCloseSocket(accepting);
        stack.stack.layer.wspCloseSocket(stack.s);
        assertThat(stack.stack.host.open()).isEmpty();
        assertThat(stack.stack.host.completions).isEmpty();
    }

    @Test
    void aClosingSocketCannotBeAcceptedInto() throws WinsockException {
        ExtensionStack stack = stack(LayeredProvider::new);
        SocketHandle accepting = stack.stack.socket();
        AcceptEx acceptEx = acceptEx(stack);
        acceptEx.acceptEx(stack.s, accepting, ByteBuffer.allocate(64), 0, 32, 32, new HeapOverlapped());
        WsaOverlapped first = block;
        stack.stack.layer.wspCloseSocket(accepting);
        assertThatThrownBy(() -> acceptEx.acceptEx(
                stack.s, accepting, ByteBuffer.allocate(64), 0, 32, 32, new HeapOverlapped()))
                .hasMessageContaining("WSAENOTSOCK");
        stack.complete(first, WsaError.WSA_OPERATION_ABORTED.code(), 0);
        stack.stack.layer.wspCloseSocket(stack.s);
        assertThat(stack.stack.host.open()).isEmpty();
    }

    @Test
    void theDataOfAConnectIsSeen() throws WinsockException {
        ExtensionStack stack = stack(Watching::new);
        HeapOverlapped overlapped = new HeapOverlapped();
        connectEx(stack).connectEx(stack.s, PEER, US_ASCII.encode("hi"), overlapped);
        assertThat(below).containsExactly(stack.lower(), PEER, "hi");
        stack.complete(block, 0, 2);
        assertThat(log).containsExactly("connecting 2", "sending hi", "connected 0", "sent hi");
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 2));
    }

    @Test
    void aConnectWhoseDataIsDroppedConnects() throws WinsockException {
        ExtensionStack stack = stack(Watching::new);
        HeapOverlapped overlapped = new HeapOverlapped();
        connectEx(stack).connectEx(stack.s, PEER, US_ASCII.encode("-no"), overlapped);
        assertThat(below).containsExactly(stack.lower(), PEER, "nothing");
        stack.complete(block, 0, 0);
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 3));
    }

    @Test
    void aConnectThatFailsIsLearntOf() throws WinsockException {
        ExtensionStack stack = stack(Watching::new);
        int refused = WsaError.WSAECONNREFUSED.code();
        HeapOverlapped overlapped = new HeapOverlapped();
        connectEx(stack).connectEx(stack.s, PEER, null, overlapped);
        stack.complete(block, refused, 0);
        assertThat(log).containsExactly("connecting 2", "connected " + refused);
        assertThat(stack.stack.host.completions)
                .containsExactly(new FakeHost.Completion(stack.s, overlapped, refused, 0));
    }

    @Test
    void aLayerCanRefuseAnAttemptToConnectByEitherFunction() throws WinsockException {
        ExtensionStack stack = stack(start -> new LayeredProvider(start) {
            @Override
            protected void connecting(LayeredSocket socket, SocketAddress name) throws WinsockException {
                throw new WinsockException(WsaError.WSAEACCES);
            }
        });
        ConnectEx connectEx = connectEx(stack);
        assertThatThrownBy(() -> connectEx.connectEx(stack.s, PEER, null, new HeapOverlapped()))
                .hasMessageContaining("WSAEACCES");
        assertThatThrownBy(() -> stack.stack.layer.wspConnect(stack.s, PEER, null, null, null, null))
                .hasMessageContaining("WSAEACCES");
        assertThat(below).isEmpty();
        stack.stack.layer.wspCloseSocket(stack.s);
        assertThat(stack.stack.host.open()).isEmpty();
    }

    @Test
    void aDisconnectIsSynchronousOrOverlapped() throws WinsockException {
        ExtensionStack stack = stack(Watching::new);
        DisconnectEx disconnectEx = (DisconnectEx) stack.ask(ExtensionFunction.WSAID_DISCONNECTEX);
        assertThat(disconnectEx.disconnectEx(stack.s, null, 0)).isZero();
        HeapOverlapped overlapped = new HeapOverlapped(stack.stack.host.wpuCreateEvent());
        assertThat(disconnectEx.disconnectEx(stack.s, overlapped, TransmitFlag.TF_REUSE_SOCKET))
                .isEqualTo(WspResult.IO_PENDING);
        assertThat(log).containsExactly("disconnected false");
        stack.complete(block, 0, 0);
        assertThat(below).containsExactly(stack.lower(), 0, stack.lower(), TransmitFlag.TF_REUSE_SOCKET);
        assertThat(log).containsExactly("disconnected false", "disconnected true");
        assertThat(((FakeHost.Event) overlapped.hEvent()).isSet).isTrue();
    }
}
