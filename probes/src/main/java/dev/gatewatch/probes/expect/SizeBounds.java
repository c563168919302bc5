package dev.gatewatch.probes.expect;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.httpclient.Sizes;
import java.util.List;
import java.util.Optional;

/** How large a body may be, in bytes after decompression; both ends included. Immutable. */
record SizeBounds(Optional<Long> least, Optional<Long> most) {
    private static final long GIB = 1024L * 1024 * 1024;
    private static final Key<Long> MIN =
            Key.optional("min", Types.bytes(0, GIB), "Fewest bytes, after decompression.");
    private static final Key<Long> MAX = Key.optional(
            "max", Types.bytes(0, GIB), "Most bytes, after decompression; a body over body_limit is not read at all.");

    static final SectionType<SizeBounds> TYPE = SectionType.of("body_size", List.of(MIN, MAX), section -> {
        var bounds = new SizeBounds(section.find(MIN), section.find(MAX));
        if (bounds.least.isEmpty() && bounds.most.isEmpty()) {
            section.reading().problems().error(section.node(), "min, max or both are needed");
        } else if (bounds.least.isPresent() && bounds.most.isPresent() && bounds.least.get() > bounds.most.get()) {
            section.problem(MAX, "max is smaller than min");
        }
        return bounds;
    });

    /** What is wrong with a size, if anything is. */
    Optional<String> complaint(long size) {
        if (least.filter(bound -> size < bound).isPresent()) {
            return Optional.of("the body has " + Sizes.format(size) + ", expected at least " + Sizes.format(least.get()));
        }
        return most.filter(bound -> size > bound)
                .map(bound -> "the body has " + Sizes.format(size) + ", expected at most " + Sizes.format(bound));
    }
}
