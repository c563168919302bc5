package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.fuzz.Target;
import dev.gatewatch.probes.httpclient.HttpClientFuzz;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Answers of token endpoints. */
public final class OAuthFuzz {
    private OAuthFuzz() {}

    public static List<Target> targets() {
        return List.of(
                Target.ofText(
                        "token-answer",
                        bytes -> {
                            for (int status : new int[] {200, 400, 429}) {
                                TokenAnswer.read(
                                        HttpClientFuzz.answer(status, "Retry-After: 3", bytes), true, Instant.EPOCH);
                            }
                        },
                        "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"r\",\"scope\":\"a b\"}",
                        "{\"error\":\"invalid_grant\",\"error_description\":\"no\"}"),
                Target.ofText(
                        "jwt",
                        bytes -> JwtClaims.of(new Secret(Target.text(bytes))),
                        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIiwiYXVkIjpbImEiXSwiZXhwIjoxNzcyNDUyODAwLjUsImlhdCI6MX0.c2ln",
                        "e30.e30."),
                Target.ofText(
                        "jwt-claims",
                        bytes -> JwtClaims.of(new Secret("e30." + Base64.getUrlEncoder().encodeToString(bytes) + ".")),
                        "{\"iss\":\"i\",\"aud\":[\"a\"],\"exp\":1772452800.5,\"iat\":1}"));
    }
}
