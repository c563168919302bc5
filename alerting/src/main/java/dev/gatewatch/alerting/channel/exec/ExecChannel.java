package dev.gatewatch.alerting.channel.exec;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.AlertmanagerPayload;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.NoticeValues;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Runs a program for the notices of a group that wait together. */
final class ExecChannel implements Channel.Messenger {
    static final int MOST_TEXT = 7_900;
    private static final int MOST = 200;

    private final Program program;
    private final ChatText text;
    private final InstantSource clock;

    ExecChannel(Program program, ChatText text, InstantSource clock) {
        this.program = program;
        this.text = text;
        this.clock = clock;
    }

    @Override
    public int mostAtOnce() {
        return MOST;
    }

    @Override
    public int fitting(List<Notice> notices) {
        return Math.min(MOST, text.fitting(notices, clock.instant()));
    }

    @Override
    public boolean mixesGroups() {
        return false;
    }

    @Override
    public Delivery send(List<Notice> notices) throws InterruptedException {
        Instant now = clock.instant();
        Optional<ChatText.Message> message = text.of(notices, now);
        if (message.isEmpty()) {
            return new Delivery.Refused(notices.size() + " notices do not fit into one message");
        }
        Map<String, String> variables = new LinkedHashMap<>();
        NoticeValues.of(message.get(), notices, text.setup())
                .forEach((name, value) -> variables.put("GATEWATCH_" + name.toUpperCase(Locale.ROOT), value));
        return program.run(variables, new AlertmanagerPayload(text.setup()).json(notices, now));
    }
}
