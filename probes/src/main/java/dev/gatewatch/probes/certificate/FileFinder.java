package dev.gatewatch.probes.certificate;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.revocation.Concern;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the files that patterns mean, each once, whatever links lead to it. Bounded in files and in what is walked. Confined to its run.
 */
final class FileFinder {
    /** As many files as are looked at in a run. */
    static final int MOST_FILES = 1_000;

    /** As many files and folders as are walked past to find them. */
    private static final int MOST_VISITED = 50_000;

    private final Deadline deadline;
    private final Concerns concerns;
    private final List<Found> found = new ArrayList<>();
    private final Set<Path> seen = new HashSet<>();
    private final Set<String> keys = new HashSet<>();
    private int visited;
    private boolean cut;
    private boolean matched;

    private FileFinder(Deadline deadline, Concerns concerns) {
        this.deadline = deadline;
        this.concerns = concerns;
    }

    /**
     * A file to look into.
     *
     * @param key what to call it in facts: its path below the pattern's fixed part
     * @param meant whether it was asked for by name or glob; one that merely lies in a folder may be anything
     */
    record Found(String key, Path path, boolean meant) {}

    /**
     * The files in the order of the patterns, then by path.
     *
     * @param concerns gets what cannot be found or looked into
     * @throws InterruptedIOException when the run was interrupted
     */
    static List<Found> find(List<FilePattern> patterns, Deadline deadline, Concerns concerns)
            throws InterruptedIOException {
        var finder = new FileFinder(deadline, concerns);
        for (FilePattern pattern : patterns) {
            finder.matched = false;
            finder.find(pattern);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while looking for " + pattern);
            }
            if (!finder.matched && !finder.cut && pattern.glob().isPresent() && Files.isDirectory(pattern.root())) {
                concerns.add(unreadable("no file matches " + pattern));
            }
        }
        if (finder.cut) {
            concerns.add(unreadable("too many files: only " + finder.found.size() + " were looked at, of "
                    + finder.visited + " walked past; narrow the globs"));
        }
        return finder.found;
    }

    static Concern unreadable(String message) {
        return Concern.failed(new Failure(Cause.KEYSTORE_UNREADABLE, message));
    }

    static Concern forbidden(Path path) {
        return Concern.failed(new Failure(Cause.NO_PERMISSION, "this process may not read " + path));
    }

    private void find(FilePattern pattern) {
        Path root = pattern.root();
        if (pattern.glob().isEmpty() && Files.isRegularFile(root)) {
            add(root.getFileName().toString(), root, true);
            return;
        }
        if (!Files.isDirectory(root)) {
            concerns.add(
                    Files.exists(root)
                            ? unreadable(root + " is neither a file nor a folder")
                            : mayBeHidden(root) ? forbidden(root) : unreadable("there is no " + root));
            return;
        }
        var matches = new ArrayList<Path>();
        try {
            int depth = Math.max(1, pattern.depth());
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, new Walk(pattern, matches));
        } catch (IOException e) {
            concerns.add(e instanceof AccessDeniedException ? forbidden(root) : unreadable(root + " cannot be walked"));
        }
        matches.sort(null);
        matches.forEach(file -> add(
                root.relativize(file).toString(), file, pattern.glob().isPresent()));
    }

    /** Whether a path may be there all the same, in a folder that we may not look into. */
    private static boolean mayBeHidden(Path path) {
        for (Path at = path.getParent(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at)) {
                return !Files.isExecutable(at);
            }
        }
        return false;
    }

    private void add(String name, Path file, boolean meant) {
        matched = true;
        Path real;
        try {
            real = file.toRealPath();
        } catch (IOException _) {
            concerns.add(unreadable(file + " cannot be resolved"));
            return;
        }
        if (!seen.add(real)) {
            return;
        }
        if (found.size() == MOST_FILES) {
            cut = true;
            return;
        }
        String key = CertificateFacts.clean(name);
        if (!keys.add(key)) {
            key = CertificateFacts.free(CertificateFacts.clean(file.toString()), keys);
        }
        found.add(new Found(key, file, meant));
    }

    /** Gathers the files that a pattern means. */
    private final class Walk extends SimpleFileVisitor<Path> {
        private final FilePattern pattern;
        private final List<Path> matches;

        Walk(FilePattern pattern, List<Path> matches) {
            this.pattern = pattern;
            this.matches = matches;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return goOn();
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            boolean wanted = pattern.glob().isPresent()
                    ? pattern.glob().get().matches(pattern.root().relativize(file))
                    : !file.getFileName().toString().startsWith(".");
            if (wanted && attributes.isRegularFile()) {
                matches.add(file);
            }
            return goOn();
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            if (e instanceof AccessDeniedException) {
                concerns.add(forbidden(file));
            }
            return goOn(); // a link in a circle, or a file that went away meanwhile
        }

        private FileVisitResult goOn() {
            visited++;
            boolean enough = visited > MOST_VISITED || matches.size() > MOST_FILES || deadline.passed();
            cut |= enough;
            return enough || Thread.currentThread().isInterrupted() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }
    }
}
