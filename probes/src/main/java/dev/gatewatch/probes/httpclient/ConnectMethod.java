package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks an HTTP proxy for a tunnel (RFC 9110, 9.3.6). */
final class ConnectMethod {
    private static final int LONGEST_HEAD = 64 * 1_024;
    private static final int LONGEST_WORD = 120;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)(?: (.*))?");

    private ConnectMethod() {}

    static void connect(Tunnel tunnel, HostPort target, InputStream in, OutputStream out) throws IOException {
        out.write(request(tunnel, target).getBytes(StandardCharsets.UTF_8));
        out.flush();
        while (true) {
            String[] lines = head(tunnel, in).split("\r?\n");
            Matcher status = STATUS_LINE.matcher(lines[0]);
            if (!status.matches()) {
                throw tunnel.failure("does not speak HTTP: " + cut(lines[0]));
            }
            int code = Integer.parseInt(status.group(1));
            if (code >= 200 && code < 300) {
                return;
            }
            if (code >= 200) {
                throw refused(tunnel, target, code, Optional.ofNullable(status.group(2)).orElse(""), headers(lines));
            }
        }
    }

    private static String request(Tunnel tunnel, HostPort target) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Host", target.toString());
        headers.put("User-Agent", tunnel.userAgent());
        tunnel.proxy().login().ifPresent(login -> headers.put("Proxy-Authorization", login.basic().reveal()));
        tunnel.proxy().headers().forEach((name, text) -> {
            headers.keySet().removeIf(name::equalsIgnoreCase);
            headers.put(name, text.value().reveal());
        });
        var request = new StringBuilder("CONNECT " + target + " HTTP/1.1\r\n");
        headers.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        return request.append("\r\n").toString();
    }

    /** Byte by byte: what follows the head belongs to the target. */
    private static String head(Tunnel tunnel, InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        int newlines = 0;
        while (newlines < 2) {
            int b = in.read();
            if (b < 0) {
                if (head.size() == 0) {
                    throw new EOFException();
                }
                throw tunnel.failure("cut its answer short: " + cut(head.toString(StandardCharsets.ISO_8859_1)));
            }
            head.write(b);
            newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
            if (head.size() > LONGEST_HEAD) {
                throw tunnel.failure("answers with more than 64 kB of headers");
            }
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        return text.isBlank() ? "?" : text;
    }

    private static Map<String, String> headers(String[] lines) {
        var headers = new LinkedHashMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private static ProxyException refused(
            Tunnel tunnel, HostPort target, int code, String reason, Map<String, String> headers) {
        if (code == 407) {
            return tunnel.failure(wantsLogin(tunnel.proxy(), headers.get("proxy-authenticate")));
        }
        boolean tinyproxy = headers.getOrDefault("server", "").startsWith("tinyproxy");
        if (tinyproxy && code == 401) {
            return tunnel.failure(wantsLogin(tunnel.proxy(), "basic"));
        }
        Optional<String> why = ProxyWords.why(headers::get);
        return tunnel.failure("did not connect to " + target + ": " + code + (reason.isBlank() ? "" : " " + cut(reason))
                + why.map(w -> " (" + w + ")").orElse(""));
    }

    /** To complete "proxy … ". */
    static String wantsLogin(ProxySettings proxy, @org.jspecify.annotations.Nullable String challenge) {
        if (proxy.login().isPresent()) {
            String offered = challenge == null ? "Basic" : challenge;
            return offered.toLowerCase(Locale.ROOT).contains("basic")
                    ? "rejects the login of " + proxy.login().get().username() + " (407)"
                    : "wants another login than user name and password (407, " + cut(offered) + ")";
        }
        return "wants a login (407)";
    }

    static String cut(String text) {
        String line = text.strip();
        return line.length() > LONGEST_WORD ? line.substring(0, LONGEST_WORD - 1) + "…" : line;
    }
}
