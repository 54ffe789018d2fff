package org.ws2j.layer.load;

import static org.ws2j.spi.AddressFamily.AF_INET;
import static org.ws2j.spi.IpProtocol.IPPROTO_TCP;
import static org.ws2j.spi.SocketType.SOCK_STREAM;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.zip.CRC32C;
import org.ws2j.host.Winsock;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;

/**
 * Sends and receives many bytes through trace over tcpip in one overlapped style, against a plain JDK server that sends back
 * what it gets. A program of its own, so that its heap can be small: arguments are the style, the capture file and the number
 * of bytes; exit code 0 if all bytes came back in order.
 */
public final class LargeTransfer {
    private static final int CHUNK = 64 * 1024;

    /** How a client learns that an operation is over. */
    private enum Style {
        EVENT,
        ROUTINE,
        PORT
    }

    private final Winsock winsock;
    private final SocketHandle socket;
    private final Style style;
    private final WsaEvent event;
    private final CompletionPort port;
    private boolean routineRan;
    private int routineError;

    /** Both sides block, and the common pool of a small machine has one thread. */
    private static final Executor OWN_THREAD = task -> Thread.ofPlatform().daemon().start(task);

    private LargeTransfer(Winsock winsock, SocketHandle socket, Style style) throws WinsockException {
        this.winsock = winsock;
        this.socket = socket;
        this.style = style;
        event = style == Style.EVENT ? winsock.wsaCreateEvent() : null;
        port = style == Style.PORT ? winsock.ports().createIoCompletionPort(0) : null;
        if (port != null) {
            winsock.ports().associate(socket, port, "key");
        }
    }

    /**
     * Runs one transfer.
     *
     * @param args style, capture file, bytes
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        Style style = Style.valueOf(args[0].toUpperCase(Locale.ROOT));
        long bytes = Long.parseLong(args[2]);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Winsock winsock = LoadStack.traceOverTcpIp(Path.of(args[1]))) {
            CompletableFuture<Long> serverCrc = CompletableFuture.supplyAsync(() -> echo(server), OWN_THREAD);
            SocketHandle s = winsock.socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
            winsock.connect(s, server.getLocalSocketAddress());
            CompletableFuture<Long> sentCrc = CompletableFuture.supplyAsync(
                    () -> sendAll(winsock, s, style, bytes), OWN_THREAD);
            // The port is the sender's: the receiver's event has bit 0 set, and keeps his packets out of it.
            LargeTransfer receiver = new LargeTransfer(winsock, s, style == Style.PORT ? Style.EVENT : style);
            long[] received = receiver.receiveAll();
            if (received[0] != bytes || sentCrc.get() != received[1] || serverCrc.get() != received[1]) {
                throw new AssertionError("sent " + bytes + " bytes, received " + Arrays.toString(received));
            }
            winsock.closesocket(s);
            receiver.close();
            // The layer gives its handle up a moment after the client has seen the last indication; a leak would hang here,
            // and whoever runs this program bounds its time.
            while (winsock.openHandles().sockets() != 0) {
                Thread.onSpinWait();
            }
        }
        System.out.println(style + ": " + bytes + " bytes there and back, the same");
    }

    private void close() throws WinsockException {
        if (event != null) {
            winsock.wsaCloseEvent(event);
        }
        if (port != null) {
            winsock.ports().closeIoCompletionPort(port);
        }
    }

    private static long sendAll(Winsock winsock, SocketHandle s, Style style, long bytes) {
        try {
            LargeTransfer sender = new LargeTransfer(winsock, s, style);
            CRC32C crc = new CRC32C();
            SplittableRandom random = new SplittableRandom(42);
            byte[] content = new byte[CHUNK];
            ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
            HeapOverlapped block = new HeapOverlapped(sender.event);
            for (long left = bytes; left > 0; left -= buffer.limit()) {
                random.nextBytes(content);
                buffer.clear().put(content).flip().limit((int) Math.min(CHUNK, left));
                crc.update(content, 0, buffer.limit());
                sender.started(
                        winsock.wsaSend(s, buffer, 0, block, sender.style == Style.ROUTINE ? sender::ran : null));
                long n = sender.await(block);
                if (n != buffer.limit()) {
                    throw new AssertionError("sent " + n + " of " + buffer.limit());
                }
            }
            winsock.shutdown(s, ShutdownHow.SD_SEND);
            sender.close();
            return crc.getValue();
        } catch (WinsockException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long[] receiveAll() throws WinsockException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        HeapOverlapped block = new HeapOverlapped(event == null ? null : event.tagged());
        long sum = 0;
        while (true) {
            started(winsock.wsaRecv(socket, buffer, null, block, style == Style.ROUTINE ? this::ran : null));
            int n = (int) await(block);
            if (n == 0) {
                return new long[] {sum, crc.getValue()};
            }
            crc.update(buffer.duplicate().limit(n));
            sum += n;
        }
    }

    private void started(long result) {
        if (style == Style.ROUTINE && result >= 0 && routineRan) {
            throw new AssertionError("the routine ran outside an alertable wait");
        }
    }

    private void ran(int error, int bytes, WsaOverlapped block, int flags) {
        routineRan = true;
        routineError = error;
    }

    private long await(HeapOverlapped block) throws WinsockException {
        switch (style) {
            case EVENT -> winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, true, Waits.WSA_INFINITE, false);
            case ROUTINE -> {
                while (!routineRan) {
                    winsock.waits().sleepEx(Waits.WSA_INFINITE, true);
                }
                routineRan = false;
                if (routineError != 0) {
                    throw new AssertionError("completion with error " + routineError);
                }
            }
            case PORT -> {
                CompletionPacket packet = new CompletionPacket();
                winsock.ports().getQueuedCompletionStatus(port, packet, Waits.WSA_INFINITE);
                if (packet.overlapped() != block || packet.error() != 0) {
                    throw new AssertionError("a packet of another operation, or error " + packet.error());
                }
            }
        }
        return winsock.wsaGetOverlappedResult(socket, block, false, null);
    }

    private static long echo(ServerSocket server) {
        CRC32C crc = new CRC32C();
        byte[] chunk = new byte[CHUNK];
        try (Socket peer = server.accept();
                InputStream in = peer.getInputStream();
                OutputStream out = peer.getOutputStream()) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                crc.update(chunk, 0, n);
                out.write(chunk, 0, n);
            }
            peer.shutdownOutput();
            return crc.getValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
