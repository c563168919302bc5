package dev.gatewatch.probes.resources;

import com.google.re2j.Pattern;

/** A condition on one label, as in PromQL. Immutable. */
sealed interface LabelMatcher {
    String label();

    boolean matches(String value);

    /** {@code label="value"}, or {@code !=}. */
    record Text(String label, String value, boolean wanted) implements LabelMatcher {
        @Override
        public boolean matches(String seen) {
            return seen.equals(value) == wanted;
        }
    }

    /** {@code label=~"regex"}, or {@code !~}; the expression has to match the value in whole. */
    record Regex(String label, Pattern pattern, boolean wanted) implements LabelMatcher {
        @Override
        public boolean matches(String seen) {
            return pattern.matches(seen) == wanted;
        }
    }
}
