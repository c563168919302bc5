package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Place;
import dev.gatewatch.config.Problem;
import dev.gatewatch.config.Problems;
import dev.gatewatch.engine.Plan.Parent;
import dev.gatewatch.kit.Endpoints;
import dev.gatewatch.probe.Series;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DependenciesTest {
    private static final Node AT = new Node.Fields(Place.file("test"), "", new LinkedHashMap<>());

    private final Dependencies dependencies = new Dependencies();

    private List<String> problems(String... probes) {
        var problems = new Problems();
        dependencies.check(Set.of(probes), problems);
        return problems.list().stream().map(Problem::message).toList();
    }

    private void on(String probe, String... names) {
        dependencies.note(probe, List.of(names), AT);
    }

    @Test
    void aNameThatNoProbeHasIsTold() {
        on("shop", "gatway");

        assertThat(problems("shop", "gateway")).containsExactly("there is no probe \"gatway\" to depend on");
    }

    @Test
    void aCircleIsToldOnceWithItsWay() {
        on("a", "b");
        on("b", "c");
        on("c", "b", "a");
        on("d", "a");

        assertThat(problems("a", "b", "c", "d"))
                .containsExactly(
                        "probes depend on each other in a circle: a → b → c → a",
                        "probes depend on each other in a circle: b → c → b");
    }

    @Test
    void nothingDependsOnItself() {
        on("a", "a");

        assertThat(problems("a")).containsExactly("the probe \"a\" cannot depend on itself");
    }

    @Test
    void noneStandsAlone() {
        on("a", "none", "b");

        assertThat(problems("a", "b")).containsExactly("\"none\" stands alone: it says that there is no dependency");
    }

    @ParameterizedTest
    @CsvSource({
        "https://pay.example/health,        http,        eu, dns-eu port",
        "https://PAY.example:443/,          http,        eu, dns-eu port",
        "https://pay.example:8443/,         http,        eu, dns-eu",
        "http://pay.example/,               http,        eu, dns-eu",
        "pay.example:443,                   certificate, eu, dns-eu port",
        "pay.example:443,                   tcp,         eu, dns-eu",
        "https://other.example/,            http,        eu, ''",
        "https://pay.example/health,        http,        us, ''",
        "3 must connect,                    reachability, eu, ''",
    })
    void aRegionsProbesDependOnItsOwnDnsAndTcpProbesOfTheSameEndpoint(String target, String type, String region, String parents) {
        var child = Endpoints.spec(new Series("child", region, "dc1"), type, target);
        var name = Endpoints.spec(new Series("dns-eu", "eu", "dc1"), "dns", "pay.example");
        var port = Endpoints.spec(new Series("port", "eu", "dc1"), "tcp", "pay.example:443");
        var elsewhere = Endpoints.spec(new Series("dns", "", "dc1"), "dns", "pay.example");
        for (String probe : List.of("child", "dns-eu", "port", "dns")) {
            on(probe, Dependencies.AUTO);
        }

        ProbeSpec resolved = dependencies.resolved(List.of(name, port, elsewhere, child)).getLast();

        assertThat(String.join(" ", resolved.dependsOn().stream().sorted().toList())).isEqualTo(parents);
    }

    @Test
    void whatIsWrittenReplacesWhatIsAssumed() {
        var child = Endpoints.spec(new Series("child", "eu", "dc1"), "http", "https://pay.example/");
        var name = Endpoints.spec(new Series("name", "eu", "dc1"), "dns", "pay.example");
        on("child", "none");
        on("name", Dependencies.AUTO);

        assertThat(dependencies.resolved(List.of(name, child)).getLast().dependsOn()).isEmpty();
    }

    @Test
    void aParentWithRegionsCountsByTheChildsOwnWhereItHasOne() {
        var eu = Endpoints.spec(new Series("gateway", "eu", "dc1"), "tcp", "a:1");
        var us = Endpoints.spec(new Series("gateway", "us", "dc1"), "tcp", "b:1");
        var shopEu = Endpoints.spec(new Series("shop", "eu", "dc1"), "http", "http://x/").dependingOn(Set.of("gateway"));
        var ledger = Endpoints.spec(new Series("ledger", "", "dc1"), "http", "http://y/").dependingOn(Set.of("gateway", "gone"));
        var plan = new Plan(List.of(eu, us, shopEu, ledger));

        assertThat(plan.parents(shopEu)).containsExactly(new Parent("gateway", List.of(eu.series())));
        assertThat(plan.parents(ledger)).containsExactly(new Parent("gateway", List.of(eu.series(), us.series())));
    }
}
