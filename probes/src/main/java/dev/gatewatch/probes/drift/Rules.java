package dev.gatewatch.probes.drift;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;

/**
 * What is compared, and what must and must not be, whatever the reference. Immutable.
 *
 * @param only paths that count; all where empty
 * @param ignore paths that do not count
 * @param require paths of which there must be at least one, each with a value that fits
 * @param forbid paths whose value must not fit
 * @param versions paths whose differences are of a version
 * @param secrets paths whose values are not shown, beside those whose names say so
 */
record Rules(
        List<PathGlob> only,
        List<PathGlob> ignore,
        List<Rule> require,
        List<Rule> forbid,
        List<PathGlob> versions,
        List<PathGlob> secrets) {
    Rules {
        only = List.copyOf(only);
        ignore = List.copyOf(ignore);
        require = List.copyOf(require);
        forbid = List.copyOf(forbid);
        versions = List.copyOf(versions);
        secrets = List.copyOf(secrets);
    }

    /**
     * A rule for values.
     *
     * @param value any where absent
     */
    record Rule(PathGlob path, Optional<Pattern> value) {}

    boolean counts(String path) {
        return (only.isEmpty() || PathGlob.any(only, path)) && !PathGlob.any(ignore, path);
    }

    boolean isVersion(String path) {
        return PathGlob.any(versions, path);
    }
}
