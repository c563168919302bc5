package dev.gatewatch.probes.http;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.RequestKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.Locale;
import java.util.stream.Stream;

/** The keys of an http probe and how they become its {@link HttpConfig}. */
final class HttpKeys {
    private static final Set<String> READABLE = Set.of("gzip", "x-gzip", "deflate", "identity", "");

    static final Key<Expectation> EXPECT = Key.withDefault(
            "expect", Expectation.TYPE, Expectation.DEFAULT, "status: 2xx", "What the answer must be.");

    static final List<Key<?>> ALL = Stream.of(RequestKeys.ALL, ClientSettings.KEYS, List.<Key<?>>of(EXPECT))
            .flatMap(List::stream)
            .toList();

    private HttpKeys() {}

    /** Reads a clean section; problems between keys are told to it. */
    static HttpConfig read(Section section) {
        HttpRequest request = RequestKeys.read(section);
        Expectation expect = section.get(EXPECT);
        checkCodings(section, request, expect);
        var secrets = new ArrayList<Secret>(request.secrets());
        secrets.addAll(RequestKeys.bodySecrets(section));
        secrets.addAll(expect.secrets());
        return new HttpConfig(request, ClientSettings.read(section), expect, secrets);
    }

    /** A body in a coding that we cannot undo could not be compared with anything. */
    private static void checkCodings(Section section, HttpRequest request, Expectation expect) {
        if (!expect.readsBody()) {
            return;
        }
        request.headers().forEach((name, text) -> {
            boolean readable = List.of(text.value().reveal().split(",")).stream()
                    .map(coding -> coding.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                    .allMatch(READABLE::contains);
            if (name.equalsIgnoreCase("accept-encoding") && !readable) {
                section.problem(
                        RequestKeys.HEADERS,
                        "Accept-Encoding asks for more than gzip, deflate and identity, which expect.body and expect.json"
                                + " could not read");
            }
        });
    }
}
