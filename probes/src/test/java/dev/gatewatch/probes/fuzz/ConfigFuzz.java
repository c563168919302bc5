package dev.gatewatch.probes.fuzz;

import dev.gatewatch.config.ConfigFiles;
import dev.gatewatch.config.Problems;
import dev.gatewatch.config.Shared;
import dev.gatewatch.config.Sources;
import dev.gatewatch.probes.blackbox.BlackboxModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Configuration files: of ours, and of blackbox_exporter. */
final class ConfigFuzz {
    private ConfigFuzz() {}

    static List<Target> targets() throws IOException {
        Path file = Files.createTempFile("fuzz", ".yml");
        file.toFile().deleteOnExit();
        return List.of(
                Target.ofText(
                        "config-file",
                        bytes -> {
                            Files.write(file, bytes);
                            ConfigFiles.read(List.of(file), Set.of("probes"), Map.of("A", "b"), new Problems());
                        },
                        "defaults: {interval: 30s, timeout: 5s}\nprobes:\n  - &a {name: x, type: http, url: \"https://${env:A:-h}/\"}\n"
                                + "  - {<<: *a, name: y}\n  - name: \"z\"\n    text: |-\n      lines\n      ${file:none}\n"),
                Target.ofText(
                        "blackbox-file",
                        bytes -> {
                            Files.write(file, bytes);
                            BlackboxModules.read(file, new Problems(), Shared.NONE, new Sources());
                        },
                        """
                        modules:
                          http_2xx:
                            prober: http
                            timeout: 5s
                            http:
                              valid_http_versions: ["HTTP/1.1", "HTTP/2.0"]
                              valid_status_codes: []
                              method: GET
                              headers: {Host: vhost.example.com}
                              fail_if_body_matches_regexp: ["Could not connect"]
                              tls_config: {insecure_skip_verify: false}
                              preferred_ip_protocol: "ip4"
                          tcp:
                            prober: tcp
                            tcp: {query_response: [{expect: "^220 (.*)", send: "HELO ${1}"}, {starttls: true}]}
                          dns:
                            prober: dns
                            dns: {query_name: "example.com", query_type: "SOA", validate_answer_rrs: {fail_if_matches_regexp: ["x"]}}
                          icmp: {prober: icmp, icmp: {dont_fragment: true, ttl: 5, payload_size: 64}}
                        """));
    }
}
