package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.view.AlertView;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/** Where a notice leads: what the rule's annotations name (runbook, dashboard), and the daemon's own pages. */
public final class Links {
    private Links() {}

    /** Titles and addresses, most useful first. */
    static SequencedMap<String, String> of(AlertView alert, boolean firing, Optional<URI> externalUrl, Phrases phrases) {
        var links = new LinkedHashMap<String, String>();
        alert.annotations().forEach((key, value) -> {
            if (isLink(value)) {
                links.put(title(key, phrases), Cut.oneLine(value));
            }
        });
        externalUrl.ifPresent(base -> {
            links.put(phrases.say("link.page"), alert(base, alert));
            if (firing && !alert.type().equals(AlertView.CHANNEL)) { // what passes by routes passes by silences too
                links.put(phrases.say("link.silence"), silence(base, alert));
            }
        });
        return links;
    }

    /** What the links of all these notices have in common (a runbook, as a rule), and the page of all alerts. */
    static SequencedMap<String, String> common(
            List<SequencedMap<String, String>> each, Optional<URI> externalUrl, Phrases phrases) {
        var links = new LinkedHashMap<>(each.getFirst());
        each.forEach(other -> links.entrySet().retainAll(other.entrySet()));
        externalUrl.ifPresent(base -> links.put(phrases.say("link.alerts"), under(base) + "alerts"));
        return links;
    }

    /** Whether an annotation is an address to go to rather than a text to read. */
    static boolean isLink(String value) {
        return value.startsWith("https://") || value.startsWith("http://");
    }

    /** The address of the alert's probe on the daemon's page, or of the alert where no probe of ours found it. */
    public static String probe(URI externalUrl, AlertView alert) {
        return !alert.isOfProbe() ? alert(externalUrl, alert) : under(externalUrl) + "probes/" + encoded(alert.series().probe());
    }

    /** The address of the alert itself. */
    public static String alert(URI externalUrl, AlertView alert) {
        return under(externalUrl) + "alerts#a-" + encoded(alert.id());
    }

    /** Where a silence can be made that covers this alert. */
    public static String silence(URI externalUrl, AlertView alert) {
        var address = new StringBuilder(under(externalUrl)).append("silences/new");
        char next = '?';
        String[][] matchers = {
            {"rule", alert.rule()}, {"probe", alert.series().probe()}, {"region", alert.series().region()}
        };
        for (String[] matcher : matchers) {
            if (!matcher[1].isEmpty()) {
                address.append(next).append("matcher=").append(encoded(matcher[0] + "=" + matcher[1]));
                next = '&';
            }
        }
        return address.toString();
    }

    /** {@code [title](address)}, where nothing in the address ends it early. */
    public static String inMarkdown(String escapedTitle, String address) {
        var safe = new StringBuilder(address.length());
        address.codePoints().forEach(point -> {
            if (point <= ' ' || "()<>[]\"\\`|".indexOf(point) >= 0) {
                safe.append("%%%02X".formatted(point));
            } else {
                safe.appendCodePoint(point);
            }
        });
        return "[" + escapedTitle + "](" + safe + ")";
    }

    private static String under(URI externalUrl) {
        String base = externalUrl.toString();
        return base.endsWith("/") ? base : base + "/";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** {@code runbook_url} is shown as {@code Runbook}. */
    private static String title(String key, Phrases phrases) {
        String plain = key.endsWith("_url") ? key.substring(0, key.length() - 4) : key;
        return phrases.find("link." + plain).orElseGet(() -> {
            String words = Cut.oneLine(plain).replace('_', ' ');
            return words.isEmpty() ? "Link" : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
        });
    }
}
