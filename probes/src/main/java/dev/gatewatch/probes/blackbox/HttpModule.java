package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.blackbox.Module.BadTarget;
import dev.gatewatch.probes.blackbox.Module.Translation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** The {@code http} block of a module. */
final class HttpModule {
    /** Where a module sets no bound, or a larger one: blackbox_exporter has none then, and an endless body would fill this process. */
    private static final long LARGEST_BODY = 8L << 20;

    private static final Key<List<Integer>> STATUS =
            Key.optional("valid_status_codes", Types.list(Types.integer(100, 999), 0), "Statuses that are right.");
    private static final Key<List<String>> VERSIONS =
            Key.optional("valid_http_versions", Types.list(Types.text(), 0), "HTTP versions that are right.");
    private static final Key<String> METHOD = Key.withDefault("method", Types.text(), "GET", "GET", "Method.");
    private static final Key<SequencedMap<String, Secret>> HEADERS =
            Key.optional("headers", Types.map(Types.text(), Types.secret()), "Request headers.");

    private static final Key<SequencedMap<String, Secret>> HTTP_HEADERS = Headers.named("http_headers");
    private static final Key<Secret> BODY = Key.optional("body", Types.secret(), "Request body.");
    private static final Key<String> BODY_FILE = Key.optional("body_file", Types.text(), "File of it.");
    private static final Key<Long> SIZE_LIMIT = Key.withDefault("body_size_limit", GoTypes.size(), 0L, "0", "Largest body.");
    private static final Key<String> COMPRESSION =
            Key.optional("compression", Types.text("gzip, br, deflate or identity", "gzip|br|deflate|identity|"), "Coding.");
    private static final Key<Boolean> NO_FOLLOW =
            Key.withDefault("no_follow_redirects", GoTypes.bool(), false, "false", "Old name of the opposite of follow_redirects.");
    private static final Key<Boolean> FAIL_SSL = Key.withDefault("fail_if_ssl", GoTypes.bool(), false, "false", "No TLS.");
    private static final Key<Boolean> FAIL_NOT_SSL =
            Key.withDefault("fail_if_not_ssl", GoTypes.bool(), false, "false", "TLS.");
    private static final Key<List<String>> BODY_MATCHES = regexes("fail_if_body_matches_regexp");
    private static final Key<List<String>> BODY_NOT_MATCHES = regexes("fail_if_body_not_matches_regexp");
    private static final Key<String> CEL_MATCHES =
            Key.optional("fail_if_body_json_matches_cel", Types.text(), "CEL that must not hold.");
    private static final Key<String> CEL_NOT_MATCHES =
            Key.optional("fail_if_body_json_not_matches_cel", Types.text(), "CEL that must hold.");

    private record HeaderRule(String header, String regexp, boolean allowMissing) {}

    private static final Key<String> HEADER = Key.required("header", Types.text(), "Header.");
    private static final Key<String> REGEXP = Key.required("regexp", GoTypes.regex(), "Expression.");
    private static final Key<Boolean> ALLOW_MISSING =
            Key.withDefault("allow_missing", GoTypes.bool(), false, "false", "Whether it may be missing.");
    private static final ValueType<HeaderRule> RULE = SectionType.of(
            "header rule",
            List.of(HEADER, REGEXP, ALLOW_MISSING),
            s -> new HeaderRule(s.get(HEADER), s.get(REGEXP), s.get(ALLOW_MISSING)));
    private static final Key<List<HeaderRule>> HEADER_MATCHES = Key.withDefault(
            "fail_if_header_matches", Types.list(RULE, 0), List.of(), "none", "Headers that must not match.");
    private static final Key<List<HeaderRule>> HEADER_NOT_MATCHES = Key.withDefault(
            "fail_if_header_not_matches", Types.list(RULE, 0), List.of(), "none", "Headers that must match.");
    private static final Key<Boolean> SKIP_RESOLVE = Key.withDefault(
            "skip_resolve_phase_with_proxy", GoTypes.bool(), false, "false", "Let the proxy resolve.");
    private static final Key<Boolean> HTTP3 = Key.withDefault("enable_http3", GoTypes.bool(), false, "false", "HTTP/3.");

    static final SectionType<Translation> TYPE = SectionType.of(
            "http",
            Stream.of(
                            List.<Key<?>>of(
                                    STATUS,
                                    VERSIONS,
                                    METHOD,
                                    HEADERS,
                                    HTTP_HEADERS,
                                    BODY,
                                    BODY_FILE,
                                    SIZE_LIMIT,
                                    COMPRESSION,
                                    NO_FOLLOW,
                                    FAIL_SSL,
                                    FAIL_NOT_SSL,
                                    BODY_MATCHES,
                                    BODY_NOT_MATCHES,
                                    CEL_MATCHES,
                                    CEL_NOT_MATCHES,
                                    HEADER_MATCHES,
                                    HEADER_NOT_MATCHES,
                                    SKIP_RESOLVE,
                                    HTTP3,
                                    Addresses.PREFERRED,
                                    Addresses.FALLBACK),
                            HttpClientConfig.KEYS)
                    .flatMap(List::stream)
                    .toList(),
            HttpModule::read);

    private HttpModule() {}

    private static Key<List<String>> regexes(String name) {
        return Key.withDefault(name, Types.list(GoTypes.regex(), 0), List.of(), "none", "Expressions on the body.");
    }

    private static Translation read(Section section) {
        var keys = new LinkedHashMap<String, Object>();
        if (!section.get(METHOD).equals("GET")) {
            keys.put("method", section.get(METHOD));
        }
        HttpClientConfig.read(section, keys);
        section.find(HEADERS).ifPresent(headers -> Headers.add(headers, keys));
        section.find(HTTP_HEADERS).ifPresent(headers -> Headers.add(headers, keys));
        if (section.has(BODY) && section.has(BODY_FILE)) {
            section.problem(BODY_FILE, "only one of body and body_file may be there");
        }
        section.find(BODY).filter(body -> !body.reveal().isEmpty()).ifPresent(body -> keys.put("body", body));
        section.find(BODY_FILE).ifPresent(file -> keys.put("body_file", file));
        long limit = section.get(SIZE_LIMIT);
        keys.put("body_limit", String.valueOf(limit == 0 ? LARGEST_BODY : Math.min(limit, LARGEST_BODY)));
        if (!asksForCodings(keys) && codings(section).isEmpty()) {
            keys.put("compression", "identity");
        }
        if (section.get(NO_FOLLOW)) {
            keys.put("follow_redirects", false);
        }
        keys.put("ip_family", Addresses.family(section));
        if (section.get(SKIP_RESOLVE) && keys.containsKey("proxy")) {
            keys.put("proxy_resolves", true);
        }
        if (section.get(HTTP3)) {
            overQuic(section, keys);
        }
        var expect = expect(section);
        if (!expect.isEmpty()) {
            keys.put("expect", expect);
        }
        return new Translation("http", keys, HttpModule::aim);
    }

    private static boolean asksForCodings(SequencedMap<String, Object> keys) {
        return keys.get("headers") instanceof Map<?, ?> headers
                && headers.keySet().stream().anyMatch(name -> name.toString().equalsIgnoreCase("accept-encoding"));
    }

    private static Optional<String> codings(Section section) {
        return section.find(COMPRESSION).filter(coding -> !coding.isEmpty() && !coding.equals("identity"));
    }

    /** As blackbox_exporter has it: HTTP/3 stands alone, and goes to https. */
    private static void overQuic(Section section, SequencedMap<String, Object> keys) {
        if (section.get(HttpClientConfig.HTTP2)) {
            section.problem(HTTP3, "enable_http3 takes enable_http2: false; either of them can be on");
        }
        section.find(VERSIONS).stream()
                .flatMap(List::stream)
                .filter(version -> !version.equals("HTTP/3.0"))
                .findFirst()
                .ifPresent(version -> section.problem(
                        VERSIONS, "with enable_http3 an answer is never " + version + "; only HTTP/3.0 can be valid"));
        if (keys.containsKey("proxy")) {
            section.problem(HTTP3, "HTTP/3 goes through no proxy; leave out proxy_url or enable_http3");
        }
        keys.put("http_version", "3");
    }

    private static SequencedMap<String, Object> expect(Section section) {
        var expect = new LinkedHashMap<String, Object>();
        section.find(STATUS).filter(list -> !list.isEmpty()).ifPresent(list -> expect.put("status", list));
        section.find(VERSIONS).filter(list -> !list.isEmpty()).ifPresent(list -> expect.put(
                "http_version",
                list.stream()
                        .map(v -> v.replace("HTTP/", "").replace("2.0", "2").replace("3.0", "3"))
                        .toList()));
        var body = new LinkedHashMap<String, Object>();
        if (!section.get(BODY_MATCHES).isEmpty()) {
            body.put("not_matches", section.get(BODY_MATCHES));
        }
        if (!section.get(BODY_NOT_MATCHES).isEmpty()) {
            body.put("matches", section.get(BODY_NOT_MATCHES));
        }
        if (!body.isEmpty()) {
            expect.put("body", body);
        }
        codings(section).ifPresent(coding -> expect.put("compression", coding));
        var cel = new ArrayList<String>();
        section.find(CEL_MATCHES).ifPresent(text -> cel.add("!(" + text + ")"));
        section.find(CEL_NOT_MATCHES).ifPresent(cel::add);
        if (!cel.isEmpty()) {
            expect.put("cel", cel);
        }
        var headers = new LinkedHashMap<String, Object>();
        section.get(HEADER_MATCHES).forEach(rule -> header(headers, rule, "not_matches"));
        section.get(HEADER_NOT_MATCHES).forEach(rule -> header(headers, rule, "matches"));
        if (!headers.isEmpty()) {
            expect.put("headers", headers);
        }
        if (section.get(FAIL_SSL) || section.get(FAIL_NOT_SSL)) {
            expect.put("tls", section.get(FAIL_NOT_SSL));
        }
        return expect;
    }

    /** A missing header fails in both lists, unless it may be missing. */
    @SuppressWarnings("unchecked") // made here
    private static void header(SequencedMap<String, Object> headers, HeaderRule rule, String list) {
        var one = (Map<String, Object>) headers.computeIfAbsent(rule.header(), _ -> new LinkedHashMap<String, Object>());
        ((List<String>) one.computeIfAbsent(list, _ -> new ArrayList<String>())).add(rule.regexp());
        if (rule.allowMissing()) {
            one.putIfAbsent("allow_missing", true);
        } else {
            one.put("allow_missing", false);
            // whatever value it has, so that its absence is told
            ((List<String>) one.computeIfAbsent("matches", _ -> new ArrayList<String>())).addFirst("");
        }
    }

    private static void aim(String target, Optional<String> hostname, SequencedMap<String, Object> keys)
            throws BadTarget {
        String lower = target.toLowerCase(Locale.ROOT);
        boolean schemed = lower.startsWith("http://") || lower.startsWith("https://");
        String scheme = "3".equals(keys.get("http_version")) ? "https://" : "http://";
        keys.putFirst("url", schemed ? target : scheme + target);
        var headers = new LinkedHashMap<String, Object>();
        if (keys.get("headers") instanceof Map<?, ?> configured) {
            configured.forEach((name, value) -> headers.put(name.toString(), value));
        }
        Optional<String> host = headers.entrySet().stream()
                .filter(h -> h.getKey().equalsIgnoreCase("host"))
                .map(h -> h.getValue() instanceof Secret s ? s.reveal() : h.getValue().toString())
                .findFirst();
        if (hostname.isPresent() && host.isPresent() && !hostname.get().equals(host.get())) {
            throw BadTarget.refused("host header defined both in module configuration (" + host.get()
                    + ") and with URL-parameter 'hostname' (" + hostname.get() + ")");
        }
        Optional<String> name = hostname.or(() -> host);
        name.ifPresent(n -> {
            headers.keySet().removeIf(h -> h.equalsIgnoreCase("host"));
            headers.put("Host", n);
            keys.put("headers", headers);
            var tls = new LinkedHashMap<String, Object>();
            if (keys.get("tls") instanceof Map<?, ?> configured) {
                configured.forEach((k, v) -> tls.put(k.toString(), v));
            }
            int port = n.lastIndexOf(':');
            tls.putIfAbsent("server_name", port > 0 && n.indexOf(']') < port ? n.substring(0, port) : n);
            keys.put("tls", tls);
        });
    }
}
