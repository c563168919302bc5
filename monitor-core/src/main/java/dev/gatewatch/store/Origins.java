package dev.gatewatch.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The writer's knowledge of the origins, which chooses one for each new row. A shape is kept once it was seen twice in a row, and at
 * most {@value #MOST_SHAPES} for an owner: a probe whose texts differ every time must not fill the store with shapes used once.
 * Confined to writing transactions.
 */
final class Origins {
    static final int MOST_SHAPES = 16;

    private final Map<Origin.Owner, Known> owners = new HashMap<>();
    private boolean loaded;

    private static final class Known {
        final Map<Shape, Origin> shaped = new HashMap<>();
        @Nullable Origin plain;
        @Nullable Shape last;
    }

    /** The origin for a row of this owner; one without a shape means that the row has to hold it. */
    Origin choose(Handle tx, Origin.Owner owner, Shape shape) {
        load(tx);
        Known known = owners.computeIfAbsent(owner, _ -> new Known());
        Origin origin = known.shaped.get(shape);
        if (origin != null) {
            return origin;
        }
        if (shape.equals(known.last) && known.shaped.size() < MOST_SHAPES) {
            Origin kept = Origin.insert(tx, owner, shape);
            known.shaped.put(shape, kept);
            known.last = null;
            return kept;
        }
        known.last = shape;
        Origin plain = known.plain;
        if (plain == null) {
            plain = Origin.insert(tx, owner, null);
            known.plain = plain;
        }
        return plain;
    }

    /** Forgets all, after a transaction failed or origins were deleted; the next choice reads them anew. */
    void forget() {
        owners.clear();
        loaded = false;
    }

    private void load(Handle tx) {
        if (loaded) {
            return;
        }
        List<Origin> all = tx.createQuery("select " + Origin.COLUMNS + " from origin")
                .map((row, _) -> Origin.read(row))
                .list();
        for (Origin origin : all) {
            Known known = owners.computeIfAbsent(origin.owner(), _ -> new Known());
            if (origin.shape() == null) {
                known.plain = origin;
            } else {
                known.shaped.put(origin.shape(), origin);
            }
        }
        loaded = true;
    }
}
