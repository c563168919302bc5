package dev.gatewatch.alerting.channel;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.email.SmtpServer;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.view.AlertView;
import java.net.URI;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import tools.jackson.databind.json.JsonMapper;

/** Prints what each channel would send of one alert's beginning, its end and a digest, for people who work on its words: {@code PrintTexts [type…]}. */
final class PrintTexts {
    private static final Map<String, String> ANSWERS = Map.of(
            "slack", "ok", "mattermost", "ok", "telegram", "{\"ok\":true,\"result\":{\"message_id\":77}}", "discord", "{\"id\":\"1\"}", "ntfy", "{\"id\":\"1\"}");

    private PrintTexts() {}

    public static void main(String[] args) throws Exception {
        var wanted = List.of(args);
        try (var server = new MockWebServer();
                var mail = SmtpServer.plain()) {
            server.start();
            for (ChannelType type : ServiceLoader.load(ChannelType.class)) {
                if (!wanted.isEmpty() && !wanted.contains(type.name())) {
                    continue;
                }
                server.setDispatcher(new Dispatcher() {
                    @Override
                    public MockResponse dispatch(RecordedRequest request) {
                        print(new String(request.getBody().toByteArray(), java.nio.charset.StandardCharsets.UTF_8));
                        return new MockResponse.Builder()
                                .code(200)
                                .body(ANSWERS.getOrDefault(type.name(), "{\"code\":0,\"errcode\":0,\"result\":\"x\",\"status\":\"success\"}"))
                                .build();
                    }
                });
                for (Wording wording : List.of(new Wording(Wording.Language.EN, ZoneOffset.UTC), new Wording(Wording.Language.ZH, ZoneId.of("Asia/Shanghai")))) {
                    print(type, config(type.name(), server.getPort(), mail.port()), wording);
                    mail.mails.forEach(letter -> System.out.println(letter.data()));
                    mail.mails.clear();
                }
            }
        }
    }

    private static void print(ChannelType type, Map<String, Object> config, Wording wording) throws InterruptedException {
        AlertView firing = AlertSamples.firing("a1");
        var digest = new ArrayList<Notice>();
        for (int i = 0; i < 4; i++) {
            digest.add(AlertSamples.notice(10 + i, AlertSamples.firing("d" + i, "checkout-" + i, "took 2.21 s, expected at most 800 ms")));
        }
        var setup = new Setup("ops", "dc1", Optional.of(URI.create("https://watch.example.com")), wording);
        try (Channel channel = type.create(Sections.of(type.keys(), config), setup)) {
            switch (channel) {
                case Messenger messenger -> {
                    for (List<Notice> notices : List.of(
                            List.of(AlertSamples.notice(1, firing)), List.of(AlertSamples.notice(2, AlertSamples.resolved(firing))), digest)) {
                        System.out.println("\n=== " + type.name() + " " + wording.language() + ": " + notices.size() + " × " + notices.getFirst().kind());
                        System.out.println(messenger.send(notices.subList(0, messenger.fitting(notices))));
                    }
                }
                case Channel.Mirror mirror -> {
                    System.out.println("\n=== " + type.name() + " " + wording.language());
                    System.out.println(mirror.push(0, List.of(firing, AlertSamples.resolved(firing)), AlertSamples.START.plusSeconds(60)));
                }
            }
        }
    }

    private static void print(String json) {
        try {
            System.out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(JsonMapper.shared().readTree(json)));
        } catch (tools.jackson.core.JacksonException _) {
            System.out.println(json);
        }
    }

    private static Map<String, Object> config(String type, int port, int smtp) {
        String base = "http://127.0.0.1:" + port;
        return new HashMap<>(
                switch (type) {
                    case "alertmanager" -> Map.of("urls", List.of(base));
                    case "telegram" -> Map.of("api_url", base, "token", "1:x", "chat", "-1001");
                    case "ntfy" -> Map.of("server", base, "topic", "ops");
                    case "opsgenie" -> Map.of("url", base, "api_key", "k");
                    case "pagerduty" -> Map.of("url", base, "routing_key", "R".repeat(32));
                    case "webhook" -> Map.of("url", base);
                    case "email" -> Map.of("host", "127.0.0.1", "port", smtp, "security", "none", "from", "gatewatch@example.com", "to", List.of("ops@example.com"));
                    case "exec" -> Map.of("command", List.of("/bin/cat"));
                    case "log" -> Map.of();
                    default -> Map.of("webhook_url", base + "/x");
                });
    }
}
