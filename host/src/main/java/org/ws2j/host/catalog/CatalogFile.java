package org.ws2j.host.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.locks.ReentrantLock;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * A catalog in a JSON file that people can read and edit, and several processes can use.
 *
 * <pre>
 *   catalog.json            the catalog; always replaced as a whole
 *   catalog.json.bak        what was last written by this class; a torn or badly edited catalog.json does not touch it
 *   catalog.json.lock       locked while somebody makes a change; empty
 *   catalog.json.tmp        the next catalog.json, until it takes its place; a crash may leave it behind
 *   catalog.json.bak.tmp    the next catalog.json.bak, likewise; the next change overwrites both
 *   catalog.json.replaced   what was in catalog.json before the backup was restored
 * </pre>
 *
 * <p>A change reads the file anew under the lock. Reading needs no lock, and reads the file only if time, size or
 * identity differ from the last time.
 *
 * <p>A file that holds no catalog is never passed over in silence: every call fails, until the file is corrected or the
 * backup restored.
 */
public final class CatalogFile implements CatalogStore {
    private final Path file;

    private final Path backup;

    private final CatalogState initial;

    private final FileMutex mutex;

    /** Guards {@link #last} and {@link #lastStamp}. Taken after the mutex, and held for memory only. */
    private final ReentrantLock memory = new ReentrantLock();

    /** What the file held when it was last read or written. */
    private CatalogState last;

    /** The stamp of that; null before the first time. */
    private Stamp lastStamp;

    private CatalogFile(Path file, CatalogState initial) {
        this.file = file;
        this.backup = sibling(file, ".bak");
        this.initial = initial;
        this.mutex = new FileMutex(sibling(file, ".lock"));
    }

    /**
     * Refers to a catalog file, without reading it yet.
     *
     * @param file the file; its directory is made if it is missing
     * @param initial what the catalog is as long as the file is not there
     * @return the store
     * @throws WinsockException {@code WSASYSCALLFAILURE} if the directory cannot be made or read
     */
    public static CatalogFile at(Path file, CatalogState initial) throws WinsockException {
        try {
            Path absolute = file.toAbsolutePath().normalize();
            Files.createDirectories(absolute.getParent());
            // The real place, so that replacing the file does not replace a link to it.
            Path real = Files.exists(absolute)
                    ? absolute.toRealPath()
                    : absolute.getParent().toRealPath().resolve(absolute.getFileName());
            return new CatalogFile(real, initial);
        } catch (IOException failed) {
            throw unusable(file, failed);
        }
    }

    @Override
    public CatalogState read() throws WinsockException {
        try {
            // Before the content: a file that is replaced in between is read once more the next time.
            Stamp stamp = Stamp.of(file);
            memory.lock();
            try {
                // Of a file that is missing only the backup tells whether that is right.
                if (stamp.equals(lastStamp) && stamp != Stamp.MISSING) {
                    return last;
                }
            } finally {
                memory.unlock();
            }
            return remember(load(), stamp);
        } catch (IOException failed) {
            throw unusable(file, failed);
        }
    }

    @Override
    public <T> CatalogEdit.Edited<T> change(CatalogEdit<T> edit) throws WinsockException {
        try {
            return mutex.hold(() -> {
                CatalogEdit.Edited<T> edited = edit.apply(load());
                CatalogState kept = write(edited.state());
                return new CatalogEdit.Edited<>(kept, edited.result());
            });
        } catch (IOException failed) {
            throw unwritable(failed);
        }
    }

    /**
     * Puts the backup in the place of the file, and keeps what was there.
     *
     * @throws WinsockException {@code WSASYSCALLFAILURE} if there is no backup, or it holds no catalog either; {@code
     *     WSANO_RECOVERY} if the file cannot be written
     */
    public void restoreBackup() throws WinsockException {
        try {
            mutex.hold(() -> write(withNoIdGivenTwice(readBackup())));
        } catch (IOException failed) {
            throw unwritable(failed);
        }
    }

    private CatalogState load() throws WinsockException, IOException {
        try {
            return CatalogReader.read(Files.readAllBytes(file));
        } catch (NoSuchFileException missing) {
            if (Files.exists(backup)) {
                if (Files.exists(file)) {
                    // Somebody has just made both.
                    return load();
                }
                throw new WinsockException(
                        WsaError.WSASYSCALLFAILURE,
                        "the catalog file " + file + " is missing. " + wayOut() + ", or remove the backup, too",
                        missing);
            }
            return initial;
        } catch (CatalogFormatException broken) {
            throw new WinsockException(
                    WsaError.WSASYSCALLFAILURE,
                    "the catalog file " + file + " is broken in " + broken.getMessage() + ". Correct it. " + wayOut(),
                    broken);
        }
    }

    private String wayOut() {
        return Files.exists(backup)
                ? "The last good state is in " + backup + ": \"ws2 catalog restore\" brings it back (in Java:"
                        + " ProtocolCatalog.restoreBackup), or copy it over the file"
                : "There is no backup yet; without the file the catalog is the one of a new host";
    }

    private CatalogState write(CatalogState state) throws IOException {
        byte[] text = CatalogWriter.write(state);
        // Both are on the disk before either takes its place: what can fail fails before anything is changed.
        DurableFiles.prepare(file, text, permissions());
        DurableFiles.prepare(backup, text, permissions());
        if (Files.exists(file)) {
            replaceBoth();
        } else {
            // A backup without a file is an error to readers, who take no lock.
            DurableFiles.commit(file);
            DurableFiles.commit(backup);
        }
        return remember(state, Stamp.of(file));
    }

    /** {@return the file whose permissions count: both hold the same, and who hides the one means the other, too} */
    private Path permissions() {
        return Files.exists(file) ? file : backup;
    }

    /** The backup goes first: if that fails, nothing is changed; if the file fails after it, the backup goes back. */
    private void replaceBoth() throws IOException {
        byte[] before = Files.exists(backup) ? Files.readAllBytes(backup) : null;
        DurableFiles.commit(backup);
        try {
            DurableFiles.commit(file);
        } catch (IOException failed) {
            putBack(before, failed);
            throw failed;
        }
    }

    private void putBack(byte[] before, IOException failed) {
        try {
            if (before == null) {
                Files.delete(backup);
            } else {
                DurableFiles.prepare(backup, before, permissions());
                DurableFiles.commit(backup);
            }
        } catch (IOException again) {
            failed.addSuppressed(again);
        }
    }

    /** The very same object as long as the content is the same, as the interface wants it. */
    private CatalogState remember(CatalogState state, Stamp stamp) {
        memory.lock();
        try {
            last = state.equals(last) ? last : state;
            lastStamp = stamp;
            return last;
        } finally {
            memory.unlock();
        }
    }

    private CatalogState readBackup() throws WinsockException {
        try {
            return CatalogReader.read(Files.readAllBytes(backup));
        } catch (IOException failed) {
            throw new WinsockException(
                    WsaError.WSASYSCALLFAILURE, "there is no backup to restore at " + backup + ": " + failed, failed);
        } catch (CatalogFormatException broken) {
            throw new WinsockException(
                    WsaError.WSASYSCALLFAILURE,
                    "the backup " + backup + " is broken in " + broken.getMessage(),
                    broken);
        }
    }

    /** The file may have gone on where the backup stopped. */
    private CatalogState withNoIdGivenTwice(CatalogState restored) throws IOException {
        if (!Files.exists(file)) {
            return restored;
        }
        Files.copy(file, sibling(file, ".replaced"), StandardCopyOption.REPLACE_EXISTING);
        return new CatalogState(restored.entries(), Math.max(restored.nextId(), nextIdInFile()));
    }

    private int nextIdInFile() throws IOException {
        try {
            return CatalogReader.read(Files.readAllBytes(file)).nextId();
        } catch (CatalogFormatException broken) {
            // A broken file is what the backup is restored for; nothing is known of its numbers.
            return CatalogState.FIRST_ID;
        }
    }

    private static Path sibling(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private static WinsockException unusable(Path file, IOException failed) {
        return failure(WsaError.WSASYSCALLFAILURE, "the catalog file " + file + " cannot be read: ", failed);
    }

    private WinsockException unwritable(IOException failed) {
        return failure(WsaError.WSANO_RECOVERY, "the catalog file " + file + " cannot be written: ", failed);
    }

    /** A refusal is an IOException, too, and has its code already. */
    private static WinsockException failure(WsaError error, String detail, IOException failed) {
        return failed instanceof WinsockException refusal
                ? refusal
                : new WinsockException(error, detail + failed, failed);
    }

    /** What tells two contents of a file apart without reading them. */
    private record Stamp(FileTime time, long size, Object identity) {
        private static final Stamp MISSING = new Stamp(FileTime.fromMillis(0), -1, null);

        static Stamp of(Path file) throws IOException {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (NoSuchFileException missing) {
                return MISSING;
            }
        }
    }
}
