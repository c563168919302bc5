package dev.gatewatch.probes.grpc;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.tls.ChainFacts;
import io.grpc.Status;
import java.util.List;
import java.util.stream.Stream;

/** The facts of a grpc run, under blackbox_exporter's metric names and with its meanings. Pure functions. */
final class GrpcFacts {
    static final String CHECK_PHASE = "check";

    private static final String SSL = "ssl";
    private static final String STATUS = "status_code";
    private static final String HEALTH = "health";
    private static final String SERVING_STATUS = "serving_status";

    static final List<FactSpec> SPECS = Stream.of(
                    List.of(
                            FactSpec.gauge(SSL, "probe_grpc_ssl", "Whether the connection uses TLS."),
                            FactSpec.gauge(
                                    STATUS,
                                    "probe_grpc_status_code",
                                    "gRPC status of the call: 0 OK, 5 NOT_FOUND, 12 UNIMPLEMENTED, 14 UNAVAILABLE …; 14 also where"
                                            + " no connection was made."),
                            FactSpec.family(
                                    SERVING_STATUS,
                                    "probe_grpc_healthcheck_response",
                                    "serving_status",
                                    "1 for the health that was answered, 0 for each other: UNKNOWN, SERVING, NOT_SERVING,"
                                            + " SERVICE_UNKNOWN."),
                            FactSpec.plain(HEALTH, "The health that was answered.")),
                    NetFacts.SPECS,
                    ChainFacts.SPECS)
            .flatMap(List::stream)
            .toList();

    private GrpcFacts() {}

    /** What blackbox_exporter exports also without an answer. */
    static void begin(Report.Builder report) {
        report.fact(SSL, false);
        for (Serving each : Serving.values()) {
            report.fact(SERVING_STATUS + "." + each.name(), false);
        }
    }

    static void secured(Report.Builder report) {
        report.fact(SSL, true);
    }

    static void status(Report.Builder report, Status.Code code) {
        report.fact(STATUS, code.value());
    }

    static void health(Report.Builder report, Serving serving) {
        status(report, Status.Code.OK);
        report.fact(HEALTH, serving.name());
        report.fact(SERVING_STATUS + "." + serving.name(), true);
    }
}
