package dev.gatewatch.probes.httpclient;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;

/**
 * What a target says about how many requests are left. Understands {@code X-RateLimit-*} and {@code X-Rate-Limit-*}, the single
 * headers {@code RateLimit-*} of draft-ietf-httpapi-ratelimit-headers up to 06, its combined form {@code limit=…, remaining=…,
 * reset=…} of 07, and {@code "name";r=…;t=…} with {@code RateLimit-Policy} since 08; of several the one that is nearest to its end.
 * Immutable; each part absent where it is not told.
 */
public record Quota(OptionalDouble left, OptionalDouble limit, OptionalDouble resetSeconds) {
    /** At or below this share of the limit the quota counts as low. */
    private static final double LOW = 0.05;

    /** A larger reset value is a point in Unix time, a smaller one a number of seconds: no window is ten years long. */
    private static final double POINT_IN_TIME = 315_360_000;

    /** An item of a structured list (RFC 9651): a quoted name and its parameters. */
    private static final Pattern ITEM = Pattern.compile("\\s{0,8}\"([^\"]{0,100})\"([^,\"]{0,500})");

    private static final String[] PREFIXES = {"X-RateLimit-", "X-Rate-Limit-", "RateLimit-"};
    private static final Pattern NUMBER = Pattern.compile("\\s*(\\d{1,15}(?:\\.\\d{1,6})?)\\s*(?:[,;].*)?");

    public static Quota of(Headers headers, Instant now) {
        for (String prefix : PREFIXES) {
            OptionalDouble left = number(headers.get(prefix + "Remaining"));
            if (left.isPresent()) {
                OptionalDouble reset = number(headers.get(prefix + "Reset"));
                return new Quota(left, number(headers.get(prefix + "Limit")), fromNow(reset, now));
            }
        }
        String combined = headers.get("RateLimit");
        if (combined == null) {
            return new Quota(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
        }
        List<Quota> named = named(headers, now);
        if (!named.isEmpty()) {
            return named.stream().min(Comparator.comparingDouble(Quota::share)).orElseThrow();
        }
        OptionalDouble limit = parameter(combined, "limit");
        String policy = headers.get("RateLimit-Policy");
        return new Quota(
                first(parameter(combined, "remaining"), parameter(combined, "r")),
                limit.isPresent() || policy == null ? limit : parameter(policy, "q"),
                fromNow(first(parameter(combined, "reset"), parameter(combined, "t")), now));
    }

    /** Each quota of a {@code RateLimit} field, with the limit that {@code RateLimit-Policy} tells under the same name. */
    private static List<Quota> named(Headers headers, Instant now) {
        var limits = new HashMap<String, OptionalDouble>();
        Matcher policy = ITEM.matcher(String.join(",", headers.values("RateLimit-Policy")));
        while (policy.find()) {
            limits.putIfAbsent(policy.group(1), parameter(policy.group(2), "q"));
        }
        var quotas = new ArrayList<Quota>();
        Matcher item = ITEM.matcher(String.join(",", headers.values("RateLimit")));
        while (item.find()) {
            OptionalDouble left = parameter(item.group(2), "r");
            if (left.isPresent()) {
                quotas.add(new Quota(
                        left,
                        limits.getOrDefault(item.group(1), OptionalDouble.empty()),
                        fromNow(parameter(item.group(2), "t"), now)));
            }
        }
        return quotas;
    }

    /** What is left as a share of the limit; of an unknown limit all, unless nothing is left. */
    private double share() {
        double of = limit.orElse(left.orElse(0));
        return of <= 0 ? 0 : left.orElse(0) / of;
    }

    /** Seconds until a retry is welcome (RFC 9110, 10.2.3): as a number or as a date. */
    public static OptionalDouble retryAfter(Headers headers, Instant now) {
        OptionalDouble seconds = number(headers.get("Retry-After"));
        Instant at = headers.getInstant("Retry-After");
        if (seconds.isPresent() || at == null) {
            return seconds;
        }
        return OptionalDouble.of(Math.max(0, (double) Duration.between(now, at).toSeconds()));
    }

    /** Whether callers will soon be refused; without a known limit only when nothing is left. */
    public boolean isLow() {
        if (left.isEmpty()) {
            return false;
        }
        double bound = LOW * limit.orElse(0);
        return left.getAsDouble() <= bound;
    }

    /** For messages: {@code 3 of 100 requests left}. */
    public String shown() {
        return whole(left.orElse(0))
                + (limit.isPresent() ? " of " + whole(limit.getAsDouble()) : "")
                + " requests left"
                + (resetSeconds.isPresent() ? ", reset in " + whole(resetSeconds.getAsDouble()) + "s" : "");
    }

    private static String whole(double number) {
        return String.valueOf(Math.round(number));
    }

    private static OptionalDouble fromNow(OptionalDouble reset, Instant now) {
        if (reset.isEmpty() || reset.getAsDouble() < POINT_IN_TIME) {
            return reset;
        }
        // some count milliseconds
        double seconds = reset.getAsDouble() > 1e11 ? reset.getAsDouble() / 1000 : reset.getAsDouble();
        return OptionalDouble.of(Math.max(0, seconds - now.getEpochSecond()));
    }

    private static OptionalDouble first(OptionalDouble a, OptionalDouble b) {
        return a.isPresent() ? a : b;
    }

    private static OptionalDouble parameter(String text, String name) {
        Matcher m = Pattern.compile("(?:^|[;,\\s])" + name + "\\s{0,8}=\\s{0,8}(\\d{1,15})").matcher(text);
        return m.find() ? OptionalDouble.of(Double.parseDouble(m.group(1))) : OptionalDouble.empty();
    }

    private static OptionalDouble number(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return OptionalDouble.empty();
        }
        Matcher m = NUMBER.matcher(text);
        return m.matches() ? OptionalDouble.of(Double.parseDouble(m.group(1))) : OptionalDouble.empty();
    }
}
