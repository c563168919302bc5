package dev.gatewatch.store;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** Brings a store's tables to this version's, with the migrations of every module on the class path. */
final class Schema {
    private Schema() {}

    /**
     * Migrates.
     *
     * @throws StoreException when a newer version of the daemon has written the store, or a migration fails
     */
    static void migrate(DataSource source, Path file) {
        try {
            Flyway flyway = Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .table("schema_history")
                    // modules count in ranges of their own: 2 may come after 100
                    .outOfOrder(true)
                    .placeholders(Map.of("id", "integer primary key autoincrement", "bytes", "blob"))
                    .cleanDisabled(true)
                    .loggers("slf4j")
                    .load();
            boolean newer = Arrays.stream(flyway.info().applied())
                    .map(MigrationInfo::getState)
                    .anyMatch(state -> !state.isResolved());
            if (newer) {
                throw new StoreException("the store " + file
                        + " was written by a newer version of Gatewatch; run that version, or restore a backup made before the upgrade");
            }
            flyway.migrate();
        } catch (FlywayException e) {
            throw StoreErrors.explain(file, e);
        }
    }
}
