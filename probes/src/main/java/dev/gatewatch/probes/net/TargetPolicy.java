package dev.gatewatch.probes.net;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Cause;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses this daemon may send packets to. Asked after name resolution, with the very address that would be connected to, on
 * every hop. Immutable.
 *
 * <p>An address is refused when {@code deny} has it, unless {@code allow} does; where {@code allow} is not empty, also when it does not
 * have it. Link-local addresses, where clouds serve their metadata, are denied from the start.
 */
public final class TargetPolicy {
    /** Metadata services of clouds, beside those of link-local addresses. */
    private static final List<TargetRule> ALWAYS_DENIED = List.of(
            rule("169.254.0.0/16"), rule("fe80::/10"), rule("fd00:ec2::254"), rule("100.100.100.200"), rule("168.63.129.16"));

    /** Nothing but what is denied from the start. */
    public static final TargetPolicy STANDARD = new TargetPolicy(List.of(), List.of());

    private static final Key<List<TargetRule>> ALLOW = Key.withDefault(
            "allow",
            Types.list(TargetRule.TYPE, 0),
            List.of(),
            "everything that is not denied",
            "Targets that may be probed, and nothing else: CIDR blocks, addresses, host names or *.domain, each with :port or"
                    + " :port-port where only some are meant. Wins over deny.");
    private static final Key<List<TargetRule>> DENY = Key.withDefault(
            "deny",
            Types.list(TargetRule.TYPE, 0),
            List.of(),
            "none",
            "Targets that must not be probed, written likewise; link-local addresses and clouds' metadata services always are"
                    + " among them.");

    /** The {@code targets} section of a configuration. */
    public static final SectionType<TargetPolicy> TYPE =
            SectionType.of("targets", List.of(ALLOW, DENY), s -> new TargetPolicy(s.get(ALLOW), s.get(DENY)));

    private final List<TargetRule> allow;
    private final List<TargetRule> deny;

    private TargetPolicy(List<TargetRule> allow, List<TargetRule> deny) {
        this.allow = List.copyOf(allow);
        this.deny = List.copyOf(deny);
    }

    /** The policy of the configuration that a probe's section stands in. */
    public static TargetPolicy of(Section section) {
        return section.reading().shared(TargetPolicy.class).orElse(STANDARD);
    }

    /**
     * Why a packet may not go there; nothing where it may.
     *
     * @param host the name that was asked for, or the address as written
     * @param to where the packet would go
     */
    public Optional<Failure> refuses(String host, InetSocketAddress to) {
        if (has(allow, host, to)) {
            return Optional.empty();
        }
        Optional<TargetRule> denied = find(deny, host, to).or(() -> find(ALWAYS_DENIED, host, to));
        if (denied.isPresent()) {
            return Optional.of(forbidden(host, to, "targets.deny has " + denied.get()
                    + (deny.contains(denied.get()) ? "" : " from the start: link-local, or a cloud's metadata service")));
        }
        return allow.isEmpty() ? Optional.empty() : Optional.of(forbidden(host, to, "targets.allow does not have it"));
    }

    /**
     * Why a request may not be made for a name that somebody else, such as a proxy, resolves; nothing where it may. Only rules of names
     * can tell; where {@code allow} is not empty, one of those must have it.
     */
    public Optional<Failure> refusesName(String host, int port) {
        var to = InetSocketAddress.createUnresolved(host, port);
        if (has(allow, host, to)) {
            return Optional.empty();
        }
        Optional<TargetRule> denied = find(deny, host, to);
        if (denied.isPresent()) {
            return Optional.of(forbidden(host, to, "targets.deny has " + denied.get()));
        }
        return allow.isEmpty()
                ? Optional.empty()
                : Optional.of(forbidden(host, to, "targets.allow does not have the name, and its address is the proxy's to find"));
    }

    /**
     * As {@link #refuses}, for an address that a peer sent us to by a redirect: it may not lead from elsewhere to what only this machine
     * can reach, unless {@code targets.allow} has it.
     *
     * @param first where the run's first request went
     */
    public Optional<Failure> refusesRedirect(String host, InetSocketAddress to, InetAddress first) {
        Optional<Failure> refused = refuses(host, to);
        InetAddress address = to.getAddress();
        boolean inward = (inward(address) && !inward(first)) || (address.isLinkLocalAddress() && !first.isLinkLocalAddress());
        if (refused.isPresent() || !inward || has(allow, host, to)) {
            return refused;
        }
        return Optional.of(new Failure(
                Cause.TARGET_FORBIDDEN,
                "a redirect leads to " + address.getHostAddress()
                        + ", which only this machine can reach; it was not followed"));
    }

    private static Failure forbidden(String host, InetSocketAddress to, String why) {
        String at = NetFailures.show(to);
        boolean literal = to.isUnresolved() || to.getAddress().getHostAddress().equals(host);
        return new Failure(
                Cause.TARGET_FORBIDDEN,
                (literal ? at : host + " (" + at + ")") + " may not be probed: " + why + "; nothing was sent");
    }

    private static boolean inward(InetAddress address) {
        return address.isLoopbackAddress() || address.isAnyLocalAddress();
    }

    private static boolean has(List<TargetRule> rules, String host, InetSocketAddress to) {
        return find(rules, host, to).isPresent();
    }

    private static Optional<TargetRule> find(List<TargetRule> rules, String host, InetSocketAddress to) {
        return rules.stream().filter(rule -> rule.has(host, to)).findFirst();
    }

    private static TargetRule rule(String text) {
        return TargetRule.parse(text).orElseThrow();
    }

    /** For tests and for the parts of a policy that are not written in a file. */
    static TargetPolicy of(List<String> allow, List<String> deny) {
        return new TargetPolicy(
                allow.stream().map(TargetPolicy::rule).toList(), deny.stream().map(TargetPolicy::rule).toList());
    }
}
