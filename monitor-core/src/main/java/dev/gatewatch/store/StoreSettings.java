package dev.gatewatch.store;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code store:} section. Immutable.
 *
 * @param path of the SQLite file, as written; a relative one starts at the daemon's base folder
 * @param retention how long results are kept
 * @param maxSize how many bytes the store may hold before the oldest results go early
 */
public record StoreSettings(String path, Duration retention, long maxSize) {
    private static final String SCHEME = "sqlite:";
    private static final String DEFAULT_PATH = "data/gatewatch.db";

    private static final Key<String> URL = Key.withDefault(
            "url",
            Types.scalar(
                    "sqlite:PATH",
                    Map.of("type", "string", "pattern", "^sqlite:.+$"),
                    text -> Optional.of(text)
                            .filter(t -> t.startsWith(SCHEME) && !t.startsWith(SCHEME + ":"))
                            .map(t -> t.substring(SCHEME.length()))
                            .filter(path -> !path.isBlank() && path.indexOf('\0') < 0)),
            DEFAULT_PATH,
            SCHEME + DEFAULT_PATH,
            "Where results and states are kept: sqlite: and the path of a file. A relative path starts at the folder of the"
                    + " configuration. One daemon to a file.");

    private static final Key<Duration> RETENTION = Key.withDefault(
            "retention",
            Types.duration(Duration.ofHours(1), Duration.ofDays(3_650)),
            Duration.ofDays(7),
            "7d",
            "How long results are kept.");

    private static final Key<Long> MAX_SIZE = Key.withDefault(
            "max_size",
            Types.bytes(16L << 20, 64L << 40),
            4L << 30,
            "4GB",
            "How large the store may grow; beyond it the oldest results go before their time.");

    /** How the section is read. */
    public static final SectionType<StoreSettings> SECTION =
            SectionType.of("store", List.of(URL, RETENTION, MAX_SIZE), StoreSettings::read);

    /** What holds when the section is left out. */
    public static StoreSettings defaults() {
        return new StoreSettings(DEFAULT_PATH, Duration.ofDays(7), 4L << 30);
    }

    private static StoreSettings read(Section section) {
        return new StoreSettings(section.get(URL), section.get(RETENTION), section.get(MAX_SIZE));
    }
}
