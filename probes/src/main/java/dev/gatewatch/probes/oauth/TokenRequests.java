package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.httpclient.Auth;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.httpclient.HttpRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.StringJoiner;
import okhttp3.HttpUrl;
import okio.ByteString;

/** The requests of a client, as forms. Pure, but for what assertions have of chance. */
final class TokenRequests {
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final OAuthClient client;

    TokenRequests(OAuthClient client) {
        this.client = client;
    }

    /**
     * A request and what must not be seen of it.
     *
     * @param form every field, for masking
     */
    record Made(HttpRequest request, SequencedMap<String, Secret> form) {}

    /** By the client's own standing, or by an assertion. */
    Made first(Instant now) {
        var form = new LinkedHashMap<String, Secret>();
        switch (client.grant()) {
            case Grant.ClientCredentials() -> put(form, Grant.Kind.CLIENT_CREDENTIALS);
            case Grant.RefreshToken(Secret configured) -> {
                return refresh(configured, now);
            }
            case Grant.JwtBearer(var key, var issuer, var subject, var claims) -> {
                put(form, Grant.Kind.JWT_BEARER);
                form.put(
                        "assertion",
                        Assertion.of(key, issuer, subject.orElse(issuer), client.assertionAudience(), claims, now));
            }
        }
        return grant(form, now);
    }

    /** By a refresh token. */
    Made refresh(Secret token, Instant now) {
        var form = new LinkedHashMap<String, Secret>();
        put(form, Grant.Kind.REFRESH_TOKEN);
        form.put("refresh_token", token);
        return grant(form, now);
    }

    /** RFC 7662, 2.1. */
    Made introspect(HttpUrl url, boolean hiddenUrl, Secret token, Instant now) {
        var form = new LinkedHashMap<String, Secret>();
        form.put("token", token);
        form.put("token_type_hint", new Secret("access_token"));
        return post(url, hiddenUrl, form, now);
    }

    private Made grant(SequencedMap<String, Secret> form, Instant now) {
        if (!client.scopes().isEmpty()) {
            form.put("scope", new Secret(String.join(" ", client.scopes())));
        }
        client.audience().ifPresent(audience -> form.put("audience", new Secret(audience)));
        form.putAll(client.params());
        return post(client.tokenUrl(), client.hiddenUrl(), form, now);
    }

    private Made post(HttpUrl url, boolean hiddenUrl, SequencedMap<String, Secret> form, Instant now) {
        Optional<Auth> auth = Optional.empty();
        switch (client.auth()) {
            case ClientAuth.None(var id) -> id.ifPresent(i -> form.put("client_id", new Secret(i)));
            case ClientAuth.Tls(var id) -> form.put("client_id", new Secret(id));
            case ClientAuth.Post(var id, var secret) -> {
                form.put("client_id", new Secret(id));
                form.put("client_secret", secret);
            }
            // both are form-encoded first (RFC 6749, 2.3.1), so that a colon in the id is none in the pair
            case ClientAuth.Basic(var id, var secret) ->
                auth = Optional.of(new Auth.Basic(encoded(id), new Secret(encoded(secret.reveal()))));
            case ClientAuth.PrivateKeyJwt(var id, var key) -> {
                form.put("client_id", new Secret(id));
                form.put("client_assertion_type", new Secret(ASSERTION_TYPE));
                form.put("client_assertion", Assertion.of(key, id, id, client.assertionAudience(), Map.of(), now));
            }
        }
        var headers = new LinkedHashMap<String, HeaderText>();
        headers.put("Accept", new HeaderText(new Secret("application/json"), false));
        var body = new StringJoiner("&");
        form.forEach((name, value) -> body.add(encoded(name) + "=" + encoded(value.reveal())));
        var content = new HttpRequest.Content(
                ByteString.encodeUtf8(body.toString()), Optional.of("application/x-www-form-urlencoded"));
        return new Made(new HttpRequest(url, hiddenUrl, "POST", headers, auth, Optional.of(content)), form);
    }

    private static void put(Map<String, Secret> form, Grant.Kind kind) {
        var parameter = kind.parameter();
        form.put(parameter.getKey(), parameter.getValue());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
