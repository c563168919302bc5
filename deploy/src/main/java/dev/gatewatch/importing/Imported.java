package dev.gatewatch.importing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration that grows out of another program's, and what could not be carried over. Confined to one thread.
 *
 * <p>Secrets are not copied: their place gets a reference to an environment variable, and a note says which to set.
 */
final class Imported {
    private static final Pattern LOGIN = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)[^/?#@]*@(.*)");

    private final List<Map<String, Object>> probes = new ArrayList<>();
    private final List<Map<String, Object>> rules = new ArrayList<>();
    private final List<Map<String, Object>> channels = new ArrayList<>();
    private final List<Map<String, Object>> routes = new ArrayList<>();
    private final SortedMap<Integer, List<String>> byFailures = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** Adds a probe as {@link #probe}, which is in trouble after so many failures in a row. */
    void probe(String wanted, String type, SequencedMap<String, Object> keys, int failures) {
        byFailures.computeIfAbsent(failures, _ -> new ArrayList<>()).add(probe(wanted, type, keys));
    }

    /** Adds a probe under its name, or a like one that is not taken, which is returned. */
    String probe(String wanted, String type, SequencedMap<String, Object> keys) {
        var probe = new LinkedHashMap<String, Object>();
        String name = free(wanted);
        probe.put("name", name);
        probe.put("type", type);
        probe.putAll(keys);
        probes.add(probe);
        return name;
    }

    void rule(SequencedMap<String, Object> rule) {
        if (!rules.contains(rule)) {
            rules.add(rule);
        }
    }

    void channel(SequencedMap<String, Object> channel) {
        channels.add(channel);
    }

    void route(SequencedMap<String, Object> route) {
        routes.add(route);
    }

    boolean hasChannels() {
        return !channels.isEmpty();
    }

    /** Says that something was left out, or has to be looked at. */
    void note(String about, String what) {
        notes.add(about.isEmpty() ? what : about + ": " + what);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    int probes() {
        return probes.size();
    }

    /** An address without the user name and password that some write into it. */
    String address(String about, String url) {
        Matcher login = LOGIN.matcher(url);
        if (!login.matches()) {
            return url;
        }
        note(about, "user name and password in its address were not copied; add auth: {basic: {username: …, password: \"${env:…}\"}}");
        return login.group(1) + login.group(2);
    }

    /** A reference in the place of a secret. */
    String secret(String about, String what) {
        String variable = (about + "_" + what).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_").replaceAll("^_|_$", "");
        if (variable.isEmpty() || Character.isDigit(variable.charAt(0))) {
            variable = "GATEWATCH_" + variable;
        }
        note(about, "the " + what + " was not copied; set the environment variable " + variable);
        return "${env:" + variable + "}";
    }

    /** A name of ours, as near to theirs as can be. */
    private String free(String wanted) {
        String plain = wanted.replaceAll("[^A-Za-z0-9._ -]+", "-").strip().replace(' ', '-').replaceAll("^[-.]+|[-.]+$", "");
        String base = plain.isEmpty() ? "probe" : plain.length() > 80 ? plain.substring(0, 80) : plain;
        String name = base;
        for (int i = 2; !names.add(name); i++) {
            name = base + "-" + i;
        }
        if (plain.isEmpty() && !wanted.isBlank()) {
            note(name, "is what \"" + wanted.strip() + "\" is called now, as names are of letters, digits, '.', '_' and '-'; choose a better one");
        }
        return name;
    }

    /** The whole as a configuration. */
    SequencedMap<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("probes", probes);
        put(tree, "rules", rules);
        put(tree, "channels", channels);
        put(tree, "routes", routes);
        return tree;
    }

    private static void put(Map<String, Object> tree, String key, List<Map<String, Object>> list) {
        if (!list.isEmpty()) {
            tree.put(key, list);
        }
    }

    /** A rule and a route for those who had none: without them nobody would be told. */
    void complete() {
        byFailures.forEach((failures, names) -> {
            var rule = ordered("name", byFailures.size() == 1 ? "failing" : "failing-" + failures);
            if (byFailures.size() > 1 || names.size() < probes.size()) {
                rule.put("probes", Map.of("name", names));
            }
            rule.put("when", Map.of("failures", failures));
            rule.put("severity", "critical");
            rule(rule);
        });
        if (rules.isEmpty()) {
            rule(ordered("name", "failing", "when", Map.of("failures", 3), "severity", "critical"));
        }
        if (channels.isEmpty()) {
            note("", "no channel was found that can be carried over: alerts go to the log until you add one");
            channel(ordered("name", "log", "type", "log"));
        }
        if (routes.isEmpty()) {
            route(ordered("channels", channels.stream().map(c -> String.valueOf(c.get("name"))).toList()));
        }
    }

    /** A mapping in the order of its arguments: key, value, key, value. */
    static SequencedMap<String, Object> ordered(Object... keysAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
        }
        return map;
    }
}
