package dev.gatewatch.probes.websocket;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probes.httpclient.Auth;
import dev.gatewatch.probes.httpclient.AuthKeys;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.tls.TlsSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/** {@code type: websocket}: an endpoint that must become a WebSocket and hold a dialogue. */
public final class WebSocketProbeType implements ProbeType {
    private static final long MIB = 1024 * 1024;

    /** What the handshake is made of is not the user's to say. */
    private static final Set<String> OWN_HEADERS =
            Set.of("connection", "upgrade", "content-length", "transfer-encoding", "te", "trailer");

    private static final Key<WebSocketUrl> URL =
            Key.required("url", WebSocketUrl.TYPE, "Where to connect: a ws:// or wss:// address.");
    private static final Key<SequencedMap<String, HeaderText>> HEADERS = Key.optional(
            "headers",
            Types.map(HeaderText.nameType(), HeaderText.type()),
            "Headers of the upgrade request, such as Origin. Values are never shown.");
    private static final Key<Auth> AUTH = Key.optional(
            "auth", AuthKeys.TYPE, "Credential of the upgrade request: basic, bearer, or oauth with a client's name.");
    private static final Key<TlsSettings> TLS = Key.withDefault(
            "tls",
            TlsSettings.TYPE,
            TlsSettings.standard(),
            "the runtime's authorities",
            "Trust, client certificate and server name, for a wss:// address.");
    private static final Key<SequencedSet<String>> SUBPROTOCOL = Key.optional(
            "subprotocol",
            Types.set(Types.text("a subprotocol's name", "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}")),
            "Subprotocol to offer, or a list of them, the preferred one first; the server has to choose one of them.");
    private static final Key<List<Step>> STEPS = Key.withDefault(
            "steps",
            Types.list(Step.TYPE, 0),
            List.of(),
            "[]",
            "The dialogue, in order: each step sends one message or waits for one.");
    private static final Key<Boolean> PING = Key.withDefault(
            "ping", Types.bool(), false, "false", "Send a ping after the upgrade and time the pong (ping_seconds).");
    private static final Key<Long> MAX_MESSAGE = Key.withDefault(
            "max_message",
            Types.bytes(1, 64 * MIB),
            MIB,
            "1MB",
            "Largest message to take from the server; a larger one is body_too_large.");
    private static final Key<Expectation> EXPECT = Key.withDefault(
            "expect", Expectation.TYPE, Expectation.DEFAULT, "{}", "What must hold beside the dialogue.");

    @Override
    public String name() {
        return "websocket";
    }

    @Override
    public String description() {
        return "Upgrades a connection to a WebSocket and holds a dialogue over it.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(URL, HEADERS, AUTH, TLS, IpFamily.KEY, SUBPROTOCOL, STEPS, PING, MAX_MESSAGE, EXPECT);
    }

    @Override
    public Key<?> endpoint() {
        return URL;
    }

    @Override
    public List<FactSpec> facts() {
        return WebSocketFacts.SPECS;
    }

    @Override
    public List<String> phases() {
        return WebSocketFacts.PHASES;
    }

    @Override
    public Optional<String> phaseMetric() {
        return Optional.of("probe_websocket_duration_seconds");
    }

    @Override
    public Probe create(Section section) {
        SequencedMap<String, HeaderText> headers = section.find(HEADERS).orElseGet(LinkedHashMap::new);
        Optional<Auth> auth = section.find(AUTH);
        WebSocketUrl url = section.get(URL);
        for (String name : headers.keySet()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (OWN_HEADERS.contains(lower) || lower.startsWith("sec-websocket-")) {
                section.problem(HEADERS, "the header " + name + " is set by the probe itself");
            }
            if (lower.equals("authorization") && auth.isPresent()) {
                section.problem(HEADERS, "auth and an Authorization header say the same thing; keep one");
            }
        }
        if (section.has(TLS) && !url.secure()) {
            section.problem(TLS, "tls goes with a wss:// address; this one is ws://");
        }
        var config = new WebSocketConfig(
                url,
                headers,
                auth,
                section.get(TLS),
                section.find(SUBPROTOCOL).map(List::copyOf).orElse(List.of()),
                section.get(STEPS),
                section.get(PING),
                section.get(MAX_MESSAGE),
                section.get(EXPECT));
        return new WebSocketProbe(Connector.of(section, section.get(IpFamily.KEY)), config);
    }

    @Override
    public Optional<Map<String, Object>> adHoc(String target) {
        return WebSocketUrl.parse(target).map(_ -> Map.of(URL.name(), target));
    }
}
