package dev.gatewatch.alerting.channel.telegram;

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
import java.util.List;

/** The {@code telegram} channel's type. */
public final class TelegramType implements ChannelType {
    private static final Key<Secret> TOKEN =
            Key.required("token", HttpKeys.headerValue(), "The bot's token, as BotFather told it.");

    private static final Key<String> CHAT = Key.required(
            "chat",
            Types.text("a chat's number, or a channel's name with @", "-?[0-9]{1,20}|@[A-Za-z0-9_]{3,64}"),
            "Where the bot posts: a chat's number (negative for a group), or a channel's name with @. In quotes.");

    private static final Key<Integer> TOPIC =
            Key.optional("topic", Types.integer(1, Integer.MAX_VALUE), "The number of a topic within the chat.");

    private static final Key<SecretUrl> API_URL = Key.withDefault(
            "api_url",
            SecretUrl.type(),
            SecretUrl.parse("https://api.telegram.org").orElseThrow(),
            "https://api.telegram.org",
            "Where the Bot API is; for a server of your own.");

    @Override
    public String name() {
        return "telegram";
    }

    @Override
    public String description() {
        return "Posts to a Telegram chat as a bot; what follows answers to the first message about the trouble.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(TOKEN, CHAT, TOPIC, API_URL, HttpKeys.TIMEOUT, HttpKeys.TLS);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        var bot = new TelegramBot(
                section.get(API_URL), section.get(TOKEN), section.get(CHAT), section.find(TOPIC), setup.memory());
        return new ChatChannel(
                new ChatText(setup, TelegramMarkup.HTML, TelegramBot.MOST, false), bot, HttpKeys.sender(section), Clock.systemUTC());
    }
}
