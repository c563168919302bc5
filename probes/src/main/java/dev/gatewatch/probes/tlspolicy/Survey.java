package dev.gatewatch.probes.tlspolicy;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** All offers to a server and its answers, in the order in which they were made. Confined to the run's thread. */
final class Survey {
    /** So many suites of a group that must be refused are named. */
    private static final int MOST_NAMED = 20;

    private final SequencedMap<Offer, Answer> answers = new LinkedHashMap<>();

    /** Versions, newest first. */
    static List<Offer> versions() {
        return Arrays.stream(Protocol.values()).map(Offer::of).toList().reversed();
    }

    /** Groups, strongest first, and the suites that the policy names. */
    static List<Offer> suites(Policy policy) {
        var all = new ArrayList<Offer>();
        SuiteGroup.STRONGEST_FIRST.forEach(group -> all.add(Offer.of(group)));
        java.util.stream.Stream.concat(policy.accept().stream(), policy.refuse().stream())
                .sorted()
                .flatMap(word -> Suite.named(word).stream())
                .forEach(suite -> all.add(Offer.of(suite)));
        return all;
    }

    /**
     * Makes the offers of versions; those of suites follow where the server speaks TLS at all.
     *
     * @return why the offers ended before the last, where no connection was made
     */
    Optional<Answer.Unconnected> make(Offering offering, Policy policy) throws InterruptedIOException {
        List<Offer> versions = versions();
        List<Offer> suites = suites(policy);
        int left = versions.size() + suites.size();
        for (Offer version : versions) {
            Answer answer = offering.make(version, left--);
            if (answer instanceof Answer.Unconnected end) {
                return Optional.of(end);
            }
            answers.put(version, answer);
        }
        if (!speaksTls()) {
            return Optional.empty();
        }
        boolean upTo12 = Arrays.stream(Protocol.values()).anyMatch(p -> p != Protocol.TLS13 && maybe(Offer.of(p)));
        for (Offer suite : suites) {
            boolean implied = suite.newest() != Protocol.TLS13 && !upTo12;
            Answer answer = implied ? new Answer.Implied() : offering.make(suite, left);
            left--;
            if (answer instanceof Answer.Unconnected end) {
                return Optional.of(end);
            }
            answers.put(suite, answer);
        }
        return Optional.empty();
    }

    /** Whether a version was not plainly refused. */
    private boolean maybe(Offer version) {
        Answer answer = answers.get(version);
        return answer instanceof Answer.Accepted || answer instanceof Answer.Silent || answer instanceof Answer.Unasked;
    }

    /** Whether any answer was TLS. */
    boolean speaksTls() {
        return answers.values().stream().anyMatch(Answer::isTls);
    }

    SequencedMap<Offer, Answer> answers() {
        return java.util.Collections.unmodifiableSequencedMap(answers);
    }

    Optional<Answer> answer(String name) {
        return answers.entrySet().stream()
                .filter(e -> e.getKey().name().equals(name))
                .findFirst()
                .map(java.util.Map.Entry::getValue);
    }

    /** The newest version that was accepted, with its suite. */
    Optional<Answer.Accepted> best() {
        return answers.values().stream()
                .flatMap(a -> a instanceof Answer.Accepted accepted ? java.util.stream.Stream.of(accepted) : java.util.stream.Stream.empty())
                .findFirst();
    }

    /** The names of the suites of an accepted offer that the server accepts, by offering it again without those seen. */
    static List<String> accepted(Offer offer, Answer.Accepted first, Offering offering) throws InterruptedIOException {
        var names = new ArrayList<String>();
        Offer rest = offer;
        Answer answer = first;
        while (answer instanceof Answer.Accepted accepted && names.size() < MOST_NAMED) {
            names.add(Suite.nameOf(accepted.suite()));
            rest = rest.without(accepted.suite());
            answer = rest.suites().isEmpty() ? new Answer.Closed() : offering.make(rest, 2);
        }
        return names;
    }
}
