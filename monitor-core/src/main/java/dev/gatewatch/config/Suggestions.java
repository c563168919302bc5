package dev.gatewatch.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** "Did you mean": the nearest known word. */
public final class Suggestions {
    private Suggestions() {}

    /** {@code did you mean "interval"?}, where a known word is near enough. */
    public static Optional<String> didYouMean(String written, Collection<String> known) {
        return nearest(written, known).map(word -> "did you mean \"" + word + "\"?");
    }

    /** The known word with the smallest edit distance, when at most a third of it (and at least one letter) would change. */
    public static Optional<String> nearest(String written, Collection<String> known) {
        String plain = normal(written);
        record Candidate(String word, int distance) {}
        return known.stream()
                .map(word -> new Candidate(word, distance(plain, normal(word))))
                .filter(c -> c.distance() <= Math.max(1, Math.max(plain.length(), c.word().length()) / 3))
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::word))
                .map(Candidate::word);
    }

    private static String normal(String word) {
        return word.length() > 64 ? word.substring(0, 64) : word.toLowerCase(java.util.Locale.ROOT).replace('-', '_');
    }

    /** Edit distance where swapping two neighbours counts once (optimal string alignment). */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
