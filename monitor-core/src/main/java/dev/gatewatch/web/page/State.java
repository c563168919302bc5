package dev.gatewatch.web.page;

import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import java.util.Optional;

/** How a series stands, as the page shows it: worst first. Shown as colour, icon and word together. */
public enum State {
    FAIL("fail", "failing", "failed"),
    BROKEN("broken", "our fault", "our fault"),
    DEGRADED("degraded", "degraded", "degraded"),
    WAITING("waiting", "waiting", "waiting"),
    PASS("pass", "passing", "passed");

    private final String code;
    private final String word;
    private final String past;

    State(String code, String word, String past) {
        this.code = code;
        this.word = word;
        this.past = past;
    }

    /** Names the icon and the colour. */
    public String code() {
        return code;
    }

    /** For a series: {@code failing}. */
    public String word() {
        return word;
    }

    /** For one run: {@code failed}. */
    public String past() {
        return past;
    }

    static State of(Optional<Result> last) {
        return last.map(r -> of(r.outcome())).orElse(WAITING);
    }

    static State of(Outcome outcome) {
        return switch (outcome) {
            case PASS -> PASS;
            case DEGRADED -> DEGRADED;
            case FAIL -> FAIL;
            case BROKEN -> BROKEN;
        };
    }
}
