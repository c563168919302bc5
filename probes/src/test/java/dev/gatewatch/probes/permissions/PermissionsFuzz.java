package dev.gatewatch.probes.permissions;

import dev.gatewatch.probes.fuzz.Target;
import dev.gatewatch.probes.httpclient.HttpClientFuzz;
import java.util.List;

/** Error bodies of services. */
public final class PermissionsFuzz {
    private PermissionsFuzz() {}

    public static List<Target> targets() {
        return List.of(Target.ofText(
                "service-error",
                bytes -> ServiceError.of(HttpClientFuzz.answer(403, "", bytes)).ifPresent(ServiceError::shown),
                "<?xml version=\"1.0\"?><ErrorResponse><Error><Code>AccessDenied</Code><Message>a &amp; b</Message></Error></ErrorResponse>",
                "{\"__type\":\"com.amazon#AccessDeniedException\",\"Message\":\"no\"}",
                "{\"error\":{\"status\":\"PERMISSION_DENIED\",\"details\":[{\"reason\":\"r\"}]}}"));
    }
}
