package org.ws2j.host.catalog;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * Lets one thread of one process at a time change a file. The lock is on a file beside it, which stays for good: the
 * file itself is replaced, and a lock on a replaced file is worth nothing.
 */
final class FileMutex {
    private static final int ATTEMPTS = 500;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * Taken before the lock on the file, by its path. For the whole JVM, because the lock on the file is: to POSIX,
     * closing any descriptor of a file gives up all locks that the process has on it, so two threads must not even open
     * the lock file at a time, whichever catalog object they came by. Several of them, so that two files seldom wait
     * for each other.
     */
    private static final ReentrantLock[] IN_THIS_JVM =
            Stream.generate(ReentrantLock::new).limit(16).toArray(ReentrantLock[]::new);

    private final Path lockFile;

    /** How often to try before giving up. */
    private final int attempts;

    FileMutex(Path lockFile) {
        this(lockFile, ATTEMPTS);
    }

    FileMutex(Path lockFile, int attempts) {
        this.lockFile = lockFile;
        this.attempts = attempts;
    }

    /** Runs an action while nobody else changes the file. An interrupt of the thread is kept for later. */
    <T> T hold(Action<T> action) throws WinsockException, IOException {
        ReentrantLock inThisJvm = IN_THIS_JVM[Math.floorMod(lockFile.hashCode(), IN_THIS_JVM.length)];
        inThisJvm.lock();
        try (RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw");
                FileLock lock = acquire(file.getChannel())) {
            assert lock.isValid();
            return action.run();
        } finally {
            inThisJvm.unlock();
        }
    }

    /** The system's own waiting cannot be given a time limit; a process that hangs must not take others with it. */
    private FileLock acquire(FileChannel channel) throws WinsockException, IOException {
        boolean interrupted = false;
        try {
            for (int attempt = 0; attempt < attempts; attempt++) {
                // An interrupted thread cannot park, and would use up its attempts at once.
                interrupted |= Thread.interrupted();
                FileLock lock = tryLock(channel);
                if (lock != null) {
                    return lock;
                }
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        throw new WinsockException(WsaError.WSAEINPROGRESS,
                "somebody else is changing the catalog, and holds " + lockFile);
    }

    /** {@return the lock; null while somebody else has it} */
    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException inThisJvm) {
            // A copy of this class in another class loader, which has locks of its own above.
            return null;
        }
    }

    /** What is done under the lock. */
    interface Action<T> {
        T run() throws WinsockException, IOException;
    }
}
