package dev.gatewatch.sandbox;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import okhttp3.tls.HandshakeCertificates;
import tools.jackson.databind.JsonNode;

/** A client of the sandbox: trusts its authority, and comes on a fresh connection each time, as a probe does. */
final class Visitor {
    private final OkHttpClient client;

    private Visitor(OkHttpClient client) {
        this.client = client;
    }

    static Visitor of(Sandbox sandbox) {
        return trusting(sandbox.authority().root());
    }

    static Visitor trusting(X509Certificate root) {
        var certificates =
                new HandshakeCertificates.Builder().addTrustedCertificate(root).build();
        return new Visitor(new OkHttpClient.Builder()
                .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager())
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .readTimeout(Duration.ofSeconds(5))
                .retryOnConnectionFailure(false)
                .build());
    }

    Visitor waitingAtMost(Duration patience) {
        return new Visitor(client.newBuilder().readTimeout(patience).build());
    }

    /** A TLS connection, for what OkHttp would not do. */
    Socket connect(int port) throws IOException {
        return client.sslSocketFactory().createSocket(Loopback.ADDRESS, port);
    }

    record Answer(int status, Map<String, String> headers, String body) {
        JsonNode json() {
            return Json.object("{\"it\":" + body + "}").orElseThrow().get("it");
        }

        /** The value at a JSON pointer, as text. */
        String at(String pointer) {
            return json().at(pointer).asString();
        }
    }

    Call call(String method, String url, String body, String... headers) {
        var request = new okhttp3.Request.Builder().url(url);
        MediaType type = MediaType.get("application/json");
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equals("Content-Type")) {
                type = MediaType.get(headers[i + 1]);
            } else {
                request.header(headers[i], headers[i + 1]);
            }
        }
        boolean withBody = !body.isEmpty() || method.equals("POST") || method.equals("PUT");
        return client.newCall(request.method(method, withBody ? RequestBody.create(body, type) : null)
                .build());
    }

    Answer send(String method, String url, String body, String... headers) throws IOException {
        try (var response = call(method, url, body, headers).execute()) {
            Map<String, String> received = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            response.headers().forEach(h -> received.put(h.getFirst(), h.getSecond()));
            return new Answer(response.code(), received, response.body().string());
        }
    }

    Answer get(String url, String... headers) throws IOException {
        return send("GET", url, "", headers);
    }

    Answer post(String url, String body, String... headers) throws IOException {
        return send("POST", url, body, headers);
    }

    /** Switches a fault by the control API. */
    void turn(Sandbox sandbox, String fault, boolean on) throws IOException {
        String answer = send(on ? "PUT" : "DELETE", sandbox.control().resolve("/faults/" + fault).toString(), "")
                .at("/active");
        if (!answer.equals(Boolean.toString(on))) {
            throw new AssertionError(fault + " is active: " + answer);
        }
    }

    static String gateway(Sandbox sandbox, Region region, String path) {
        return "https://127.0.0.1:" + sandbox.port(region) + path;
    }
}
