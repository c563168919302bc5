package dev.gatewatch.config;

import dev.gatewatch.config.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collects what is wrong with a configuration, so that everything is said at once. Confined to the reading thread. */
public final class Problems {
    /** Beyond this many the rest is only counted: a wrong file should not print a book. */
    static final int MOST = 200;

    private final List<Problem> found = new ArrayList<>();
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

    public void add(Problem problem) {
        if (problem.severity() == Severity.ERROR) {
            errors++;
        }
        if (found.size() < MOST) {
            found.add(problem);
        } else {
            unlisted++;
        }
    }

    /** How many errors (not warnings) there are; a reader compares before and after to know whether its part was clean. */
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
