package dev.gatewatch.probes.instances;

import dev.gatewatch.probes.fuzz.Target;
import dev.gatewatch.probes.httpclient.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Lists of registries. */
public final class InstancesFuzz {
    private static final List<RegistryFormat> FORMATS = List.of(
            new RegistryFormat.Consul(),
            new RegistryFormat.Eureka(false),
            new RegistryFormat.Nacos(),
            new RegistryFormat.Kubernetes(Optional.of("http")),
            new RegistryFormat.Json(
                    JsonPointer.compile("/hosts"), JsonPointer.compile("/ip"), JsonPointer.compile("/port")));

    private InstancesFuzz() {}

    public static List<Target> targets() {
        return List.of(Target.ofText(
                "registry",
                bytes -> {
                    Optional<JsonNode> document = Json.tryParse(bytes);
                    for (RegistryFormat format : document.isPresent() ? FORMATS : List.<RegistryFormat>of()) {
                        try {
                            format.instances(document.get());
                        } catch (RegistryFormat.Unexpected _) {
                            // as it may be
                        }
                    }
                },
                "[{\"Node\":{\"Address\":\"10.0.0.1\"},\"Service\":{\"Address\":\"::1\",\"Port\":80},\"Checks\":[{\"Status\":\"passing\"}]}]",
                "{\"application\":{\"instance\":[{\"ipAddr\":\"10.0.0.1\",\"port\":{\"$\":80,\"@enabled\":\"true\"},\"status\":\"UP\"}]}}",
                "{\"hosts\":[{\"ip\":\"10.0.0.1\",\"port\":80,\"healthy\":true,\"enabled\":true},\"10.0.0.2:80\"]}",
                "{\"kind\":\"Endpoints\",\"subsets\":[{\"addresses\":[{\"ip\":\"10.0.0.1\"}],\"ports\":[{\"name\":\"http\",\"port\":80}]}]}"));
    }
}
