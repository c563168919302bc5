package dev.gatewatch.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The running daemon, as the commands that speak with it see it; with the options that say where it is. */
final class DaemonClient {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");
    private static final int MOST_BYTES = 64 * 1024 * 1024;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:GATEWATCH_URL:-http://127.0.0.1:9780}",
            description = "Where the daemon is. Default: GATEWATCH_URL, or http://127.0.0.1:9780.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:GATEWATCH_TOKEN}",
            description = "The token to ask with; better in GATEWATCH_TOKEN, where no process list shows it.")
    private @Nullable String token;

    private final OkHttpClient client =
            new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(60)).followRedirects(false).build();

    JsonNode get(String... path) {
        return get(Map.of(), path);
    }

    /** @param query parameters */
    JsonNode get(Map<String, String> query, String... path) {
        return ask("GET", Optional.empty(), query, path).orElseThrow(() -> nothing("answered with nothing"));
    }

    /** As {@link #get}; absent where there is no such thing (404). */
    Optional<JsonNode> find(String... path) {
        return ask("GET", Optional.empty(), Map.of(), path);
    }

    /** An answer that is no JSON; absent where there is no such thing (404). */
    Optional<String> text(String... path) {
        return answer("GET", Optional.empty(), Map.of(), path);
    }

    /** Sends JSON; absent where there is no such thing (404). */
    Optional<JsonNode> send(String method, JsonNode body, String... path) {
        return ask(method, Optional.of(body), Map.of(), path);
    }

    private Optional<JsonNode> ask(String method, Optional<JsonNode> body, Map<String, String> query, String... path) {
        return answer(method, body, query, path).map(text -> text.isBlank() ? MissingNode.getInstance() : parsed(text));
    }

    private Optional<String> answer(String method, Optional<JsonNode> body, Map<String, String> query, String... path) {
        Request.Builder request = new Request.Builder().url(address(query, path)).header("Accept", "application/json");
        if (token != null && !token.isBlank()) {
            request.header("Authorization", "Bearer " + token.strip());
        }
        request.method(method, body.map(b -> RequestBody.create(b.toString(), JSON)).orElse(null));
        try (Response response = client.newCall(request.build()).execute()) {
            String text = bounded(response);
            return switch (response.code()) {
                case 404 -> Optional.empty();
                case 401 -> throw new UserError("the daemon wants to know who asks: give --token or GATEWATCH_TOKEN (" + said(text) + ")");
                default -> {
                    if (!response.isSuccessful()) {
                        throw new UserError("the daemon refuses: " + said(text));
                    }
                    yield Optional.of(text);
                }
            };
        } catch (ConnectException e) {
            throw nothing("does not answer; is the daemon running? (gatewatch run --config …)");
        } catch (UnknownHostException e) {
            throw nothing("cannot be reached: its name does not resolve");
        } catch (SocketTimeoutException e) {
            throw nothing("does not answer in time");
        } catch (IOException e) {
            throw nothing("cannot be reached: " + e.getMessage());
        }
    }

    private HttpUrl address(Map<String, String> query, String... path) {
        HttpUrl base = HttpUrl.parse(url);
        if (base == null) {
            throw new UserError("--url should be a URL as http://127.0.0.1:9780; found \"" + url + "\"");
        }
        HttpUrl.Builder address = base.newBuilder().addPathSegments("api/v1");
        for (String segment : path) {
            address.addPathSegment(segment);
        }
        query.forEach(address::addQueryParameter);
        return address.build();
    }

    private UserError nothing(String words) {
        return new UserError(url + " " + words);
    }

    private static String bounded(Response response) throws IOException {
        var source = response.body().source();
        source.request(MOST_BYTES);
        return source.getBuffer().readUtf8();
    }

    private JsonNode parsed(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException _) {
            throw nothing("answers with something else than JSON; is it Gatewatch?");
        }
    }

    /** The daemon's own words where it has any. */
    private static String said(String text) {
        try {
            String words = JsonMapper.shared().readTree(text).path("error").asString("");
            return words.isEmpty() ? text.strip() : words;
        } catch (JacksonException _) {
            return text.strip();
        }
    }
}
