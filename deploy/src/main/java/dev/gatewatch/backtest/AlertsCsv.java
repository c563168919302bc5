package dev.gatewatch.backtest;

import java.io.IOException;
import java.io.Writer;
import java.time.Instant;

/** The alerts as CSV, a line each, with a column that names the configuration. */
public final class AlertsCsv {
    private AlertsCsv() {}

    /** Writes all alerts that are listed. */
    public static void write(Findings findings, Writer out) throws IOException {
        out.write("config,rule,severity,probe,region,location,starts_at,fired_at,ends_at,seconds,cause,message,flapping,untold\n");
        for (Findings.Side side : findings.sides()) {
            for (Happening alert : side.alerts()) {
                out.append(line(side.name(), alert, findings.to()));
            }
        }
    }

    private static StringBuilder line(String config, Happening alert, Instant end) {
        var line = new StringBuilder(200);
        value(line, config);
        value(line, alert.rule());
        value(line, alert.severity().code());
        value(line, alert.series().probe());
        value(line, alert.series().region());
        value(line, alert.series().location());
        value(line, alert.startsAt().toString());
        value(line, alert.firedAt().toString());
        value(line, alert.endsAt().map(Instant::toString).orElse(""));
        value(line, Long.toString(alert.lasted(end).toSeconds()));
        value(line, alert.cause().code());
        value(line, alert.message());
        value(line, alert.flapping() ? "yes" : "");
        value(line, alert.untold());
        line.setCharAt(line.length() - 1, '\n');
        return line;
    }

    private static void value(StringBuilder line, String value) {
        Csv.quote(line, value);
        line.append(',');
    }
}
