package dev.gatewatch.probes.oauth;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.httpclient.HttpFacts;
import dev.gatewatch.probes.httpclient.Redaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The facts of an oauth run. */
final class OAuthFacts {
    private static final String TOKEN_SECONDS = "token_seconds";
    private static final String TOKEN_REQUESTS = "token_requests";
    private static final String EXPIRES_IN = "expires_in";
    private static final String LIFETIME_LEFT = "lifetime_left";
    private static final String TOKEN_TYPE = "token_type";
    private static final String SCOPE = "scope";
    private static final String REFRESH_TOKEN = "refresh_token";
    private static final String REFRESH_EXPIRES_IN = "refresh_expires_in";
    private static final String REFRESH_ROTATED = "refresh_rotated";
    private static final String REFRESH_WORKS = "refresh_works";
    private static final String ACTIVE = "active";
    private static final String JWT_EXPIRY = "jwt_expiry";
    private static final String JWT_ISSUED_AT = "jwt_issued_at";
    private static final String JWT_ISSUER = "jwt_issuer";
    private static final String JWT_AUDIENCE = "jwt_audience";
    private static final String JWT_ALGORITHM = "jwt_algorithm";
    private static final String CLOCK_SKEW = "clock_skew";

    static final List<FactSpec> SPECS = Stream.concat(
                    Stream.of(
                            FactSpec.gauge(
                                    TOKEN_SECONDS,
                                    "probe_oauth_token_seconds",
                                    "Seconds that getting the token took; about 0 for one from memory."),
                            FactSpec.gauge(
                                    TOKEN_REQUESTS,
                                    "probe_oauth_token_requests",
                                    "Token requests: of this run in mode full, of the shared client since its configuration was"
                                            + " loaded in mode cached."),
                            FactSpec.gauge(
                                    EXPIRES_IN,
                                    "probe_oauth_expires_in_seconds",
                                    "Lifetime of the token as it was issued, in seconds."),
                            FactSpec.gauge(
                                    LIFETIME_LEFT,
                                    "probe_oauth_lifetime_left_seconds",
                                    "Seconds until the token is over."),
                            FactSpec.plain(TOKEN_TYPE, "Type of the token, such as Bearer."),
                            FactSpec.plain(SCOPE, "Scopes that were granted, as the server tells them."),
                            FactSpec.gauge(
                                    REFRESH_TOKEN,
                                    "probe_oauth_refresh_token",
                                    "Whether a refresh token came with the token."),
                            FactSpec.gauge(
                                    REFRESH_EXPIRES_IN,
                                    "probe_oauth_refresh_expires_in_seconds",
                                    "Lifetime of the refresh token in seconds, where the server tells it."),
                            FactSpec.gauge(
                                    REFRESH_ROTATED,
                                    "probe_oauth_refresh_rotated",
                                    "Whether the server gave another refresh token for the one that was used."),
                            FactSpec.gauge(
                                    REFRESH_WORKS,
                                    "probe_oauth_refresh_works",
                                    "Whether the refresh token brought a new token (refresh: true)."),
                            FactSpec.gauge(
                                    ACTIVE, "probe_oauth_token_active", "Whether introspection says that the token is active."),
                            FactSpec.gauge(
                                    JWT_EXPIRY,
                                    "probe_oauth_jwt_expiry_timestamp_seconds",
                                    "The exp claim of a token that is a JWT, in Unix seconds. No claim is verified."),
                            FactSpec.plain(JWT_ISSUED_AT, "The iat claim, in Unix seconds."),
                            FactSpec.plain(JWT_ISSUER, "The iss claim."),
                            FactSpec.plain(JWT_AUDIENCE, "The aud claim; several with commas between."),
                            FactSpec.plain(JWT_ALGORITHM, "The alg header."),
                            FactSpec.gauge(
                                    CLOCK_SKEW,
                                    "probe_oauth_clock_skew_seconds",
                                    "How far the server's clock is ahead of ours, in seconds, by the iat claim of a token just"
                                            + " issued.")),
                    HttpFacts.SPECS.stream())
            .toList();

    private OAuthFacts() {}

    /** How the token was got. */
    static void got(Report.Builder report, Duration took, long requests) {
        report.fact(TOKEN_SECONDS, took.toNanos() / 1e9);
        report.fact(TOKEN_REQUESTS, requests);
    }

    /** What is known of a token. */
    static void token(Report.Builder report, Token token, Instant now, Redaction redaction) {
        token.lifetime().ifPresent(lifetime -> report.fact(EXPIRES_IN, lifetime.toSeconds()));
        token.expiry()
                .ifPresent(at -> report.fact(
                        LIFETIME_LEFT, Math.max(0, Duration.between(now, at).toMillis() / 1e3)));
        token.type().ifPresent(type -> report.fact(TOKEN_TYPE, redaction.line(type)));
        token.scope().ifPresent(scope -> report.fact(SCOPE, redaction.line(scope)));
        report.fact(REFRESH_TOKEN, token.refresh().isPresent());
        token.refreshLifetime().ifPresent(lifetime -> report.fact(REFRESH_EXPIRES_IN, lifetime.toSeconds()));
        token.claims().ifPresent(claims -> claims(report, claims, redaction));
    }

    private static void claims(Report.Builder report, JwtClaims claims, Redaction redaction) {
        claims.expiry().ifPresent(at -> report.fact(JWT_EXPIRY, at.getEpochSecond()));
        claims.issuedAt().ifPresent(at -> report.fact(JWT_ISSUED_AT, at.getEpochSecond()));
        claims.issuer().ifPresent(text -> report.fact(JWT_ISSUER, redaction.line(text)));
        claims.audience().ifPresent(text -> report.fact(JWT_AUDIENCE, redaction.line(text)));
        claims.algorithm().ifPresent(text -> report.fact(JWT_ALGORITHM, redaction.line(text)));
    }

    /** How the clocks stand to each other, for a token that was just issued. */
    static void skew(Report.Builder report, Token token) {
        token.claims().flatMap(JwtClaims::issuedAt)
                .ifPresent(at -> report.fact(
                        CLOCK_SKEW, (double) Duration.between(token.obtained(), at).toSeconds()));
    }

    static void rotated(Report.Builder report, boolean rotated) {
        report.fact(REFRESH_ROTATED, rotated);
    }

    static void refreshWorks(Report.Builder report, boolean works) {
        report.fact(REFRESH_WORKS, works);
    }

    static void active(Report.Builder report, boolean active) {
        report.fact(ACTIVE, active);
    }
}
