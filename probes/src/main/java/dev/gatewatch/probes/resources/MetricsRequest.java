package dev.gatewatch.probes.resources;

import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.RequestKeys;
import java.util.LinkedHashMap;

/** The request for metrics: a GET that says which formats are understood. */
final class MetricsRequest {
    private static final String ACCEPT = "Accept";

    /** As Prometheus asks, without its binary format. */
    private static final String TEXT =
            "text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.8,*/*;q=0.1";

    private static final String JSON = "application/vnd.spring-boot.actuator.v3+json,application/json;q=0.9";

    private MetricsRequest() {}

    static HttpRequest read(Section section) {
        HttpRequest asked = RequestKeys.read(section);
        var headers = new LinkedHashMap<>(asked.headers());
        if (headers.keySet().stream().noneMatch(ACCEPT::equalsIgnoreCase)) {
            boolean page = section.get(ResourcesProbeType.FORMAT) == ResourcesConfig.Format.PROMETHEUS;
            headers.put(ACCEPT, new HeaderText(new Secret(page ? TEXT : JSON), false));
        }
        return new HttpRequest(
                asked.url(), asked.hiddenUrl(), asked.method(), headers, asked.auth(), asked.body());
    }
}
