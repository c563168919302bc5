package dev.gatewatch.probes.tlspolicy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a hello offers: a version with all its suites, or some suites with all their versions. Immutable.
 *
 * @param name its word in a configuration, in facts and in metrics
 * @param display in words, within a sentence
 * @param newest the newest version that is offered
 * @param exact whether no older version will do
 */
record Offer(String name, String display, Protocol newest, boolean exact, List<Suite> suites) {
    Offer {
        suites = List.copyOf(suites);
    }

    /** Exactly this version. */
    static Offer of(Protocol version) {
        return new Offer(
                version.word(),
                version.display(),
                version,
                true,
                version == Protocol.TLS13 ? Suite.ofTls13() : Suite.common());
    }

    /** Suites of this group, in TLS 1.2 or older. */
    static Offer of(SuiteGroup group) {
        return new Offer(group.word(), group.display(), Protocol.TLS12, false, Suite.of(group));
    }

    /** This suite alone. */
    static Offer of(Suite suite) {
        Protocol newest = suite.tls13() ? Protocol.TLS13 : Protocol.TLS12;
        return new Offer(suite.name(), suite.name(), newest, suite.tls13(), List.of(suite));
    }

    /** The same without a suite. */
    Offer without(int code) {
        return new Offer(
                name,
                display,
                newest,
                exact,
                suites.stream().filter(s -> s.code() != code).toList());
    }

    /** Whether it offers a version rather than suites. */
    boolean ofVersion() {
        return Arrays.stream(Protocol.values()).anyMatch(p -> p.word().equals(name));
    }

    boolean has(int suite) {
        return suites.stream().anyMatch(s -> s.code() == suite);
    }

    /** The offer that a word of a configuration names. */
    static Optional<Offer> named(String word) {
        return Arrays.stream(Protocol.values())
                .filter(p -> p.word().equals(word))
                .findFirst()
                .map(Offer::of)
                .or(() -> Arrays.stream(SuiteGroup.values())
                        .filter(g -> g.word().equals(word))
                        .findFirst()
                        .map(Offer::of))
                .or(() -> Suite.named(word).map(Offer::of));
    }
}
