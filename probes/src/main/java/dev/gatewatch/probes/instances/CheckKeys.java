package dev.gatewatch.probes.instances;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.RequestKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/** The keys of {@code check}: what every instance is asked over HTTP. */
final class CheckKeys {
    private static final Key<HttpUrl> URL = Key.required(
            RequestKeys.URL.name(),
            RequestKeys.URL.type(),
            "What to ask each instance for. The request goes to the instance's own address and port; host name, Host header and TLS"
                    + " name stay those of this URL.");
    private static final Key<Expectation> EXPECT = Key.withDefault(
            "expect", Expectation.TYPE, Expectation.DEFAULT, "status: 2xx", "What each answer must be.");
    private static final Key<String> METHOD = Key.withDefault(
            "method", Types.text("GET or HEAD", "GET|HEAD"), "GET", "GET", "Request method: GET or HEAD.");

    /** What {@code connect_to} would say is said by each instance. */
    private static final List<Key<?>> CLIENT = ClientSettings.KEYS.stream()
            .filter(key -> !key.name().equals("connect_to"))
            .toList();

    static final SectionType<HttpCheck> TYPE = SectionType.of(
            "check",
            Stream.of(List.<Key<?>>of(URL, METHOD, RequestKeys.HEADERS, RequestKeys.AUTH, EXPECT), CLIENT)
                    .flatMap(List::stream)
                    .toList(),
            CheckKeys::read);

    private CheckKeys() {}

    private static HttpCheck read(Section section) {
        var request = new HttpRequest(
                section.get(URL),
                section.at(URL) instanceof Node.Scalar s && s.secret(),
                section.get(METHOD),
                section.find(RequestKeys.HEADERS).orElseGet(LinkedHashMap::new),
                section.find(RequestKeys.AUTH),
                Optional.empty());
        Expectation expect = section.get(EXPECT);
        var secrets = new ArrayList<Secret>(request.secrets());
        secrets.addAll(expect.secrets());
        return new HttpCheck(request, ClientSettings.read(section), expect, secrets);
    }
}
