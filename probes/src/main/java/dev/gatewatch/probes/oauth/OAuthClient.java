package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.httpclient.UrlType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import okhttp3.HttpUrl;

/**
 * A client as configured: where its tokens come from and for what. Immutable.
 *
 * @param hiddenUrl whether a secret went into the URL, which is then shown by its origin only
 * @param assertionAudience the {@code aud} of what it signs
 * @param params sent beside the protocol's own
 * @param renewAhead absent for a share of the lifetime
 * @param timeout of a token request that no run makes
 */
record OAuthClient(
        HttpUrl tokenUrl,
        boolean hiddenUrl,
        Grant grant,
        ClientAuth auth,
        String assertionAudience,
        List<String> scopes,
        Optional<String> audience,
        SequencedMap<String, Secret> params,
        Optional<Duration> renewAhead,
        Duration timeout,
        ClientSettings settings) {
    OAuthClient {
        scopes = List.copyOf(scopes);
        params = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(params));
    }

    /** What stands in for a client with problems, which were told; never used. */
    static OAuthClient none(Section section) {
        return new OAuthClient(
                new HttpUrl.Builder().scheme("https").host("invalid").build(),
                false,
                new Grant.ClientCredentials(),
                new ClientAuth.None(Optional.empty()),
                "",
                List.of(),
                Optional.empty(),
                new LinkedHashMap<>(),
                Optional.empty(),
                Duration.ofSeconds(1),
                ClientSettings.standard(section));
    }

    /** The token endpoint for people and labels. */
    String endpoint() {
        return UrlType.shown(tokenUrl, hiddenUrl);
    }

    /** What must not be seen in what a peer sends back; what is only made for a request is not among it. */
    List<Secret> secrets() {
        var secrets = new ArrayList<>(auth.secrets());
        secrets.addAll(UrlType.secrets(tokenUrl, hiddenUrl));
        if (grant instanceof Grant.RefreshToken(Secret configured)) {
            secrets.add(configured);
        }
        params.forEach((name, value) -> {
            if (HeaderText.namesCredential(name)) {
                secrets.add(value);
            }
        });
        return List.copyOf(secrets);
    }
}
