package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.gatewatch.sandbox.Visitor.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import okhttp3.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayTest extends RunningSandbox {
    private static final String[] KEY = {"X-Api-Key", Payments.API_KEY};
    private static final String[] FORM = {"Content-Type", "application/x-www-form-urlencoded"};
    private static final String CLIENT = "client_id=sandbox-client&client_secret=sandbox-secret";

    @Test
    void bothRegionsReportHealth() throws IOException {
        for (String url : List.of(eu("/health"), ap("/health"))) {
            Answer answer = visitor.get(url);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.at("/status")).isEqualTo("UP");
            assertThat(answer.at("/components/db/status")).isEqualTo("UP");
            assertThat(answer.headers()).containsKey("X-Request-Id");
        }
        assertThat(visitor.get(eu("/health")).at("/region")).isEqualTo("eu");
        assertThat(visitor.get(ap("/health")).at("/region")).isEqualTo("ap");
    }

    @Test
    void theInfoDocumentNamesVersions() throws IOException {
        assertThat(visitor.get(eu("/info")).at("/version")).isNotEmpty();
        assertThat(visitor.get(eu("/info")).at("/dependencies/http-client")).isNotEmpty();
    }

    @Test
    void clientCredentialsGiveATokenThatPaymentsAccept() throws IOException {
        Answer token = visitor.post(eu("/oauth/token"), "grant_type=client_credentials&" + CLIENT, FORM);
        assertThat(token.status()).isEqualTo(200);
        assertThat(token.at("/token_type")).isEqualTo("Bearer");
        assertThat(token.json().at("/expires_in").asInt()).isEqualTo(3600);
        Answer order = visitor.post(
                ap("/orders"),
                "{\"total_amount\":\"5.00\",\"currency\":\"EUR\"}",
                "Authorization",
                "Bearer " + token.at("/access_token"));
        assertThat(order.status()).isEqualTo(201);
    }

    @Test
    void aRefreshTokenWorksOnce() throws IOException {
        Answer token = visitor.post(eu("/oauth/token"), "grant_type=client_credentials&" + CLIENT, FORM);
        String refresh = "grant_type=refresh_token&refresh_token=" + token.at("/refresh_token") + "&" + CLIENT;
        Answer renewed = visitor.post(eu("/oauth/token"), refresh, FORM);
        assertThat(renewed.status()).isEqualTo(200);
        assertThat(renewed.at("/access_token")).isNotEqualTo(token.at("/access_token"));
        Answer again = visitor.post(eu("/oauth/token"), refresh, FORM);
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.at("/error")).isEqualTo("invalid_grant");
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type=client_credentials&client_id=sandbox-client&client_secret=wrong, 401, invalid_client",
        "grant_type=client_credentials, 401, invalid_client",
        "grant_type=password&client_id=sandbox-client&client_secret=sandbox-secret, 400, unsupported_grant_type",
        "client_id=sandbox-client&client_secret=sandbox-secret, 400, invalid_request",
        "grant_type=refresh_token&refresh_token=x&client_id=sandbox-client&client_secret=sandbox-secret, 400, invalid_grant",
    })
    void theTokenEndpointRefusesInTheWordsOfTheRfc(String form, int status, String error) throws IOException {
        Answer answer = visitor.post(eu("/oauth/token"), form, FORM);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.at("/error")).isEqualTo(error);
    }

    @Test
    void theClientMayNameItselfByBasicAuthentication() throws IOException {
        Answer answer = visitor.post(
                eu("/oauth/token"),
                "grant_type=client_credentials",
                "Content-Type",
                FORM[1],
                "Authorization",
                Credentials.basic("sandbox-client", "sandbox-secret"));
        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"order_id\":\"o1\",\"currency\":\"EUR\"}|total_amount",
                "{\"order_id\":\"o1\",\"currency\":\"EUR\",\"total_amount\":null}|total_amount",
                "{\"order_id\":\"o1\",\"currency\":\"EUR\",\"total_amount\":\"-1\"}|total_amount",
                "{\"order_id\":\"o1\",\"currency\":\"EUR\",\"total_amount\":0}|total_amount",
                "{\"order_id\":\"o1\",\"currency\":\"EUR\",\"total_amount\":{}}|total_amount",
                "{\"currency\":\"EUR\",\"total_amount\":1}|order_id",
                "{\"order_id\":\"a b\",\"currency\":\"EUR\",\"total_amount\":1}|order_id",
                "{\"order_id\":\"o1\",\"total_amount\":1}|currency",
                "{\"order_id\":\"o1\",\"currency\":\"euro\",\"total_amount\":1}|currency",
                "{\"order_id\":\"o1\",\"currency\":\"EUR\",\"total_amount\":1,\"callback_url\":\"http://example.com/\"}|callback_url",
            })
    void anInvalidPaymentIsRefusedAndTheFieldNamed(String body, String field) throws IOException {
        Answer answer = visitor.post(eu("/payments"), body, KEY);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("/error/code")).isEqualTo("PAYMENT_VALIDATION_FAILED");
        assertThat(answer.at("/error/field")).isEqualTo(field);
        assertThat(answer.at("/error/message")).isNotEmpty();
        assertThat(answer.at("/error/request_id")).isEqualTo(answer.headers().get("X-Request-Id"));
    }

    @Test
    void aBodyThatIsNoJsonObjectIsRefused() throws IOException {
        for (String body : List.of("", "nonsense", "[]", "{\"a\":")) {
            assertThat(visitor.post(eu("/payments"), body, KEY).at("/error/code")).isEqualTo("INVALID_JSON");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "X-None, x, CREDENTIAL_MISSING",
        "X-Api-Key, wrong, INVALID_API_KEY",
        "Authorization, Bearer wrong, INVALID_TOKEN",
    })
    void aPaymentNeedsAGoodCredential(String header, String value, String code) throws IOException {
        Answer answer = visitor.post(eu("/payments"), "{}", header, value);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.at("/error/code")).isEqualTo(code);
    }

    @Test
    void anOrderIsPendingUntilItsPaymentSettlesAndIsKnownInBothRegions() throws IOException {
        Answer order = visitor.post(eu("/orders"), "{\"total_amount\":\"12.50\",\"currency\":\"EUR\"}", KEY);
        String id = order.at("/order_id");
        assertThat(order.at("/status")).isEqualTo("pending");
        assertThat(visitor.get(ap("/orders/" + id), KEY).at("/status")).isEqualTo("pending");

        Answer payment = visitor.post(
                eu("/payments"),
                "{\"order_id\":\"%s\",\"total_amount\":\"12.50\",\"currency\":\"EUR\"}".formatted(id),
                KEY);
        assertThat(payment.status()).isEqualTo(201);
        assertThat(payment.at("/status")).isEqualTo("pending");
        await().atMost(Duration.ofSeconds(5)).until(() -> visitor.get(ap("/orders/" + id), KEY)
                .at("/status")
                .equals("paid"));
    }

    @Test
    void aCallbackIsTriedAgainUntilItIsTaken() throws IOException {
        List<String> received = new CopyOnWriteArrayList<>();
        HttpServer merchant = HttpServer.create(new InetSocketAddress(Loopback.ADDRESS, 0), 0);
        merchant.createContext("/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(received.size() == 1 ? 503 : 204, -1);
            exchange.close();
        });
        merchant.start();
        try {
            String url = "http://127.0.0.1:" + merchant.getAddress().getPort() + "/paid";
            visitor.post(
                    eu("/payments"),
                    "{\"order_id\":\"cb1\",\"total_amount\":1,\"currency\":\"EUR\",\"callback_url\":\"%s\"}".formatted(url),
                    KEY);
            await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == 2);
            assertThat(received.getLast())
                    .contains("\"order_id\":\"cb1\"", "\"status\":\"paid\"", "\"event\":\"payment.succeeded\"");
        } finally {
            merchant.stop(0);
        }
    }

    @Test
    void unknownThingsAreNotFoundAndWrongMethodsNotAllowed() throws IOException {
        assertThat(visitor.get(eu("/nothing")).status()).isEqualTo(404);
        assertThat(visitor.get(eu("/orders/none"), KEY).at("/error/code")).isEqualTo("ORDER_NOT_FOUND");
        Answer answer = visitor.get(eu("/payments"));
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "POST");
    }

    @Test
    void theCertificateAuthorityInTheDataFolderIsTheOneToTrust() throws Exception {
        try (var pem = Files.newInputStream(data.resolve("sandbox-ca.pem"))) {
            var root = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(pem);
            Visitor stranger = Visitor.trusting(root);
            assertThat(stranger.get(eu("/health")).status()).isEqualTo(200);
            assertThat(stranger.get(eu("/health").replace("127.0.0.1", "localhost")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void everyRequestHasAnIdOfItsOwn() throws IOException {
        Pattern id = Pattern.compile("req_[0-9a-f-]{36}");
        String first = visitor.get(eu("/health")).headers().get("X-Request-Id");
        String second = visitor.get(eu("/health")).headers().get("X-Request-Id");
        assertThat(first).matches(id).isNotEqualTo(second);
    }
}
