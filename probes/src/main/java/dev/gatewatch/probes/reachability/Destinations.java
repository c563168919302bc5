package dev.gatewatch.probes.reachability;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.net.Cidr;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One or many hosts and ports, as written in one line: {@code host:443}, {@code host:80,443,8000-8010}, {@code 10.0.0.0/28:8080},
 * {@code [fd00::/126]:443}. Immutable.
 *
 * @param text as written
 * @param all at least one, at most {@value #MOST}
 */
record Destinations(String text, List<HostPort> all) {
    /** So many paths a probe may have. */
    static final int MOST = 256;

    private static final int LAST_PORT = 65_535;
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:./]+)]|([^:\\[\\]\\s]+)):([0-9,-]+)");
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}");

    static final ValueType<Destinations> TYPE = Types.scalar(
            "host:port, where the host may be a CIDR block and the port a list such as 80,443,8000-8010 (at most " + MOST
                    + " in all)",
            Map.of("type", "string"),
            Destinations::parse);

    Destinations {
        all = List.copyOf(all);
    }

    static Optional<Destinations> parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        Optional<List<Integer>> ports = ports(form.group(3));
        Optional<List<String>> hosts = form.group(1) != null ? block(form.group(1)) : hosts(form.group(2));
        if (ports.isEmpty()
                || hosts.isEmpty()
                || (long) ports.get().size() * hosts.get().size() > MOST) {
            return Optional.empty();
        }
        return Optional.of(new Destinations(
                text.strip(),
                hosts.get().stream()
                        .flatMap(host -> ports.get().stream().map(port -> new HostPort(host, port)))
                        .toList()));
    }

    private static Optional<List<String>> hosts(String text) {
        if (text.indexOf('/') >= 0) {
            return block(text);
        }
        return HOST.matcher(text).matches() ? Optional.of(List.of(text)) : Optional.empty();
    }

    /** All addresses of a block. */
    private static Optional<List<String>> block(String text) {
        Optional<Cidr> block = Cidr.parse(text);
        int bits = block.map(b -> b.network().getAddress().length * 8 - b.prefix()).orElse(Integer.MAX_VALUE);
        if (bits > 8) { // 256 addresses
            return Optional.empty();
        }
        byte[] first = block.orElseThrow().network().getAddress();
        var addresses = new ArrayList<String>();
        for (int i = 0; i < 1 << bits; i++) {
            byte[] address = first.clone();
            byte[] sum = new BigInteger(1, first).add(BigInteger.valueOf(i)).toByteArray();
            int count = Math.min(sum.length, address.length);
            System.arraycopy(sum, sum.length - count, address, address.length - count, count);
            addresses.add(shown(address));
        }
        return Optional.of(addresses);
    }

    private static String shown(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 or 16 bytes always are an address
        }
    }

    private static Optional<List<Integer>> ports(String text) {
        var ports = new ArrayList<Integer>();
        for (String part : text.split(",", -1)) {
            Matcher form = PORTS.matcher(part);
            if (!form.matches()) {
                return Optional.empty();
            }
            int from = Integer.parseInt(form.group(1));
            int to = form.group(2) == null ? from : Integer.parseInt(form.group(2));
            if (from < 1 || to < from || to > LAST_PORT || to - from >= MOST) {
                return Optional.empty();
            }
            for (int port = from; port <= to; port++) {
                if (!ports.contains(port)) {
                    ports.add(port);
                }
            }
        }
        return Optional.of(ports);
    }
}
