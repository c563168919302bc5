package dev.gatewatch.probes.instances;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.httpclient.Auth;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.RequestKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import tools.jackson.core.JsonPointer;

/** The keys of {@code registry}. */
final class RegistryKeys {
    private enum Kind {
        CONSUL,
        EUREKA,
        NACOS,
        KUBERNETES,
        JSON
    }

    private static final Key<Kind> KIND = Key.required(
            "kind",
            Types.oneOf(Kind.class),
            "Whose list it is: consul, eureka, nacos or kubernetes (its Endpoints), asked through their HTTP APIs, or json for"
                    + " any document that holds a list.");
    private static final Key<HttpUrl> URL = Key.required(
            RequestKeys.URL.name(),
            RequestKeys.URL.type(),
            "Where the registry is: its base, such as http://consul.internal:8500; for json the document itself.");
    private static final Key<String> SERVICE =
            Key.optional("service", Types.text(), "Name of the service in the registry; not for json.");
    private static final Key<String> NAMESPACE = Key.withDefault(
            "namespace", Types.text(), "", "the registry's own", "Namespace: of Kubernetes, Nacos (its id) or Consul.");
    private static final Key<String> GROUP =
            Key.withDefault("group", Types.text(), "", "DEFAULT_GROUP", "Group of the service; Nacos only.");
    private static final Key<String> DATACENTER =
            Key.withDefault("datacenter", Types.text(), "", "the agent's own", "Data centre; Consul only.");
    private static final Key<String> PORT_NAME = Key.optional(
            "port_name", Types.text(), "Which of the service's ports; Kubernetes only, all where it is left out.");
    private static final Key<Boolean> SECURE = Key.withDefault(
            "secure", Types.bool(), false, "false", "Whether the secure port is the one that counts; Eureka only.");
    private static final Key<JsonPointer> ITEMS = Key.withDefault(
            "items", pointer(), JsonPointer.empty(), "the document itself", "Where the list is (JSON Pointer); json only.");
    private static final Key<JsonPointer> HOST = Key.withDefault(
            "host",
            pointer(),
            JsonPointer.compile("/host"),
            "/host",
            "Where in an item its host or address is (JSON Pointer); json only. An item may also be \"host:port\".");
    private static final Key<JsonPointer> PORT = Key.withDefault(
            "port", pointer(), JsonPointer.compile("/port"), "/port", "Where in an item its port is; json only.");

    static final SectionType<Registry> TYPE = SectionType.of(
            "registry",
            Stream.concat(Stream.of(
                    KIND,
                    URL,
                    SERVICE,
                    NAMESPACE,
                    GROUP,
                    DATACENTER,
                    PORT_NAME,
                    SECURE,
                    ITEMS,
                    HOST,
                    PORT,
                    RequestKeys.HEADERS,
                    RequestKeys.AUTH), ClientSettings.KEYS.stream()).toList(),
            RegistryKeys::read);

    private RegistryKeys() {}

    private static ValueType<JsonPointer> pointer() {
        return Types.scalar("a JSON Pointer as /data/items", Types.text().jsonSchema(), text -> {
            try {
                return Optional.of(JsonPointer.compile(text));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        });
    }

    private static Registry read(Section section) {
        Kind kind = section.get(KIND);
        if (kind == Kind.JSON == section.has(SERVICE)) {
            section.problem(
                    kind == Kind.JSON ? SERVICE : KIND,
                    kind == Kind.JSON
                            ? "a json registry has no service; its url names the list"
                            : "service is missing: the name under which the registry lists the instances");
        }
        String service = section.find(SERVICE).orElse("");
        HttpUrl base = section.get(URL);
        HttpUrl.Builder url = base.newBuilder();
        SequencedMap<String, HeaderText> headers = section.find(RequestKeys.HEADERS).orElseGet(LinkedHashMap::new);
        var all = new LinkedHashMap<>(headers);
        all.putIfAbsent("Accept", HeaderText.of("application/json"));
        String namespace = section.get(NAMESPACE);
        RegistryFormat format =
                switch (kind) {
                    case CONSUL -> {
                        url.addPathSegments("v1/health/service").addPathSegment(service);
                        parameter(url, "ns", namespace);
                        parameter(url, "dc", section.get(DATACENTER));
                        yield new RegistryFormat.Consul();
                    }
                    case EUREKA -> {
                        url.addPathSegment("apps").addPathSegment(service);
                        yield new RegistryFormat.Eureka(section.get(SECURE));
                    }
                    case NACOS -> {
                        url.addPathSegments("nacos/v1/ns/instance/list").addQueryParameter("serviceName", service);
                        parameter(url, "groupName", section.get(GROUP));
                        parameter(url, "namespaceId", namespace);
                        yield new RegistryFormat.Nacos();
                    }
                    case KUBERNETES -> {
                        url.addPathSegments("api/v1/namespaces")
                                .addPathSegment(namespace.isEmpty() ? "default" : namespace)
                                .addPathSegment("endpoints")
                                .addPathSegment(service);
                        yield new RegistryFormat.Kubernetes(section.find(PORT_NAME));
                    }
                    case JSON -> new RegistryFormat.Json(section.get(ITEMS), section.get(HOST), section.get(PORT));
                };
        Optional<Auth> auth = section.find(RequestKeys.AUTH);
        return new Registry(
                new HttpRequest(
                        url.build(),
                        section.at(URL) instanceof Node.Scalar s && s.secret(),
                        "GET",
                        all,
                        auth,
                        Optional.empty()),
                ClientSettings.read(section),
                format);
    }

    private static void parameter(HttpUrl.Builder url, String name, String value) {
        if (!value.isEmpty()) {
            url.addQueryParameter(name, value);
        }
    }
}
