package dev.gatewatch.kit;

import dev.gatewatch.store.SqliteStore;
import dev.gatewatch.store.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jspecify.annotations.Nullable;

/**
 * A real store on an SQLite file in a folder of its own, gone after the test:
 * {@code @RegisterExtension final TestStore store = new TestStore();}.
 */
public final class TestStore implements BeforeEachCallback, AfterEachCallback {
    private final StoreSettings settings;
    private @Nullable Path folder;
    private @Nullable SqliteStore store;

    public TestStore() {
        this(Duration.ofDays(7), 4L << 30);
    }

    public TestStore(Duration retention, long maxSize) {
        settings = new StoreSettings("gatewatch.db", retention, maxSize);
    }

    /** The open store. */
    public SqliteStore get() {
        if (store == null) {
            store = SqliteStore.open(settings, folder());
        }
        return store;
    }

    /** The store's folder. */
    public Path folder() {
        if (folder == null) {
            try {
                folder = Files.createTempDirectory("gatewatch-store");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return folder;
    }

    /** Closes the store and opens it again, as a restarted daemon does. */
    public SqliteStore reopen() {
        get().close();
        store = null;
        return get();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        get();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (store != null) {
            store.close();
            store = null;
        }
        if (folder != null) {
            try (var files = Files.walk(folder)) {
                for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
            folder = null;
        }
    }
}
