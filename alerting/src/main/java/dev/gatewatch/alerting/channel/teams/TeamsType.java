package dev.gatewatch.alerting.channel.teams;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.ChatChannel;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.HttpKeys;
import dev.gatewatch.alerting.channel.support.SecretUrl;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import java.time.Clock;
import java.util.List;

/** The {@code teams} channel's type. */
public final class TeamsType implements ChannelType {
    private static final Key<SecretUrl> WEBHOOK_URL =
            Key.required("webhook_url", SecretUrl.type(), "The address that the workflow shows. Whoever knows it can post: treated as a secret.");

    @Override
    public String name() {
        return "teams";
    }

    @Override
    public String description() {
        return "Posts an adaptive card to Microsoft Teams through a workflow (\"Post to a channel when a webhook request is received\").";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(WEBHOOK_URL, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        var text = new ChatText(setup, TeamsWorkflow.MARKUP, TeamsWorkflow.MOST, true);
        return new ChatChannel(text, new TeamsWorkflow(section.get(WEBHOOK_URL)), HttpKeys.sender(section), Clock.systemUTC());
    }
}
