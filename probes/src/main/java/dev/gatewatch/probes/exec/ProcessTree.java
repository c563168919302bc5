package dev.gatewatch.probes.exec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A process with all that it started. Those that left the family (by {@code setsid}, {@code nohup}, a dead parent) are found by a mark
 * in their environment, which every process inherits; on systems without {@code /proc} only the family is found.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    private static final int MOST_ENVIRONMENT = 256 * 1024;

    /** Something that starts processes faster than they are found is given up. */
    private static final int MOST_ROUNDS = 20;

    private static final Duration LOOK = Duration.ofMillis(10);

    private final ProcessHandle root;
    private final String mark;

    ProcessTree(ProcessHandle root, String mark) {
        this.root = root;
        this.mark = Command.MARK + "=" + mark;
    }

    /**
     * After the process' end: ends what it started and what still holds its output, unless it ends by itself within a while. What has
     * turned its output elsewhere means to stay, as daemons do, and is left alone.
     *
     * @return whether there was something to end
     */
    boolean endHolders(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        Set<ProcessHandle> holders = holders();
        while (!holders.isEmpty() && System.nanoTime() < until) {
            Thread.sleep(LOOK);
            holders = holders();
        }
        holders.forEach(ProcessHandle::destroyForcibly);
        return !holders.isEmpty();
    }

    private Set<ProcessHandle> holders() {
        var holders = new HashSet<ProcessHandle>();
        // what was started later has a larger number, but for the rare start from anew
        marked(holders, root.pid());
        holders.removeIf(process -> !process.isAlive() || !holdsOutput(process.pid()));
        return holders;
    }

    /** Whether standard output or error is a pipe, which none but ours is likely to be. */
    private static boolean holdsOutput(long pid) {
        for (String descriptor : new String[] {"1", "2"}) {
            try {
                Path open = Files.readSymbolicLink(PROC.resolve(pid + "/fd/" + descriptor));
                if (open.toString().startsWith("pipe:")) {
                    return true;
                }
            } catch (IOException _) {
                // closed, or ended
            }
        }
        return false;
    }

    /**
     * Asks all to end (SIGTERM), and ends those that have not done so after a while (SIGKILL). Every process of the tree that this
     * process may end is gone afterwards.
     */
    void end(Duration grace) throws InterruptedException {
        long until = System.nanoTime() + grace.toNanos();
        alive().forEach(ProcessHandle::destroy);
        while (System.nanoTime() < until && !alive().isEmpty()) {
            Thread.sleep(LOOK);
        }
        kill();
    }

    /** Ends all at once. */
    void kill() {
        Set<ProcessHandle> left = alive();
        for (int round = 0; !left.isEmpty() && round < MOST_ROUNDS; round++) {
            left.forEach(ProcessHandle::destroyForcibly);
            left = alive();
        }
    }

    private Set<ProcessHandle> alive() {
        var all = new HashSet<ProcessHandle>();
        all.add(root);
        root.descendants().forEach(all::add);
        marked(all, 0);
        all.removeIf(process -> !process.isAlive());
        return all;
    }

    private void marked(Set<ProcessHandle> into, long after) {
        if (!Files.isDirectory(PROC)) {
            return;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid > after && isMarked(process)) {
                    Optional<ProcessHandle> handle = ProcessHandle.of(pid);
                    // read again: the number may have passed on to another process
                    handle.filter(_ -> isMarked(process)).ifPresent(into::add);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException _) {
            // the family at least is known
        }
    }

    /** The environment that a process was started with: NAME=value, each ended by a NUL (proc(5)). */
    private boolean isMarked(Path process) {
        try (InputStream environment = Files.newInputStream(process.resolve("environ"))) {
            var text = new String(environment.readNBytes(MOST_ENVIRONMENT), StandardCharsets.ISO_8859_1);
            return ("\0" + text).contains("\0" + mark + "\0");
        } catch (IOException _) {
            return false; // ended, or another user's
        }
    }
}
