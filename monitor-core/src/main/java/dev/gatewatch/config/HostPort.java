package dev.gatewatch.config;

import java.util.Optional;

/**
 * A host name or address and a port. Immutable.
 *
 * @param host without brackets, as written
 * @param port 0 to 65535; 0 only where a listener may take any free port
 */
public record HostPort(String host, int port) {
    /** Reads {@code host:port} or {@code [v6]:port}; with a {@code defaultPort} above 0 the port may be left out. */
    public static Optional<HostPort> parse(String text, int defaultPort) {
        String host;
        String port;
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 2 || !text.substring(1, close).matches("[0-9A-Fa-f:.%a-zA-Z]+")) {
                return Optional.empty();
            }
            host = text.substring(1, close);
            port = text.substring(close + 1);
            if (!port.isEmpty() && !port.startsWith(":")) {
                return Optional.empty();
            }
        } else {
            int colon = text.indexOf(':');
            if (colon >= 0 && text.indexOf(':', colon + 1) >= 0) {
                return Optional.empty(); // an IPv6 address without brackets: which part would be the port?
            }
            host = colon < 0 ? text : text.substring(0, colon);
            port = colon < 0 ? "" : text.substring(colon);
        }
        if (host.isEmpty() || host.length() > 253 || !host.matches("[A-Za-z0-9._:%-]+")) {
            return Optional.empty();
        }
        if (port.isEmpty()) {
            return defaultPort > 0 ? Optional.of(new HostPort(host, defaultPort)) : Optional.empty();
        }
        String digits = port.substring(1);
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int number = Integer.parseInt(digits);
        return number <= 65_535 ? Optional.of(new HostPort(host, number)) : Optional.empty();
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
