package dev.gatewatch.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files and folders that a configuration was read from, each with its state at that time: what to watch, and whether something
 * changed. Filled on the reading thread; safe for many threads once the reading is over.
 */
public final class Sources {
    /** The largest file that a configuration may name, in bytes; larger ones are no certificates, keys or bodies. */
    public static final long LARGEST = 8 << 20;

    private final Map<Path, String> known;
    private final SortedMap<Path, String> used = new TreeMap<>();

    public Sources() {
        this(new HashMap<>());
    }

    private Sources(Map<Path, String> known) {
        this.known = known;
    }

    /** A part's own list, which shares what is known: a file that many parts name is read once. */
    public Sources part() {
        return new Sources(known);
    }

    /** Takes over what a part used. */
    public void add(Sources part) {
        used.putAll(part.used);
    }

    /** Notes a file or folder as it is now, be it missing; its state is taken before whoever asks reads it. */
    public void note(Path path) {
        Path key = key(path);
        used.put(key, known.computeIfAbsent(key, Sources::state));
    }

    /** Notes a file whose content was just read. */
    void note(Path path, byte[] content) {
        Path key = key(path);
        String state = "file " + hex(sha256().digest(content));
        known.put(key, state);
        used.put(key, state);
    }

    /** Each path, absolute, with its state: equal as long as a file's content or a folder's YAML files are the same. */
    public SortedMap<Path, String> states() {
        return Collections.unmodifiableSortedMap(used);
    }

    /** Whether any of the files and folders is other than it was when read. Reads them all. */
    public boolean changed() {
        return used.entrySet().stream().anyMatch(e -> !state(e.getKey()).equals(e.getValue()));
    }

    private static Path key(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static String state(Path path) {
        try {
            if (Files.isDirectory(path)) {
                MessageDigest digest = sha256();
                for (Path file : ConfigFiles.yamlFiles(path)) {
                    digest.update((file.getFileName() + "\n").getBytes(StandardCharsets.UTF_8));
                }
                return "folder " + hex(digest.digest());
            }
            if (!Files.isRegularFile(path)) {
                return "absent";
            }
            if (Files.size(path) > LARGEST) {
                return "large " + Files.size(path);
            }
            MessageDigest digest = sha256();
            try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return "file " + hex(digest.digest());
        } catch (IOException _) {
            return "unreadable";
        }
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
