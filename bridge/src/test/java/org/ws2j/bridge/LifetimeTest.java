package org.ws2j.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.TransportModules;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.TransmitFile;
import org.ws2j.spi.TransmitFileBuffers;
import org.ws2j.spi.TransmitPackets;
import org.ws2j.spi.TransmitPacketsElement;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspResult;

/** What C works on is there until the operation is over, although the client has let go of it: C has nothing but addresses. */
@Timeout(60)
final class LifetimeTest {
    private static final int SIZE = 1 << 20;
    private static final int MARK = 0x5EED;

    private Winsock ws;
    private SocketHandle client;
    private SocketHandle server;

    @AfterEach
    void end() {
        if (ws != null) {
            ws.close();
        }
    }

    private void connectThroughTheLayerInC() throws Exception {
        Path layer = NativeBuild.upcase("upcase");
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        List<WsaProtocolInfo> entries = TransportModules.find("builtin:memory").protocols();
        catalog.wscInstallProvider(entries.getFirst().providerId(), "builtin:memory", entries, Map.of());
        catalog.wscInstallProviderAndChains(
                UUID.randomUUID(), layer.toString(), "c", 0, null, Map.of("plain", "true"));
        connect(Winsock.builder().catalog(catalog).build());
    }

    private void connect(Winsock winsock) throws Exception {
        ws = winsock;
        ws.wsaStartup(WinsockVersion.V2_2);
        SocketHandle listener = ws.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
        ws.bind(listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ws.listen(listener, 1);
        client = ws.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
        ws.connect(client, ws.getsockname(listener));
        server = ws.accept(listener, null);
    }

    /** Sends as much as there is room for. {@return how many bytes that was} */
    private long fill() throws WinsockException {
        ws.ioctlsocket(client, IoctlCode.FIONBIO, true);
        long bytes = 0;
        for (long n = 0; n >= 0; n = ws.send(client, ByteBuffer.allocateDirect(SIZE), 0)) {
            bytes += n;
        }
        return bytes;
    }

    private static ByteBuffer marked() {
        ByteBuffer data = ByteBuffer.allocateDirect(SIZE);
        while (data.hasRemaining()) {
            data.putInt(MARK);
        }
        return data.flip();
    }

    /** Starts to send something that the client then lets go of. */
    @FunctionalInterface
    private interface Start {
        long send(ByteBuffer data) throws WinsockException;
    }

    private WeakReference<ByteBuffer> start(Start start) throws WinsockException {
        ByteBuffer data = marked();
        assertThat(start.send(data)).isEqualTo(WspResult.IO_PENDING);
        return new WeakReference<>(data);
    }

    private static void collectGarbage() {
        WeakReference<Object> canary = new WeakReference<>(new Object());
        while (canary.get() != null) {
            System.gc();
        }
    }

    private void assertThatDataStay(Start start) throws Exception {
        long before = fill();
        WeakReference<ByteBuffer> data = start(start);
        collectGarbage();
        assertThat(data.get()).as("the data of an operation under way").isNotNull();
        List<ByteBuffer> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            others.add(ByteBuffer.allocateDirect(SIZE));
        }

        receive(before);
        ByteBuffer arrived = receive(SIZE);
        assertThat(arrived.getInt(0)).isEqualTo(MARK);
        assertThat(arrived.getInt(SIZE - Integer.BYTES)).isEqualTo(MARK);
        assertThat(others).hasSize(8);
    }

    private ByteBuffer receive(long bytes) throws WinsockException {
        ByteBuffer room = ByteBuffer.allocate(SIZE);
        for (long left = bytes; left > 0;) {
            if (!room.hasRemaining()) {
                room.clear();
            }
            int wanted = (int) Math.min(room.remaining(), left);
            int n = ws.recv(server, room.slice(room.position(), wanted), 0);
            room.position(room.position() + n);
            left -= n;
        }
        return room;
    }

    @Test
    void theDataOfASendToABaseProvider() throws Exception {
        try (InstalledLibrary installed = new InstalledLibrary(NativeBuild.posix())) {
            connect(installed.winsock());
            assertThatDataStay(data -> ws.wsaSend(client, data, 0, new HeapOverlapped(), null));
            ws = null;
        }
    }

    @Test
    void theDataOfASendThroughALayer() throws Exception {
        connectThroughTheLayerInC();
        assertThatDataStay(data -> ws.wsaSend(client, data, 0, new HeapOverlapped(), null));
    }

    @Test
    void theDataOfSeveralBuffers() throws Exception {
        connectThroughTheLayerInC();
        assertThatDataStay(data -> {
            ByteBuffer[] halves = {data.slice(0, SIZE / 2), data.slice(SIZE / 2, SIZE / 2)};
            return ws.wsaSend(client, halves, 0, new HeapOverlapped(), null);
        });
    }

    @Test
    void whatGoesBeforeAFile() throws Exception {
        connectThroughTheLayerInC();
        TransmitFile transmitFile = function(ExtensionFunction.WSAID_TRANSMITFILE, TransmitFile.class);
        assertThatDataStay(data -> transmitFile.transmitFile(
                client, null, 0, 0, new HeapOverlapped(), new TransmitFileBuffers(data, null), 0));
    }

    @Test
    void thePacketsOfATransmission() throws Exception {
        connectThroughTheLayerInC();
        TransmitPackets transmitPackets = function(ExtensionFunction.WSAID_TRANSMITPACKETS, TransmitPackets.class);
        assertThatDataStay(data -> transmitPackets.transmitPackets(
                client, new TransmitPacketsElement[] {new TransmitPacketsElement.Memory(data, false)}, 1, 0,
                new HeapOverlapped(), 0));
    }

    private <T> T function(UUID id, Class<T> type) throws WinsockException {
        IoctlResult result = new IoctlResult();
        ws.wsaIoctl(client, IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, id, result, null, null);
        return type.cast(result.value());
    }
}
