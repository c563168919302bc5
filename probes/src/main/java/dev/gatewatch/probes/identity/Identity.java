package dev.gatewatch.probes.identity;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.probes.httpclient.Auth;
import dev.gatewatch.probes.httpclient.AuthKeys;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.RequestKeys;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * In whose name a request is sent: a credential, headers, both or neither. Immutable.
 *
 * @param headers laid over those of the request
 */
public record Identity(Optional<Auth> auth, SequencedMap<String, HeaderText> headers) {
    private static final Key<Auth> AUTH = Key.optional(
            "auth", AuthKeys.TYPE, "Its credential: basic, bearer, or oauth with the name of a client.");
    private static final Key<SequencedMap<String, HeaderText>> HEADERS = Key.optional(
            "headers", RequestKeys.HEADERS.type(), "Request headers that say who it is, such as an API key. Never shown.");

    /** The keys of an identity's section. */
    public static final List<Key<?>> KEYS = List.of(AUTH, HEADERS);

    public Identity {
        headers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(headers));
    }

    /** Reads {@link #KEYS} from a clean section; problems between keys are told to it. */
    public static Identity read(Section section) {
        SequencedMap<String, HeaderText> headers = section.find(HEADERS).orElseGet(LinkedHashMap::new);
        Optional<Auth> auth = section.find(AUTH);
        if (auth.isPresent() && headers.keySet().stream().anyMatch(name -> name.equalsIgnoreCase("authorization"))) {
            section.problem(HEADERS, "auth and an Authorization header say the same thing; keep one");
        }
        return new Identity(auth, headers);
    }

    /** The request in this identity's name. */
    public HttpRequest of(HttpRequest request) {
        var all = new LinkedHashMap<>(request.headers());
        headers.forEach((name, value) -> {
            all.keySet().removeIf(name::equalsIgnoreCase);
            all.put(name, value);
        });
        return new HttpRequest(request.url(), request.hiddenUrl(), request.method(), all, auth, request.body());
    }

    /** Whether it shows anything that could be rejected; one without is a stranger. */
    public boolean hasCredential() {
        return auth.isPresent()
                || headers.entrySet().stream().anyMatch(h -> h.getValue().isCredential(h.getKey()));
    }
}
