package dev.gatewatch.config;

import dev.gatewatch.config.Node.Fields;
import dev.gatewatch.config.Node.Items;
import dev.gatewatch.config.Problem.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads configuration files into one tree: a file, several, or folders of them ({@code *.yml} and {@code *.yaml}, by name). Some lists
 * may be spread over files and are put together in their order; every other key stands in one file only. All that a user can do
 * wrong becomes a problem, never an exception. Confined to the reading thread.
 */
public final class ConfigFiles {
    /** What all files together may hold, in bytes. */
    public static final int MOST_BYTES = 8 << 20;

    private final Set<String> lists;
    private final Problems problems;
    private final Sources sources = new Sources();
    private final YamlReader.Budget budget = new YamlReader.Budget();
    private final LinkedHashMap<String, Node> merged = new LinkedHashMap<>();
    private final Map<String, Place> keys = new HashMap<>();
    private int bytesLeft = MOST_BYTES;
    private boolean complete = true;

    private ConfigFiles(Set<String> lists, Problems problems) {
        this.lists = lists;
        this.problems = problems;
    }

    /**
     * What was read.
     *
     * @param root all files as one mapping; absent when a file could not be read or is not YAML, as told to the problems
     * @param files the files, as people name them
     * @param baseDirectory relative paths in the configuration start here
     * @param sources what was read, filled also when something was wrong, so that its mending is noticed
     */
    public record Loaded(Optional<Fields> root, List<String> files, Path baseDirectory, Sources sources) {
        public Loaded {
            files = List.copyOf(files);
        }
    }

    /**
     * Reads and merges.
     *
     * @param given files and folders, in order
     * @param lists the root keys whose lists are put together when several files have them
     * @param environment what {@code ${env:…}} looks into
     */
    public static Loaded read(
            List<Path> given, Set<String> lists, Map<String, String> environment, Problems problems) {
        var files = new ConfigFiles(lists, problems);
        return files.load(given, new References(environment, baseDirectory(given), files.sources));
    }

    /**
     * Reads one file of another program: as {@link #read}, and every value as it is written there.
     *
     * @param problems are told what is no YAML
     */
    public static Loaded readForeign(Path file, Problems problems) {
        return new ConfigFiles(Set.of(), problems).load(List.of(file), References.none());
    }

    /** The YAML files of a folder, by name; hidden ones are left out. */
    static List<Path> yamlFiles(Path folder) throws IOException {
        var files = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.{yml,yaml}")) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().startsWith(".") && Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(null);
        return files;
    }

    private Loaded load(List<Path> given, References references) {
        Path base = baseDirectory(given);
        Collection<Path> files = expand(given);
        boolean several = files.size() > 1;
        for (Path file : files) {
            read(file).ifPresent(text -> {
                var content = YamlReader.read(file.toString(), text, references, budget, problems);
                complete &= content.readable();
                content.root().ifPresent(this::merge);
                if (content.readable() && content.root().isEmpty()) {
                    problems.add(new Problem(
                            several ? Severity.WARNING : Severity.ERROR, Place.file(file.toString()), "", "the file is empty", Optional.empty()));
                    complete &= several;
                }
            });
        }
        Place start = files.isEmpty() ? Place.file("") : new Place(files.iterator().next().toString(), 1, 1);
        Optional<Fields> root = complete && !files.isEmpty() ? Optional.of(new Fields(start, "", merged, keys)) : Optional.empty();
        return new Loaded(root, files.stream().map(Path::toString).toList(), base, sources);
    }

    private static Path baseDirectory(List<Path> given) {
        if (given.isEmpty()) {
            return Path.of("");
        }
        Path first = given.getFirst();
        if (Files.isDirectory(first)) {
            return first;
        }
        Path parent = first.getParent();
        return parent != null ? parent : Path.of("");
    }

    private Collection<Path> expand(List<Path> given) {
        var files = new LinkedHashMap<Path, Path>(); // by absolute path: a file given twice is read once
        for (Path path : given) {
            sources.note(path);
            if (!Files.isDirectory(path)) {
                files.putIfAbsent(path.toAbsolutePath().normalize(), path);
                continue;
            }
            try {
                List<Path> found = yamlFiles(path);
                found.forEach(f -> files.putIfAbsent(f.toAbsolutePath().normalize(), f));
                if (found.isEmpty()) {
                    refuse(path, "no *.yml or *.yaml file in this folder");
                }
            } catch (IOException _) {
                refuse(path, "no permission to list this folder");
            }
        }
        return files.values();
    }

    private Optional<String> read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            long size = Files.size(file);
            bytes = size > bytesLeft ? new byte[0] : in.readNBytes(bytesLeft + 1);
            if (size > bytesLeft || bytes.length > bytesLeft) {
                refuse(file, "the configuration is too large: all files together may have " + Types.bytesText(MOST_BYTES));
                return Optional.empty();
            }
        } catch (NoSuchFileException _) {
            refuse(file, "no such file");
            return Optional.empty();
        } catch (AccessDeniedException _) {
            refuse(file, "no permission to read this file");
            return Optional.empty();
        } catch (FileSystemException e) {
            // the system's own words: too many levels of symbolic links, a name that is too long
            refuse(file, "cannot be read" + (e.getReason() == null ? "" : ": " + e.getReason()));
            return Optional.empty();
        } catch (IOException | UncheckedIOException _) {
            refuse(file, "cannot be read");
            return Optional.empty();
        }
        if (Files.isRegularFile(file)) { // what came through a pipe cannot be watched
            sources.note(file, bytes);
        }
        bytesLeft -= bytes.length;
        return decode(file, bytes);
    }

    private Optional<String> decode(Path file, byte[] bytes) {
        if (bytes.length >= 2 && (bytes[0] & bytes[1] & 0xfe) == 0xfe && bytes[0] != bytes[1]) {
            refuse(file, "the file is UTF-16; save it as UTF-8");
            return Optional.empty();
        }
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(in, out, true);
        out.flip();
        if (result.isError()) {
            garbled(
                    file,
                    out,
                    "not UTF-8 text (byte %d is 0x%02x)".formatted(in.position(), bytes[in.position()] & 0xff),
                    "save the file as UTF-8");
            return Optional.empty();
        }
        String text = out.toString();
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            if (!StreamReader.isPrintable(c)) {
                garbled(file, text.substring(0, i), "a control character (U+%04X)".formatted(c), "remove it");
                return Optional.empty();
            }
        }
        return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private void garbled(Path file, CharSequence before, String message, String suggestion) {
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - before.toString().lastIndexOf('\n');
        complete = false;
        problems.add(new Problem(
                Severity.ERROR, new Place(file.toString(), line, column), "", message, Optional.of(suggestion)));
    }

    private void merge(Fields file) {
        for (Map.Entry<String, Node> field : file.fields().entrySet()) {
            String key = field.getKey();
            @Nullable Node known = merged.get(key);
            if (known == null) {
                merged.put(key, field.getValue());
                keys.put(key, file.keyPlace(key));
            } else if (lists.contains(key) && known instanceof Items first && field.getValue() instanceof Items more) {
                var all = new ArrayList<>(first.items());
                all.addAll(more.items());
                merged.put(key, new Items(first.place(), first.path(), all));
            } else {
                problems.add(new Problem(
                        Severity.ERROR,
                        file.keyPlace(key),
                        key,
                        "\"" + key + "\" stands in two files; the other is " + keys.get(key),
                        Optional.empty()));
            }
        }
    }

    private void refuse(Path file, String message) {
        complete = false;
        problems.add(new Problem(Severity.ERROR, Place.file(file.toString()), "", message, Optional.empty()));
    }
}
