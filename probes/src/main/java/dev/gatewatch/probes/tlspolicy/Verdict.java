package dev.gatewatch.probes.tlspolicy;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a policy says to a survey, the failure to tell first coming first. Pure functions. */
final class Verdict {
    private Verdict() {}

    /** Why a server that answered no hello in TLS did not; all offers had answers of one kind or another. */
    static Failure noTls(Survey survey, Duration timeout) {
        for (Answer answer : survey.answers().values()) {
            if (answer instanceof Answer.Garbage) {
                return new Failure(Cause.TLS_HANDSHAKE, "the server " + answer.shown());
            }
        }
        for (Answer answer : survey.answers().values()) {
            if (answer instanceof Answer.Reset) {
                return new Failure(Cause.CONNECTION_RESET, "the server cut the connection on every offer of TLS");
            }
            if (answer instanceof Answer.Closed) {
                return new Failure(
                        Cause.TLS_HANDSHAKE, "the server closed the connection on every offer of TLS without saying why");
            }
        }
        return new Failure(
                Cause.RESPONSE_TIMEOUT, "the server answered no offer of TLS within " + Durations.format(timeout));
    }

    /** What the server does against the policy. */
    static List<Failure> against(Policy policy, Survey survey, Map<String, List<String>> weakSuites, Duration timeout) {
        var failures = new ArrayList<Failure>();
        refused(policy, survey, true).ifPresent(failures::add);
        refused(policy, survey, false).ifPresent(failures::add);
        weak(policy, survey, weakSuites).ifPresent(failures::add);
        List<Offer> unasked = survey.answers().entrySet().stream()
                .filter(e -> e.getValue() instanceof Answer.Unasked)
                .map(Map.Entry::getKey)
                .filter(o -> policy.accept().contains(o.name()) || policy.refuse().contains(o.name()))
                .toList();
        if (!unasked.isEmpty()) {
            failures.add(new Failure(
                    Cause.RESPONSE_TIMEOUT,
                    "the time was up after " + Durations.format(timeout) + ", before the server was offered "
                            + names(unasked) + "; a longer timeout may be needed"));
        }
        return failures;
    }

    private static Optional<Failure> refused(Policy policy, Survey survey, boolean versions) {
        List<Map.Entry<Offer, Answer>> refused = survey.answers().entrySet().stream()
                .filter(e -> e.getKey().ofVersion() == versions)
                .filter(e -> policy.accept().contains(e.getKey().name()))
                .filter(e -> !(e.getValue() instanceof Answer.Accepted) && !(e.getValue() instanceof Answer.Unasked))
                .toList();
        if (refused.isEmpty()) {
            return Optional.empty();
        }
        List<Offer> accepted = accepted(survey).stream().filter(Offer::ofVersion).toList();
        String instead = !versions
                ? ""
                : accepted.isEmpty() ? "; it accepts no version" : "; it accepts " + names(accepted);
        return Optional.of(new Failure(
                versions ? Cause.TLS_VERSION : Cause.TLS_CIPHER,
                "the server refuses " + names(refused.stream().map(Map.Entry::getKey).toList()) + ", which "
                        + policy.author() + " wants accepted (" + refused.getFirst().getValue().shown() + ")" + instead));
    }

    private static Optional<Failure> weak(Policy policy, Survey survey, Map<String, List<String>> weakSuites) {
        var weak = new ArrayList<String>();
        for (Offer offer : accepted(survey)) {
            if (policy.refuse().contains(offer.name())) {
                List<String> suites = weakSuites.getOrDefault(offer.name(), List.of());
                boolean told = suites.isEmpty() || suites.equals(List.of(offer.name()));
                String first = told ? "" : suites.getFirst() + (suites.size() > 1 ? " and " + (suites.size() - 1) + " more" : "");
                weak.add(offer.display() + (first.isEmpty() ? "" : " (" + first + ")"));
            }
        }
        leastDhBits(survey).filter(bits -> bits < policy.leastDhBits()).ifPresent(bits ->
                weak.add("a Diffie-Hellman group of " + bits + " bits (at least " + policy.leastDhBits() + " are wanted)"));
        return weak.isEmpty()
                ? Optional.empty()
                : Optional.of(new Failure(
                        Cause.TLS_WEAK_ACCEPTED,
                        "the server accepts " + joined(weak) + ", which " + policy.author() + " wants refused"));
    }

    /** The smallest Diffie-Hellman group that the server came with. */
    static Optional<Integer> leastDhBits(Survey survey) {
        return survey.answers().values().stream()
                .flatMap(a -> a instanceof Answer.Accepted accepted && accepted.dhBits().isPresent()
                        ? java.util.stream.Stream.of(accepted.dhBits().getAsInt())
                        : java.util.stream.Stream.empty())
                .min(Integer::compare);
    }

    /** One line an offer: its name, what became of it, and what the policy wants. */
    static String table(Policy policy, Survey survey) {
        return survey.answers().entrySet().stream()
                .map(e -> row(policy, e.getKey(), e.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static String row(Policy policy, Offer offer, Answer answer) {
        boolean accepted = answer instanceof Answer.Accepted;
        String wanted = policy.accept().contains(offer.name())
                ? accepted ? "as wanted" : "must be accepted"
                : policy.refuse().contains(offer.name()) ? accepted ? "MUST BE REFUSED" : "as wanted" : "allowed";
        return "%-16s %-8s [%s] %s"
                .formatted(offer.name(), accepted ? "accepted" : "refused", wanted, answer.shown());
    }

    private static List<Offer> accepted(Survey survey) {
        return survey.answers().entrySet().stream()
                .filter(e -> e.getValue() instanceof Answer.Accepted)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String names(List<Offer> offers) {
        return joined(offers.stream().map(Offer::display).toList());
    }

    private static String joined(List<String> words) {
        return words.size() < 2
                ? String.join("", words)
                : String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    }
}
