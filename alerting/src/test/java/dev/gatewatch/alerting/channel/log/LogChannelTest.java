package dev.gatewatch.alerting.channel.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogChannelTest {
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("gatewatch.alerts");

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void eachNoticeIsOneLineWhateverTheTargetAnswered() throws Exception {
        var forged = AlertSamples.with(
                AlertSamples.firing("a1"), Cause.CONTENT_MISMATCH, "bad\n2026-01-01 ERROR forged " + AlertSamples.huge(), "");
        var type = new LogType();
        try (var channel = (Messenger)
                type.create(Sections.of(type.keys(), Map.of()), new Setup("log", "dc1", Optional.empty()))) {
            Delivery delivery = channel.send(List.of(
                    AlertSamples.notice(1, forged),
                    AlertSamples.notice(2, AlertSamples.resolved(AlertSamples.firing("a1")))));

            assertThat(delivery).isEqualTo(new Delivery.Delivered());
        }
        assertThat(appender.list).hasSize(2);
        assertThat(appender.list.get(0).getLevel()).isEqualTo(Level.WARN);
        assertThat(appender.list.get(0).getFormattedMessage())
                .startsWith("CRITICAL gateway-health@eu: content_mismatch | bad 2026-01-01 ERROR forged")
                .doesNotContain("\n", "\r", "\u001b")
                .hasSizeLessThanOrEqualTo(4_000);
        assertThat(appender.list.get(1).getLevel()).isEqualTo(Level.INFO);
        assertThat(appender.list.get(1).getFormattedMessage())
                .startsWith("RESOLVED gateway-health@eu: http_status")
                .contains("Resolved after 4m 10s");
    }
}
