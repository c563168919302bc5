package dev.gatewatch.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The lock file beside a store that keeps a second daemon away: two of them would run every probe and judge every result twice. The
 * operating system gives the lock back when the process ends, however it ends.
 */
final class StoreLock implements AutoCloseable {
    private final FileChannel channel;

    private StoreLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of a store.
     *
     * @throws StoreException when another daemon has it
     */
    static StoreLock take(Path store) throws IOException {
        Path file = store.resolveSibling(store.getFileName() + ".lock");
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (tryLock(channel) == null) {
                String owner = owner(channel);
                throw new StoreException("another daemon" + owner + " uses the store " + store
                        + "; stop it, or give this one a store of its own with store.url");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(
                    Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return new StoreLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // held by this very process
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(20);
        channel.read(content, 0);
        String pid = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
        return pid.matches("\\d+") ? " (process " + pid + ")" : "";
    }

    /** Gives the lock back; the file stays, since deleting it would let two daemons lock two files of one name. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
