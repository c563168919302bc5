package dev.gatewatch.store;

import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What rows of the journal have in common: whose results they are and, for some, the shape of their reports. Immutable.
 *
 * @param shape {@code null} when each row holds its own
 */
record Origin(long id, Owner owner, @Nullable Shape shape) {
    /** The columns that {@link #read} wants. */
    static final String COLUMNS = "id, probe, region, location, type, target, shape";

    /** Whose results they are. */
    record Owner(Series series, String type, String target) {
        static Owner of(Result result) {
            return new Owner(result.series(), result.type(), result.target());
        }
    }

    static Origin read(ResultSet row) throws SQLException {
        byte[] shape = row.getBytes(7);
        return new Origin(
                row.getLong(1),
                new Owner(
                        new Series(row.getString(2), row.getString(3), row.getString(4)),
                        row.getString(5),
                        row.getString(6)),
                shape == null ? null : Shape.unpack(new Packer.Reader(shape)));
    }

    static Origin insert(Handle tx, Owner owner, @Nullable Shape shape) {
        byte[] packed = null;
        if (shape != null) {
            var packer = new Packer();
            shape.pack(packer);
            packed = packer.bytes();
        }
        long id = tx.createUpdate("""
                        insert into origin (probe, region, location, type, target, shape)
                        values (:probe, :region, :location, :type, :target, :shape)""")
                .bind("probe", owner.series.probe())
                .bind("region", owner.series.region())
                .bind("location", owner.series.location())
                .bind("type", owner.type)
                .bind("target", owner.target)
                .bind("shape", packed)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
        return new Origin(id, owner, shape);
    }
}
