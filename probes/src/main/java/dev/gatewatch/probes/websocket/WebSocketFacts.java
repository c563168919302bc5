package dev.gatewatch.probes.websocket;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.tls.ChainFacts;
import java.util.List;
import java.util.stream.Stream;

/** The facts and phases of a websocket run, under blackbox_exporter's metric names where it has them. */
final class WebSocketFacts {
    static final String STATUS = "status";
    static final String UPGRADED = "upgraded";
    static final String FAILED_DUE_TO_REGEX = "failed_due_to_regex";
    static final String SUBPROTOCOL = "subprotocol";
    static final String MESSAGES = "messages";
    static final String PING = "ping_seconds";
    static final String CLOSE_CODE = "close_code";
    static final String TRACE_ID = "trace_id";

    static final String TOKEN_PHASE = "token";
    static final String PROCESSING_PHASE = "processing";
    static final String TRANSFER_PHASE = "transfer";
    static final List<String> PHASES =
            List.of(TOKEN_PHASE, "resolve", "connect", "tls", PROCESSING_PHASE, TRANSFER_PHASE);

    static final List<FactSpec> SPECS = Stream.of(
                    List.of(
                            FactSpec.gauge(
                                    STATUS,
                                    "probe_websocket_status_code",
                                    "HTTP status of the answer to the upgrade request; 101 for a WebSocket, 0 without an answer."),
                            FactSpec.gauge(
                                    UPGRADED,
                                    "probe_websocket_connection_upgraded",
                                    "Whether the connection became a WebSocket."),
                            FactSpec.gauge(
                                    FAILED_DUE_TO_REGEX,
                                    "probe_websocket_failed_due_to_regex",
                                    "Whether messages came and none of them was the one that the dialogue expects."),
                            FactSpec.gauge(
                                    MESSAGES, "probe_websocket_messages", "Messages that came from the server."),
                            FactSpec.gauge(
                                    PING,
                                    "probe_websocket_ping_seconds",
                                    "Seconds from our ping to its pong; only with ping: true."),
                            FactSpec.gauge(
                                    CLOSE_CODE,
                                    "probe_websocket_close_code",
                                    "Code with which the server closed; absent where it did not."),
                            FactSpec.plain(SUBPROTOCOL, "Subprotocol that the server chose."),
                            FactSpec.plain(TRACE_ID, "Trace id that was sent in the traceparent header.")),
                    NetFacts.SPECS,
                    ChainFacts.SPECS)
            .flatMap(List::stream)
            .toList();

    private WebSocketFacts() {}

    /** What blackbox_exporter exports also without an answer. */
    static void begin(Report.Builder report, String traceId) {
        report.fact(STATUS, 0);
        report.fact(UPGRADED, false);
        report.fact(FAILED_DUE_TO_REGEX, false);
        report.fact(TRACE_ID, traceId);
    }
}
