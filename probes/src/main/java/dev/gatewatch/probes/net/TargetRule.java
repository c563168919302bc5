package dev.gatewatch.probes.net;

import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a {@link TargetPolicy}: addresses or a name, and ports. Immutable.
 *
 * @param block present for a rule of addresses
 * @param name of a host in lower case, or of all hosts under a domain with a leading dot; empty for a rule of addresses
 */
public record TargetRule(Optional<Cidr> block, String name, int fromPort, int toPort) {
    private static final Pattern FORM = Pattern.compile(
            "(?:\\[(?<six>[0-9A-Fa-f:.]+(?:/\\d{1,3})?)]|(?<bare>[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:/\\d{1,3})?)"
                    + "|(?<other>[^:\\[\\]]+))(?::(?<from>\\d{1,5})(?:-(?<to>\\d{1,5}))?)?");
    private static final Pattern NAME = Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9_.-]{0,252})");
    private static final int LAST_PORT = 65_535;

    public static final ValueType<TargetRule> TYPE = Types.scalar(
            "a CIDR block, an address, a host name or *.domain, with or without :port or :port-port (IPv6 with ports as [block]:port)",
            Map.of("type", "string"),
            TargetRule::parse);

    static Optional<TargetRule> parse(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return Optional.empty();
        }
        int from = form.group("from") == null ? 0 : Integer.parseInt(form.group("from"));
        int to = form.group("to") != null
                ? Integer.parseInt(form.group("to"))
                : form.group("from") == null ? LAST_PORT : from;
        if (from > to || to > LAST_PORT) {
            return Optional.empty();
        }
        String host = form.group("six") != null
                ? form.group("six")
                : form.group("bare") != null ? form.group("bare") : form.group("other");
        Optional<Cidr> block = Cidr.parse(host);
        if (block.isPresent()) {
            return Optional.of(new TargetRule(block, "", from, to));
        }
        boolean looksLikeAddress = host.indexOf('/') >= 0 || host.chars().allMatch(c -> c == '.' || Character.isDigit(c));
        return looksLikeAddress || !NAME.matcher(host).matches()
                ? Optional.empty()
                : Optional.of(new TargetRule(Optional.empty(), host.startsWith("*") ? host.substring(1) : host, from, to));
    }

    /**
     * Whether a target is meant.
     *
     * @param to unresolved where only its name is known; a rule of addresses does not have it then
     */
    public boolean has(String host, InetSocketAddress to) {
        if (to.getPort() < fromPort || to.getPort() > toPort) {
            return false;
        }
        if (block.isPresent()) {
            return !to.isUnresolved() && block.get().has(to.getAddress());
        }
        String asked = host.toLowerCase(Locale.ROOT);
        String plain = asked.endsWith(".") ? asked.substring(0, asked.length() - 1) : asked;
        return name.startsWith(".") ? plain.endsWith(name) : plain.equals(name);
    }

    @Override
    public String toString() {
        String ports = fromPort == 0 && toPort == LAST_PORT ? "" : fromPort == toPort ? ":" + fromPort : ":" + fromPort + "-" + toPort;
        String where = block.map(Cidr::toString).orElse(name.startsWith(".") ? "*" + name : name);
        return ports.isEmpty() || where.indexOf(':') < 0 ? where + ports : "[" + where + "]" + ports;
    }
}
