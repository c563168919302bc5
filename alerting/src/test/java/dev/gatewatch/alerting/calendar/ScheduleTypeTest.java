package dev.gatewatch.alerting.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.kit.Sections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScheduleTypeTest {
    private static final Key<Schedule> WHEN = Key.optional("when", Schedule.TYPE, "When.");
    private static final SectionType<Optional<Schedule>> HOLDER =
            SectionType.of("holder", List.of(WHEN), section -> section.find(WHEN));

    private static String read(Map<String, ?> values) {
        return Sections.read(HOLDER, Map.of("when", values)).orElseThrow().display();
    }

    private static List<String> problems(Map<String, ?> values) {
        return Sections.problems(HOLDER, Map.of("when", values));
    }

    @Test
    void everyKindIsRead() {
        assertThat(read(Map.of("hours", "22:00-6:00", "time_zone", "Europe/Berlin"))).isEqualTo("daily 22:00-06:00 Europe/Berlin");
        assertThat(read(Map.of("days", List.of("sat-mon", "wed")))).isEqualTo("mon,wed,sat,sun Z");
        assertThat(read(Map.of("days", "sun", "hours", "20:00-24:00"))).isEqualTo("sun 20:00-00:00 Z");
        assertThat(read(Map.of("from", "2026-12-24", "to", "2026-12-27T08:00"))).isEqualTo("2026-12-24T00:00 to 2026-12-27T08:00 Z");
        assertThat(read(Map.of("cron", "0 2 1 * *", "duration", "2h"))).isEqualTo("cron 0 2 1 * * for 2h Z");
        assertThat(read(Map.of("rrule", "FREQ=DAILY", "start", "2026-01-01T02:00", "duration", "30m")))
                .isEqualTo("FREQ=DAILY from 2026-01-01T02:00 for 30m Z");
    }

    @Test
    void mistakesAreToldInWords() {
        assertThat(problems(Map.of())).singleElement().asString().contains("says no time");
        assertThat(problems(Map.of("cron", "0 2 * * *", "hours", "22:00-06:00", "duration", "1h")))
                .singleElement()
                .asString()
                .contains("one kind of schedule at a time");
        assertThat(problems(Map.of("cron", "0 2 * * *"))).singleElement().asString().contains("how long it lasts");
        assertThat(problems(Map.of("cron", "0 2 * *", "duration", "1h"))).singleElement().asString().contains("five fields");
        assertThat(problems(Map.of("rrule", "FREQ=DAILY", "duration", "1h"))).singleElement().asString().contains("when the rrule begins");
        assertThat(problems(Map.of("hours", "22:00-06:00", "duration", "1h"))).singleElement().asString().contains("goes with cron or rrule");
        assertThat(problems(Map.of("from", "2026-12-24"))).singleElement().asString().contains("go together");
        assertThat(problems(Map.of("from", "2026-12-24", "to", "2026-12-23"))).singleElement().asString().contains("ends before it begins");
        assertThat(problems(Map.of("hours", "25:00-26:00"))).singleElement().asString().contains("hours of the day");
        assertThat(problems(Map.of("days", "monday"))).singleElement().asString().contains("a day (mon");
        assertThat(problems(Map.of("days", "sat", "time_zone", "Mars/Olympus"))).singleElement().asString().contains("a time zone");
    }
}
