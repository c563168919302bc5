package dev.gatewatch.probes.permissions;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.identity.Identity;
import dev.gatewatch.probes.identity.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/** Probes that compare what identities may do with what they should. */
public final class PermissionsProbeType implements ProbeType {
    /** As many facts of a family are kept of a run. */
    private static final int MOST_CELLS = FactSpec.MOST_OF_FAMILY;

    private static final Key<SequencedMap<String, Identity>> IDENTITIES = Key.required(
            "identities",
            Types.map(Types.name(), SectionType.of("identity", Identity.KEYS, Identity::read)),
            "Name to how requests in its name are made; {} for a stranger without a credential.");
    private static final Key<SequencedMap<String, Section>> ACTIONS = Key.required(
            "actions",
            Types.map(Types.name(), Action.TYPE),
            "Name to the request that tries it, and who may. It is really sent, in everybody's name: choose what does no harm.");
    private static final Key<List<Integer>> REFUSED = Key.withDefault(
            "refused",
            Types.oneOrMore(Types.integer(300, 599)),
            List.of(403),
            "403",
            "Statuses that mean a lack of rights; add 404 where the target hides what one may not see, 302 where it leads to a login."
                    + " Always understood: error codes such as AccessDenied in XML, JSON or headers, insufficient_scope, and 401 for an"
                    + " identity without a credential.");
    private static final Key<Integer> CONCURRENCY = Key.withDefault(
            "concurrency", Types.integer(1, 32), 4, "4", "How many requests are under way at once.");

    private static final Set<String> UNUSED = Set.of("follow_redirects", "max_redirects");

    @Override
    public String name() {
        return "permissions";
    }

    @Override
    public String description() {
        return "Lets every identity try every action and compares who may with who should: names each missing right"
                + " (permission_missing) and, worse, each right too much (permission_excess).";
    }

    @Override
    public List<Key<?>> keys() {
        return Stream.concat(
                        Stream.<Key<?>>of(Paths.BASE, IDENTITIES, ACTIONS, REFUSED, CONCURRENCY),
                        ClientSettings.KEYS.stream().filter(key -> !UNUSED.contains(key.name())))
                .toList();
    }

    @Override
    public Key<?> endpoint() {
        return Paths.BASE;
    }

    @Override
    public List<FactSpec> facts() {
        return List.of(
                FactSpec.family(
                        MatrixVerdict.ALLOWED,
                        "probe_permission_allowed",
                        "cell",
                        "Whether identity/action was allowed; absent where the answer says neither."),
                FactSpec.family(
                        MatrixVerdict.LATENCY,
                        "probe_permission_latency_seconds",
                        "cell",
                        "Seconds until identity/action was answered; absent where it was not tried."),
                FactSpec.gauge(MatrixVerdict.CELLS, "probe_permission_cells", "Pairs of an identity and an action."),
                FactSpec.gauge(
                        MatrixVerdict.EXCESS, "probe_permission_excess", "Pairs that are allowed and must be denied."),
                FactSpec.gauge(
                        MatrixVerdict.MISSING, "probe_permission_missing", "Pairs that are denied and must be allowed."),
                FactSpec.gauge(
                        MatrixVerdict.UNCLEAR,
                        "probe_permission_unclear",
                        "Pairs whose answer is neither: an error, a rejected credential, a time-out."));
    }

    @Override
    public List<String> phases() {
        return List.of(PermissionsProbe.PHASE);
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_permission_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        SequencedMap<String, Identity> identities = section.get(IDENTITIES);
        var cells = new ArrayList<Cell>();
        var secrets = new ArrayList<Secret>();
        section.get(ACTIONS).forEach((name, written) -> {
            Action action = Action.read(written, section, identities.keySet());
            secrets.addAll(action.secrets());
            identities.forEach((who, identity) -> {
                secrets.addAll(identity.of(action.request()).secrets());
                if (!action.skipped().contains(who)) {
                    cells.add(new Cell(who, identity, name, action));
                }
            });
        });
        if (cells.isEmpty()) {
            section.problem(ACTIONS, "there is nothing to try: name at least one identity and one action");
        }
        if (cells.size() > MOST_CELLS) {
            section.problem(
                    ACTIONS,
                    cells.size() + " pairs of identity and action are more than " + MOST_CELLS + "; write several probes");
        }
        return new PermissionsProbe(
                Paths.shown(section),
                cells,
                section.get(REFUSED),
                section.get(CONCURRENCY),
                ClientSettings.read(section),
                secrets.stream().distinct().toList());
    }
}
