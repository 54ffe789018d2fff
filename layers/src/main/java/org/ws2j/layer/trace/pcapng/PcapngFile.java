package org.ws2j.layer.trace.pcapng;

import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A pcapng file in the making.
 *
 * <p>Add a {@link CaptureInterface}, open conversations on it, tell them what crosses the sockets, close the file. It
 * can be read by an analyser after {@link #flush} or {@link #close}.
 *
 * <p><b>Failure</b>: the traffic matters more than its trace. A failure to write is kept for {@link #failure}, told
 * once to the callback given at creation, and ends the writing; nothing that records traffic throws because of it. What
 * is recorded after a failure or after {@code close} is dropped.
 *
 * <p><b>Threads</b>: this class and all that it makes may be used by any number of threads; one lock orders them. Bytes
 * are written to the file, and so may block, in the thread that records when the buffer is full. The callback runs in
 * the thread that met the failure, without the lock.
 *
 * <p><b>Memory</b>: one buffer of 256 KiB, however much is recorded.
 */
public final class PcapngFile implements Closeable, Flushable {

    private static final String APPLICATION = "ws2j";

    /** Guards everything below and the state of each conversation: packets lie in the file as their states follow. */
    private final ReentrantLock lock = new ReentrantLock();

    private final BlockBuffer blocks = new BlockBuffer();
    private final Payload payload = new Payload();
    private final OutputStream out;
    private final Consumer<? super Exception> onFailure;
    private int interfaces;
    private int conversations;
    private boolean isUnbuffered;
    private boolean isClosed;
    private boolean isReported;
    private Exception failure;

    private PcapngFile(OutputStream out, Consumer<? super Exception> onFailure) {
        this.out = Objects.requireNonNull(out, "out");
        this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
        String system = System.getProperty("os.name") + ' ' + System.getProperty("os.version");
        blocks.section(System.getProperty("os.arch"), system, APPLICATION);
    }

    /**
     * Creates a file, or empties the one that is there.
     *
     * <p>An interrupt of a thread that records does no harm to the file of the default file system.
     *
     * @param onFailure told of the first failure to write, once; what it throws is added to the failure as suppressed
     * @throws IOException if the file cannot be created
     */
    public static PcapngFile create(Path path, Consumer<? super Exception> onFailure) throws IOException {
        Objects.requireNonNull(onFailure, "onFailure");
        return new PcapngFile(Files.newOutputStream(path), onFailure);
    }

    /**
     * Writes to a stream, which {@link #close} closes.
     *
     * <p>Of an interruptible channel behind the stream, beware: it closes itself when an interrupted thread writes to
     * it, and the trace ends there. What the stream itself sends through a traced socket is not recorded.
     *
     * @param onFailure told of the first failure to write, once; what it throws is added to the failure as suppressed
     */
    public static PcapngFile writingTo(OutputStream out, Consumer<? super Exception> onFailure) {
        return new PcapngFile(out, onFailure);
    }

    /**
     * Adds an interface, under whose name its packets are shown.
     *
     * @param name the name, of which the first 8,192 characters count
     * @throws IllegalStateException if called by the stream that the file is written to, while it is written to
     */
    public CaptureInterface addInterface(String name) {
        Objects.requireNonNull(name, "name");
        begin();
        try {
            if (!isOutermost()) {
                throw new IllegalStateException("the file is being written");
            }
            makeRoom();
            blocks.captureInterface(name);
            return new CaptureInterface(this, interfaces++, name);
        } finally {
            end();
        }
    }

    /** Writes what is buffered, and flushes the stream. Does not throw; see {@link #failure}. */
    @Override
    public void flush() {
        begin();
        try {
            if (isRecording()) {
                writeBuffered();
            }
        } finally {
            end();
        }
    }

    /** {@linkplain #flush Flushes}, and does so from now on after each event: the end of the JVM may be near. */
    public void flushAlways() {
        begin();
        try {
            isUnbuffered = true;
        } finally {
            end();
        }
    }

    /** Writes what is buffered and closes file or stream, once. Does not throw; see {@link #failure}. */
    @Override
    public void close() {
        begin();
        try {
            if (!isClosed && isOutermost()) {
                writeBuffered();
                isClosed = true;
                out.close();
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        } finally {
            end();
        }
    }

    /** The failure that ended the writing, if there was one. */
    public Optional<Exception> failure() {
        begin();
        try {
            return Optional.ofNullable(failure);
        } finally {
            end();
        }
    }

    /** Takes the lock for one event; {@link #end} must follow. */
    void begin() {
        lock.lock();
    }

    /** Releases the lock, and then tells of a failure that nobody has been told of. */
    void end() {
        assert lock.isHeldByCurrentThread();
        Exception unreported = null;
        if (isOutermost()) {
            payload.clear();
            if (isUnbuffered && isRecording()) {
                writeBuffered();
            }
            if (failure != null && !isReported) {
                isReported = true;
                unreported = failure;
            }
        }
        lock.unlock();
        if (unreported != null) {
            report(unreported);
        }
    }

    /** Whether an event would reach the file. */
    boolean isRecording() {
        assert lock.isHeldByCurrentThread();
        return failure == null && !isClosed && isOutermost();
    }

    /** The cursor that all conversations share, each for the time of one event. */
    Payload payload() {
        assert lock.isHeldByCurrentThread();
        return payload;
    }

    /** Begins a packet and answers the buffer to put it in, at the right position. */
    ByteBuffer beginPacket(int interfaceId, long nanos) {
        assert lock.isHeldByCurrentThread();
        makeRoom();
        return blocks.beginPacket(interfaceId, nanos);
    }

    /** Ends the packet at the buffer's position; {@code comment} may be null. */
    void endPacket(boolean isOutbound, String comment) {
        assert lock.isHeldByCurrentThread();
        blocks.endPacket(isOutbound, comment);
    }

    /** Counts a conversation and answers its ordinal. */
    int nextConversation() {
        begin();
        try {
            return conversations++;
        } finally {
            end();
        }
    }

    private void makeRoom() {
        if (!blocks.hasRoom()) {
            drain();
        }
    }

    private void writeBuffered() {
        drain();
        if (failure != null) {
            return;
        }
        try {
            out.flush();
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void drain() {
        OutputStream target = failure == null && !isClosed ? out : OutputStream.nullOutputStream();
        try {
            blocks.drainTo(target);
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Exception e) {
        if (failure == null) {
            failure = e;
        } else if (!failure.equals(e)) {
            failure.addSuppressed(e);
        }
    }

    private void report(Exception unreported) {
        try {
            onFailure.accept(unreported);
        } catch (RuntimeException e) {
            if (!e.equals(unreported)) {
                unreported.addSuppressed(e);
            }
        }
    }

    /** False when the stream, while it is written to, sends through a socket that is traced here. */
    private boolean isOutermost() {
        return lock.getHoldCount() == 1;
    }
}
