package dev.gatewatch.probes.grpc;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;

/** What a server says of a service's health (grpc.health.v1). */
enum Serving {
    UNKNOWN,
    SERVING,
    NOT_SERVING,
    SERVICE_UNKNOWN;

    /** The word of a status; one that this version of the protocol does not have counts as {@link #UNKNOWN}. */
    static Serving of(ServingStatus status) {
        return switch (status) {
            case SERVING -> SERVING;
            case NOT_SERVING -> NOT_SERVING;
            case SERVICE_UNKNOWN -> SERVICE_UNKNOWN;
            case UNKNOWN, UNRECOGNIZED -> UNKNOWN;
        };
    }
}
