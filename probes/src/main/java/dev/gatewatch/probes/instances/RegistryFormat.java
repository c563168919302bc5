package dev.gatewatch.probes.instances;

import dev.gatewatch.config.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** How a registry lists the instances of a service; only those that are up count. Pure functions. */
sealed interface RegistryFormat {
    /** The answer is not as this registry gives it; the message says what is missing in it. */
    final class Unexpected extends Exception {
        private static final long serialVersionUID = 1L;

        Unexpected(String message) {
            super(message, null, false, false);
        }
    }

    /** The instances that are up. */
    List<HostPort> instances(JsonNode document) throws Unexpected;

    /** Consul's {@code /v1/health/service/NAME}. */
    record Consul() implements RegistryFormat {
        @Override
        public List<HostPort> instances(JsonNode document) throws Unexpected {
            var all = new ArrayList<HostPort>();
            for (JsonNode entry : list(document, "")) {
                String own = entry.path("Service").path("Address").asString("");
                String host = own.isEmpty() ? entry.path("Node").path("Address").asString("") : own;
                boolean passing = true;
                for (JsonNode check : entry.path("Checks")) {
                    passing &= !check.path("Status").asString("").equals("critical");
                }
                if (passing) {
                    all.add(instance(host, entry.path("Service").path("Port")));
                }
            }
            return all;
        }
    }

    /** Eureka's {@code /apps/NAME} as JSON. */
    record Eureka(boolean secure) implements RegistryFormat {
        @Override
        public List<HostPort> instances(JsonNode document) throws Unexpected {
            JsonNode instances = document.path("application").path("instance");
            var all = new ArrayList<HostPort>();
            // a list of one is written as the one itself
            for (JsonNode entry : instances.isObject() ? List.of(instances) : list(instances, "application.instance")) {
                if (entry.path("status").asString("").equals("UP")) {
                    all.add(instance(
                            entry.path("ipAddr").asString(""), entry.path(secure ? "securePort" : "port").path("$")));
                }
            }
            return all;
        }
    }

    /** Nacos' {@code /nacos/v1/ns/instance/list}. */
    record Nacos() implements RegistryFormat {
        @Override
        public List<HostPort> instances(JsonNode document) throws Unexpected {
            var all = new ArrayList<HostPort>();
            // version 2 of its API wraps the answer
            JsonNode hosts = document.path("data").has("hosts") ? document.path("data").path("hosts") : document.path("hosts");
            for (JsonNode entry : list(hosts, "hosts")) {
                if (entry.path("healthy").asBoolean(true) && entry.path("enabled").asBoolean(true)) {
                    all.add(instance(entry.path("ip").asString(""), entry.path("port")));
                }
            }
            return all;
        }
    }

    /** The {@code Endpoints} of a Kubernetes service; {@code portName} chooses among several ports. */
    record Kubernetes(Optional<String> portName) implements RegistryFormat {
        @Override
        public List<HostPort> instances(JsonNode document) throws Unexpected {
            var all = new ArrayList<HostPort>();
            if (!document.path("kind").asString("").equals("Endpoints")) {
                throw new Unexpected("no kind \"Endpoints\"");
            }
            for (JsonNode subset : document.path("subsets")) {
                for (JsonNode port : subset.path("ports")) {
                    if (portName.isPresent() && !portName.get().equals(port.path("name").asString(""))) {
                        continue;
                    }
                    for (JsonNode address : subset.path("addresses")) {
                        all.add(instance(address.path("ip").asString(""), port.path("port")));
                    }
                }
            }
            return all;
        }
    }

    /**
     * Any JSON that holds a list.
     *
     * @param items where the list is
     * @param host where in an item its host is; an item that is a text is {@code host:port} itself
     * @param port where in an item its port is
     */
    record Json(JsonPointer items, JsonPointer host, JsonPointer port) implements RegistryFormat {
        @Override
        public List<HostPort> instances(JsonNode document) throws Unexpected {
            var all = new ArrayList<HostPort>();
            for (JsonNode entry : list(document.at(items), items.toString())) {
                if (entry.isString()) {
                    all.add(HostPort.parse(entry.asString(), 0)
                            .orElseThrow(() -> new Unexpected("\"" + entry.asString() + "\", which is no host:port")));
                } else {
                    all.add(instance(entry.at(host).asString(""), entry.at(port)));
                }
            }
            return all;
        }
    }

    private static JsonNode list(JsonNode node, String where) throws Unexpected {
        if (!node.isArray()) {
            throw new Unexpected("no list" + (where.isEmpty() ? "" : " at " + where));
        }
        return node;
    }

    private static HostPort instance(String host, JsonNode port) throws Unexpected {
        int number = port.asInt(0);
        return HostPort.parse((host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + number, 0)
                .filter(_ -> number > 0)
                .orElseThrow(() -> new Unexpected("an instance without host or port (\"" + host + "\", " + port + ")"));
    }
}
