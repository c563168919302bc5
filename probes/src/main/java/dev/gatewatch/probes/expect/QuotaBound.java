package dev.gatewatch.probes.expect;

import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.httpclient.Quota;
import java.util.Map;
import java.util.Optional;

/**
 * How much of a quota must be left: a share of its limit, or a number of requests. Immutable.
 *
 * @param number a fraction where {@code share}
 */
record QuotaBound(double number, boolean share) {
    static ValueType<QuotaBound> type() {
        return Types.scalar(
                "a share (10%) or a number of requests (50)",
                Map.of("type", java.util.List.of("string", "integer"), "pattern", "^[0-9]{1,12}(\\.[0-9]+)?%?$"),
                QuotaBound::parse);
    }

    private static Optional<QuotaBound> parse(String text) {
        if (text.matches("\\d{1,3}(\\.\\d{1,6})?%")) {
            double share = Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
            return Optional.of(new QuotaBound(share, true)).filter(b -> b.number <= 1);
        }
        return text.matches("\\d{1,12}") ? Optional.of(new QuotaBound(Double.parseDouble(text), false)) : Optional.empty();
    }

    /** Whether less is left than should be. Of a quota whose limit is not told a share is undercut when nothing is left. */
    boolean isUndercut(Quota quota) {
        if (quota.left().isEmpty()) {
            return false;
        }
        double left = quota.left().getAsDouble();
        boolean unknown = share && quota.limit().isEmpty();
        return unknown ? left <= 0 && number > 0 : left < (share ? number * quota.limit().getAsDouble() : number);
    }

    /** For messages, to complete "expected …". */
    String shown() {
        String text = java.math.BigDecimal.valueOf(share ? number * 100 : number)
                .stripTrailingZeros()
                .toPlainString();
        return "at least " + text + (share ? "%" : "");
    }
}
