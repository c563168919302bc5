package dev.gatewatch.alerting.channel.exec;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.support.ChatText;
import dev.gatewatch.alerting.channel.support.Plain;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The {@code exec} channel's type. */
public final class ExecType implements ChannelType {
    private static final Key<List<Secret>> COMMAND = Key.required(
            "command",
            Types.list(Types.secret(), 1),
            "Program and arguments, a list; no shell reads them. A program without / is looked up in PATH. Arguments are visible to other"
                    + " users of the machine: put secrets into environment.");

    private static final Key<SequencedMap<String, Secret>> ENVIRONMENT = Key.optional(
            "environment",
            Types.map(
                    Types.text("a variable's name that does not begin with GATEWATCH_", "(?!GATEWATCH_)[A-Za-z_][A-Za-z0-9_]{0,99}"),
                    Types.secret()),
            "Variables of its environment, beside PATH, LANG and GATEWATCH_…; it gets nothing else of the daemon's own. Treated as secrets.");

    private static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            Types.duration(Duration.ofMillis(100), Duration.ofMinutes(2)),
            Duration.ofSeconds(10),
            "10s",
            "How long the program may take before it is ended with all that it started.");

    @Override
    public String name() {
        return "exec";
    }

    @Override
    public String description() {
        return "Runs a program of yours for each message: JSON on standard input, GATEWATCH_… variables; exit code 0 delivers, 75 asks to try"
                + " again, others refuse.";
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(COMMAND, ENVIRONMENT, TIMEOUT);
    }

    @Override
    public Channel create(Section section, Setup setup) {
        List<Secret> command = section.get(COMMAND);
        Map<String, Secret> environment =
                section.<SequencedMap<String, Secret>>find(ENVIRONMENT).<Map<String, Secret>>map(e -> e).orElse(Map.of());
        if (command.stream().anyMatch(ExecType::unfit)) {
            section.problem(COMMAND, "a NUL character cannot be passed to a program");
        }
        if (environment.values().stream().anyMatch(ExecType::unfit)) {
            section.problem(ENVIRONMENT, "a NUL character cannot be passed to a program");
        }
        return new ExecChannel(
                new Program(command, environment, section.get(TIMEOUT)),
                new ChatText(setup, Plain.CHARS, ExecChannel.MOST_TEXT, false),
                Clock.systemUTC());
    }

    private static boolean unfit(Secret text) {
        return text.reveal().indexOf('\0') >= 0;
    }
}
