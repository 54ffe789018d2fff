package org.ws2j.host.catalog;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;

/** Replaces files so that a reader, and a crash, sees the old content or the new one. */
final class DurableFiles {
    private DurableFiles() {}

    /**
     * {@return where the new content of a file is prepared: beside it, as a move is atomic within a file system alone}
     */
    static Path prepared(Path target) {
        return target.resolveSibling(target.getFileName() + ".tmp");
    }

    /**
     * Writes the new content of a file beside it, down to the disk. What a crash left there is overwritten.
     *
     * @param like the file whose permissions it gets, if there is one
     */
    static void prepare(Path target, byte[] content, Path like) throws IOException {
        Path temporary = prepared(target);
        Files.deleteIfExists(temporary);
        // Not a channel: an interrupt of the thread would close it.
        try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
            // Before the content: options may hold what others are not to read.
            copyPermissions(like, temporary);
            out.write(content);
            out.getFD().sync();
        }
    }

    /** Puts the prepared content in the place of a file; if it throws, nothing is changed. */
    static void commit(Path target) throws IOException {
        Files.move(
                prepared(target), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try {
            syncDirectory(target.toAbsolutePath().getParent());
        } catch (IOException unsynced) {
            // The file is replaced, and everybody sees it: a failure would say the opposite. A crash now may undo it, as a
            // whole. Not every directory can be opened, either: one that may be searched and written need not be readable.
        }
    }

    private static void copyPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (view != null && Files.exists(from)) {
            Files.setPosixFilePermissions(to, view.readAttributes().permissions());
        }
    }

    /** The new name is on the disk only after this. Other systems than POSIX have no such thing, nor a need for it. */
    private static void syncDirectory(Path directory) throws IOException {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        boolean interrupted = false;
        try {
            while (!trySync(directory)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** {@return false if an interrupt of the thread has closed the channel; directories open in no other way} */
    private static boolean trySync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException interrupted) {
            return false;
        }
    }
}
