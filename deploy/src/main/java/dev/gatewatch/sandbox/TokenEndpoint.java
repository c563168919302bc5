package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Effect.Switch;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The gateway's OAuth 2.0 token endpoint (RFC 6749): client credentials and refresh token. Safe for many threads. */
final class TokenEndpoint {
    static final String CLIENT_ID = "sandbox-client";
    static final String CLIENT_SECRET = "sandbox-secret";

    private static final String SCOPE = "orders payments";

    private final Tokens tokens;
    private final World world;

    TokenEndpoint(Tokens tokens, World world) {
        this.tokens = tokens;
        this.world = world;
    }

    private record Client(String id, String secret) {}

    Response answer(Request request) {
        if (world.on(Switch.TOKEN_ENDPOINT_DOWN)) {
            return Response.text(500, "internal error\n");
        }
        if (world.on(Switch.TOKEN_THROTTLED)) {
            return refusal(429, "temporarily_unavailable", "Too many token requests.").with("Retry-After", "1");
        }
        if (world.on(Switch.TOKEN_MALFORMED)) {
            return Response.json(200, Map.of("token_type", "Bearer", "expires_in", "soon"));
        }
        Map<String, String> form = request.formFields();
        Optional<Client> client = client(request, form);
        if (client.filter(c -> c.id().equals(CLIENT_ID) && c.secret().equals(CLIENT_SECRET)).isEmpty()
                || world.on(Switch.TOKEN_REFUSED)) {
            return refusal(401, "invalid_client", "The client id or secret is wrong.")
                    .with("WWW-Authenticate", "Basic realm=\"sandbox\"");
        }
        return switch (form.getOrDefault("grant_type", "")) {
            case "client_credentials" -> granted(tokens.issue());
            case "refresh_token" ->
                tokens.renew(form.getOrDefault("refresh_token", ""))
                        .map(this::granted)
                        .orElseGet(() -> refusal(400, "invalid_grant", "The refresh token is unknown, used or expired."));
            case "" -> refusal(400, "invalid_request", "grant_type is missing.");
            default -> refusal(400, "unsupported_grant_type", "Use client_credentials or refresh_token.");
        };
    }

    /** The client as it names itself: by HTTP Basic or in the form (RFC 6749, section 2.3.1). */
    private static Optional<Client> client(Request request, Map<String, String> form) {
        Optional<String> basic = request.header("Authorization")
                .filter(a -> a.regionMatches(true, 0, "Basic ", 0, 6))
                .map(a -> a.substring(6).strip());
        if (basic.isEmpty()) {
            return Optional.of(new Client(form.getOrDefault("client_id", ""), form.getOrDefault("client_secret", "")));
        }
        try {
            String pair = new String(Base64.getDecoder().decode(basic.get()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(new Client(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private Response granted(Tokens.Pair pair) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", pair.access());
        answer.put("token_type", "Bearer");
        answer.put("expires_in", world.on(Switch.TOKEN_EXPIRED) ? 0 : Tokens.ACCESS_LIFETIME.toSeconds());
        answer.put("refresh_token", pair.refresh());
        answer.put("refresh_expires_in", Tokens.REFRESH_LIFETIME.toSeconds());
        answer.put("scope", SCOPE);
        return Response.json(200, answer).with("Cache-Control", "no-store");
    }

    private static Response refusal(int status, String error, String description) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("error", error);
        answer.put("error_description", description);
        return Response.json(status, answer).with("Cache-Control", "no-store");
    }
}
