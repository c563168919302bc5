package dev.gatewatch.alerting.channel.ntfy;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code ntfy} channel's type. */
public final class NtfyType implements ChannelType {
    private static final Key<SecretUrl> SERVER = Key.withDefault(
            "server",
            SecretUrl.type(),
            SecretUrl.parse("https://ntfy.sh").orElseThrow(),
            "https://ntfy.sh",
            "The ntfy server's address, without a topic.");

    private static final Key<Secret> TOPIC = Key.required(
            "topic", Types.secret(), "The topic's name. On a server without accounts whoever knows it can read it: treated as a secret.");

    private static final Key<Secret> TOKEN = Key.optional("token", HttpKeys.headerValue(), "An access token (tk_…) to publish with.");

    @Override
    public String name() {
        return "ntfy";
    }

    @Override
    public String description() {
        return "Pushes to phones and browsers through an ntfy server; critical alerts with the highest priority.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(SERVER, TOPIC, TOKEN, HttpKeys.BASIC_AUTH, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        SecretUrl server = section.get(SERVER);
        if (server.reveal().pathSegments().stream().anyMatch(segment -> !segment.isEmpty())) {
            // messages are published at the root; a topic in the address would take the JSON for a text
            section.problem(SERVER, "the server's address has no path; the topic stands in its own key");
        }
        if (section.has(HttpKeys.BASIC_AUTH) && section.has(TOKEN)) {
            section.problem(TOKEN, "basic_auth and token cannot go together");
        }
        Optional<Secret> authorization = section.find(HttpKeys.BASIC_AUTH)
                .map(HttpKeys.BasicAuth::header)
                .or(() -> section.find(TOKEN).map(token -> new Secret("Bearer " + token.reveal())));
        var secrets = new ArrayList<Secret>();
        section.find(HttpKeys.BASIC_AUTH).ifPresent(basic -> secrets.addAll(basic.secrets()));
        section.find(TOKEN).ifPresent(secrets::add);
        return new ChatChannel(
                new ChatText(setup, NtfyTopic.MARKUP, NtfyTopic.MOST, true),
                new NtfyTopic(server, section.get(TOPIC), authorization, secrets),
                HttpKeys.sender(section),
                Clock.systemUTC());
    }
}
