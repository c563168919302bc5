package dev.gatewatch.alerting.channel.alertmanager;

import dev.gatewatch.alerting.channel.support.SecretUrl;
import okhttp3.HttpUrl;

/** One Alertmanager. Immutable. */
record Peer(SecretUrl base) {
    /** Its address without user info and query. */
    String name() {
        String path = base.reveal().encodedPath();
        return base + (path.equals("/") ? "" : path);
    }

    HttpUrl alerts() {
        return base.reveal().newBuilder().addPathSegments("api/v2/alerts").build();
    }
}
