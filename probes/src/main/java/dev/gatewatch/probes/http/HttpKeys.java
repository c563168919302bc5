package dev.gatewatch.probes.http;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.RequestKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The keys of an http probe and how they become its {@link HttpConfig}. */
final class HttpKeys {
    static final Key<Expectation> EXPECT = Key.withDefault(
            "expect", Expectation.TYPE, Expectation.DEFAULT, "status: 2xx", "What the answer must be.");
    static final Key<Duration> RETRY_AFTER_LIMIT = Key.withDefault(
            "retry_after_limit",
            Types.duration(Duration.ZERO, Duration.ofDays(1)),
            Duration.ofHours(1),
            "1h",
            "Longest Retry-After to obey: after an unwanted 429 or 503 that names one, runs send nothing until it is over, or this long,"
                    + " and repeat the last verdict. 0 asks again at the next interval whatever the target says.");

    static final List<Key<?>> ALL = Stream.of(
                    RequestKeys.ALL, ClientSettings.KEYS, List.<Key<?>>of(EXPECT, RETRY_AFTER_LIMIT))
            .flatMap(List::stream)
            .toList();

    private HttpKeys() {}

    /** Reads a clean section; problems between keys are told to it. */
    static HttpConfig read(Section section) {
        Expectation expect = section.get(EXPECT);
        HttpRequest request = expect.agreed(section, EXPECT, RequestKeys.read(section));
        ClientSettings settings = ClientSettings.read(section);
        var secrets = new ArrayList<Secret>(request.secrets());
        secrets.addAll(RequestKeys.bodySecrets(section));
        secrets.addAll(settings.secrets());
        secrets.addAll(expect.secrets());
        return new HttpConfig(request, settings, expect, section.get(RETRY_AFTER_LIMIT), secrets);
    }
}
