package dev.gatewatch.probes.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.instances.RegistryFormat.Unexpected;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonPointer;

/** The documents are shortened from the registries' own reference pages. */
final class RegistryFormatTest {
    @Test
    void consulListsWhatPasses() throws Exception {
        assertThat(read(new RegistryFormat.Consul(), """
                [{"Node": {"Address": "10.1.10.12"}, "Service": {"Address": "", "Port": 8000},
                  "Checks": [{"Status": "passing"}, {"Status": "warning"}]},
                 {"Node": {"Address": "10.1.10.13"}, "Service": {"Address": "10.2.0.1", "Port": 8001},
                  "Checks": [{"Status": "passing"}, {"Status": "critical"}]},
                 {"Node": {"Address": "10.1.10.13"}, "Service": {"Address": "fd00::1", "Port": 8002}, "Checks": []}]"""))
                .containsExactly("10.1.10.12:8000", "[fd00::1]:8002");
    }

    @Test
    void eurekaListsWhatIsUpAndWritesAListOfOneAsTheOne() throws Exception {
        String one = "{\"ipAddr\": \"10.0.0.4\", \"status\": \"UP\", \"port\": {\"$\": 8080, \"@enabled\": \"true\"},"
                + " \"securePort\": {\"$\": 8443, \"@enabled\": \"false\"}}";
        String down = "{\"ipAddr\": \"10.0.0.5\", \"status\": \"OUT_OF_SERVICE\", \"port\": {\"$\": 8080}}";
        assertThat(read(new RegistryFormat.Eureka(false), "{\"application\": {\"instance\": [" + one + "," + down + "]}}"))
                .containsExactly("10.0.0.4:8080");
        assertThat(read(new RegistryFormat.Eureka(true), "{\"application\": {\"instance\": " + one + "}}"))
                .containsExactly("10.0.0.4:8443");
    }

    @Test
    void nacosListsWhatIsHealthyAndEnabledInBothVersionsOfItsApi() throws Exception {
        String hosts = """
                {"hosts": [{"ip": "10.0.0.1", "port": 8848, "healthy": true, "enabled": true},
                           {"ip": "10.0.0.2", "port": 8848, "healthy": false, "enabled": true},
                           {"ip": "10.0.0.3", "port": 8848, "healthy": true, "enabled": false}]}""";
        assertThat(read(new RegistryFormat.Nacos(), hosts)).containsExactly("10.0.0.1:8848");
        assertThat(read(new RegistryFormat.Nacos(), "{\"code\": 0, \"data\": " + hosts + "}"))
                .containsExactly("10.0.0.1:8848");
    }

    @Test
    void kubernetesListsWhatIsReadyOnTheNamedPort() throws Exception {
        String endpoints = """
                {"kind": "Endpoints", "subsets": [
                  {"addresses": [{"ip": "10.244.0.7"}, {"ip": "10.244.1.9"}], "notReadyAddresses": [{"ip": "10.244.1.10"}],
                   "ports": [{"name": "https", "port": 8443}, {"name": "metrics", "port": 9090}]}]}""";
        assertThat(read(new RegistryFormat.Kubernetes(Optional.of("https")), endpoints))
                .containsExactly("10.244.0.7:8443", "10.244.1.9:8443");
        assertThat(read(new RegistryFormat.Kubernetes(Optional.empty()), endpoints)).hasSize(4);
        assertThat(read(new RegistryFormat.Kubernetes(Optional.empty()), "{\"kind\": \"Endpoints\"}"))
                .isEmpty();
    }

    @Test
    void anyJsonThatHoldsAListWillDo() throws Exception {
        var format = new RegistryFormat.Json(
                JsonPointer.compile("/data/items"), JsonPointer.compile("/net/ip"), JsonPointer.compile("/net/port"));
        assertThat(read(format, "{\"data\": {\"items\": [{\"net\": {\"ip\": \"10.0.0.1\", \"port\": \"80\"}}, \"pay-2:8080\"]}}"))
                .containsExactly("10.0.0.1:80", "pay-2:8080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[{}]", "[{\"Service\": {\"Address\": \"a b\", \"Port\": 1}}]", "[1]", "\"x\"", "[{\"Service\": {\"Address\": \"a\", \"Port\": 99999}}]"})
    void whatIsNotTheRegistrysIsToldAsSuch(String document) {
        assertThatExceptionOfType(Unexpected.class).isThrownBy(() -> read(new RegistryFormat.Consul(), document));
    }

    private static List<String> read(RegistryFormat format, String document) throws Exception {
        return format.instances(Json.parse(document.getBytes(StandardCharsets.UTF_8))).stream()
                .map(Object::toString)
                .toList();
    }
}
