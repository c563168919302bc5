package dev.gatewatch.probes.permissions;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.RequestKeys;
import dev.gatewatch.probes.identity.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Something that identities try. Immutable.
 *
 * @param request without a credential
 * @param expect what the answer is like when it was done
 * @param allowed the names of the identities that may
 * @param skipped the names of those that do not try
 * @param secrets of the request and the expectation
 */
record Action(
        HttpRequest request, Expectation expect, Set<String> allowed, Set<String> skipped, List<Secret> secrets) {
    private static final Key<Expectation> EXPECT = Key.withDefault(
            "expect",
            Expectation.TYPE,
            Expectation.DEFAULT,
            "status: 2xx",
            "What the answer is like when the action was allowed and done.");
    private static final Key<List<String>> ALLOW = Key.required(
            "allow",
            Types.list(Types.name(), 0),
            "Names of the identities that may do it; every other one must be refused. [] for nobody.");
    private static final Key<List<String>> SKIP = Key.withDefault(
            "skip",
            Types.list(Types.name(), 0),
            List.of(),
            "nobody",
            "Names of the identities that do not try it, because it would really be done, or does not concern them.");

    /** As read: its address is known only with the rest of the probe. */
    static final SectionType<Section> TYPE = SectionType.of(
            "action",
            Stream.concat(Paths.REQUEST_KEYS.stream(), Stream.of(EXPECT, ALLOW, SKIP)).toList(),
            section -> section);

    Action {
        allowed = Set.copyOf(allowed);
        skipped = Set.copyOf(skipped);
        secrets = List.copyOf(secrets);
    }

    /** Reads an action; problems are told to its section. */
    static Action read(Section section, Section whole, Set<String> identities) {
        HttpRequest request = Paths.read(section, whole);
        Expectation expect = section.get(EXPECT);
        if (expect.latency().isPresent()) {
            section.problem(EXPECT, "latency is judged by rules on cell_latency here, as a run has many answers; remove it");
        }
        for (Key<List<String>> key : List.of(ALLOW, SKIP)) {
            for (String name : section.get(key)) {
                if (!identities.contains(name)) {
                    section.problem(
                            key, "no identity is called \"" + name + "\"; there are: " + String.join(", ", identities));
                }
            }
        }
        var secrets = new ArrayList<>(request.secrets());
        secrets.addAll(RequestKeys.bodySecrets(section));
        secrets.addAll(expect.secrets());
        return new Action(request, expect, Set.copyOf(section.get(ALLOW)), Set.copyOf(section.get(SKIP)), secrets);
    }
}
