package dev.gatewatch.backtest;

import java.time.ZoneId;
import java.util.Optional;

/** The findings as a page. */
public final class ReportPage {
    private ReportPage() {}

    public static String of(Findings findings, Optional<Comparison> comparison, ZoneId zone) {
        return "";
    }
}
