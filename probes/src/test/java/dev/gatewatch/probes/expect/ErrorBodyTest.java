package dev.gatewatch.probes.expect;

import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpVersion;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.UrlType;
import java.util.Optional;
import okio.ByteString;
import org.junit.jupiter.params.provider.ValueSource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The shapes of error answers in the field, and what is read of them. */
final class ErrorBodyTest {
    static Stream<Arguments> shapes() {
        return Stream.of(
                arguments(
                        "plain",
                        "{\"code\":\"PAYMENT_VALIDATION_FAILED\",\"missing\":[\"total_amount\"],\"request_id\":\"r-1\"}",
                        "PAYMENT_VALIDATION_FAILED, field total_amount, request id r-1"),
                arguments(
                        "in the sentence",
                        "{\"err_code\":\"E1\",\"message\":\"missing required field: total_amount\"}",
                        "E1: \"missing required field: total_amount\", field total_amount"),
                arguments(
                        "Stripe",
                        "{\"error\":{\"code\":\"parameter_missing\",\"message\":\"Missing required param: amount.\","
                                + "\"param\":\"amount\",\"type\":\"invalid_request_error\"}}",
                        "parameter_missing: \"Missing required param: amount.\", field amount"),
                arguments(
                        "Adyen",
                        "{\"status\":422,\"errorCode\":\"100\",\"message\":\"Required object 'amount' is not provided.\","
                                + "\"errorType\":\"validation\",\"pspReference\":\"8515\"}",
                        "100: \"Required object 'amount' is not provided.\", request id 8515"),
                arguments(
                        "PayPal",
                        "{\"name\":\"INVALID_REQUEST\",\"message\":\"Not well-formed.\",\"debug_id\":\"90957fca\","
                                + "\"details\":[{\"field\":\"/purchase_units/0/amount\",\"issue\":\"MISSING\"}]}",
                        "INVALID_REQUEST: \"Not well-formed.\", field purchase_units.0.amount, request id 90957fca"),
                arguments(
                        "problem+json",
                        "{\"type\":\"https://example.net/validation\",\"title\":\"Not valid.\",\"invalid-params\":"
                                + "[{\"name\":\"age\",\"reason\":\"positive\"},{\"name\":\"color\",\"reason\":\"green\"}]}",
                        "https://example.net/validation: \"Not valid.\", fields age and color"),
                arguments(
                        "ASP.NET",
                        "{\"title\":\"One or more validation errors occurred.\",\"status\":400,"
                                + "\"errors\":{\"TotalAmount\":[\"The field is required.\"]},\"traceId\":\"00-abc-01\"}",
                        "\"One or more validation errors occurred.\", field TotalAmount, request id 00-abc-01"),
                arguments(
                        "FastAPI",
                        "{\"detail\":[{\"loc\":[\"body\",\"total_amount\"],\"msg\":\"field required\","
                                + "\"type\":\"value_error.missing\"}]}",
                        "value_error.missing: \"field required\", field total_amount"),
                arguments(
                        "Spring",
                        "{\"timestamp\":\"2026-01-01\",\"status\":400,\"error\":\"Bad Request\",\"path\":\"/pay\"}",
                        "Bad Request"),
                arguments(
                        "Google",
                        "{\"error\":{\"code\":400,\"message\":\"Invalid value\",\"status\":\"INVALID_ARGUMENT\","
                                + "\"details\":[{\"fieldViolations\":[{\"field\":\"order.id\",\"description\":\"bad\"}]}]}}",
                        "400: \"Invalid value\", field order.id"),
                arguments(
                        "OAuth 2.0",
                        "{\"error\":\"invalid_grant\",\"error_description\":\"refresh token revoked\"}",
                        "invalid_grant: \"refresh token revoked\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void codeSentenceFieldAndRequestIdAreRead(String name, String body, String shown) throws Exception {
        assertThat(ErrorBody.of(Json.parse(body.getBytes(StandardCharsets.UTF_8)), Headers.EMPTY)
                        .map(ErrorBody::shown))
                .as(name)
                .contains(shown);
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments(
                        "S3",
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code>"
                                + "<Message>Access Denied</Message><RequestId>656c76696e</RequestId><HostId>x</HostId></Error>",
                        "AccessDenied: \"Access Denied\", request id 656c76696e"),
                arguments(
                        "IAM",
                        "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>"
                                + "<Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/x is not authorized to perform:"
                                + " iam:ListUsers</Message></Error><RequestId>7a62</RequestId></ErrorResponse>",
                        "AccessDenied: \"User: arn:aws:iam::1:user/x is not authorized to perform: iam:ListUsers\", request id"
                                + " 7a62"),
                arguments(
                        "EC2",
                        "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>No.</Message></Error></Errors>"
                                + "<RequestID>r-1</RequestID></Response>",
                        "UnauthorizedOperation: \"No.\", request id r-1"),
                arguments(
                        "DynamoDB",
                        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#AccessDeniedException\",\"Message\":\"not authorized\"}",
                        "AccessDeniedException: \"not authorized\""),
                arguments(
                        "AWS JSON 1.1",
                        "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}",
                        "ThrottlingException: \"Rate exceeded\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void awsIsReadInJsonAndXml(String name, String body, String shown) {
        assertThat(ErrorBody.of(answer(body, Headers.EMPTY)).map(ErrorBody::shown)).as(name).contains(shown);
    }

    @Test
    void theCodeMayBeInAHeader() {
        var headers = Headers.of("x-amzn-ErrorType", "AccessDeniedException:http://internal.amazon.com/coral/");

        assertThat(ErrorBody.of(answer("{\"message\":\"no\"}", headers)).flatMap(ErrorBody::code))
                .contains("AccessDeniedException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>Forbidden</body></html>",
                "<!DOCTYPE html><html/>",
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Error><Code>&x;</Code></Error>",
                "<Error><Code>cut",
                "<rss><channel/></rss>",
                "<",
                "plain"
            })
    void whatIsNoErrorOrHostileIsNotRead(String body) {
        assertThat(ErrorBody.of(answer(body, Headers.EMPTY)).flatMap(ErrorBody::code)).isEmpty();
    }

    @Test
    void deepOrEndlessXmlIsGivenUp() {
        assertThat(ErrorBody.of(answer("<a>".repeat(50_000), Headers.EMPTY))).isEmpty();
        assertThat(ErrorBody.of(answer("<a>" + "<b/>".repeat(50_000) + "</a>", Headers.EMPTY))).isEmpty();
    }

    private static Answer answer(String body, Headers headers) {
        return new Answer(
                UrlType.parse("https://aws.example/").orElseThrow(),
                HttpVersion.HTTP_1_1,
                403,
                "",
                headers,
                body.length(),
                new Answer.Body(ByteString.encodeUtf8(body), Optional.empty()),
                true,
                false);
    }

    @Test
    void theRequestIdMayBeInAHeader() throws Exception {
        var headers = Headers.of("X-Request-Id", "h-9");
        assertThat(ErrorBody.of(Json.parse("{\"code\":\"E\"}".getBytes(StandardCharsets.UTF_8)), headers)
                        .map(ErrorBody::shown))
                .contains("E, request id h-9");
    }

    @Test
    void aDocumentOfAnotherKindIsNoErrorBody() throws Exception {
        for (String body : new String[] {"{\"orders\":[]}", "[]", "\"no\"", "{}"}) {
            assertThat(ErrorBody.of(Json.parse(body.getBytes(StandardCharsets.UTF_8)), Headers.EMPTY))
                    .as(body)
                    .isEmpty();
        }
    }
}
