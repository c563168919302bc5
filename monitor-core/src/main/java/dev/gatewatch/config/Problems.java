package dev.gatewatch.config;

import dev.gatewatch.config.Problem.Severity;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects what is wrong with a configuration, so that everything is said at once. Confined to the reading thread. */
public final class Problems {
    /** Beyond this many the rest is only counted: a wrong file should not print a book. */
    static final int MOST = 200;

    private final Set<Problem> found = new LinkedHashSet<>();
    private final Set<Place> spoilt = new HashSet<>();
    private int errors;
    private int unlisted;

    public void error(Node at, String message) {
        add(new Problem(Severity.ERROR, at.place(), at.path(), message, Optional.empty()));
    }

    public void error(Node at, String message, String suggestion) {
        add(new Problem(Severity.ERROR, at.place(), at.path(), message, Optional.of(suggestion)));
    }

    public void warning(Node at, String message) {
        add(new Problem(Severity.WARNING, at.place(), at.path(), message, Optional.empty()));
    }

    /** Adds a problem; one that was told before, word for word, is listed once. */
    public void add(Problem problem) {
        if (problem.severity() == Severity.ERROR) {
            errors++;
            if (spoilt.contains(problem.place())) {
                return;
            }
        }
        list(problem);
    }

    private void list(Problem problem) {
        if (found.size() < MOST) {
            found.add(problem);
        } else if (!found.contains(problem)) {
            unlisted++;
        }
    }

    /** Tells what is wrong with the text of a scalar, after which its reader's complaints about it are no news. */
    void spoil(Place place, String path, String message, Optional<String> suggestion) {
        errors++;
        list(new Problem(Severity.ERROR, place, path, message, suggestion));
        spoilt.add(place);
    }

    /** How often an error (not a warning) was told; a reader compares before and after to know whether its part was clean. */
    public int errors() {
        return errors;
    }

    /** How many problems were found beyond those listed. */
    public int unlisted() {
        return unlisted;
    }

    /** In the order of the file. */
    public List<Problem> list() {
        return found.stream()
                .sorted(Comparator.comparing((Problem p) -> p.place().file())
                        .thenComparingInt(p -> p.place().line())
                        .thenComparingInt(p -> p.place().column()))
                .toList();
    }
}
