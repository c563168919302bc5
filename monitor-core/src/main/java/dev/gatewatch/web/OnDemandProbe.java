package dev.gatewatch.web;

import dev.gatewatch.metrics.Exposition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers {@code GET /probe}: runs a probe for the one who asks. Called on request threads, many at once. */
@FunctionalInterface
public interface OnDemandProbe {
    /** For a daemon without modules. */
    OnDemandProbe NONE = _ -> Answer.text(
            404, "there are no modules to probe with; name a blackbox.yml in modules_file, or start with --blackbox");

    /**
     * What is asked. Immutable.
     *
     * @param parameters of the query, decoded once
     * @param scrapeTimeout the header {@code X-Prometheus-Scrape-Timeout-Seconds}
     * @param accept the {@code Accept} header, or empty
     */
    record Asked(Map<String, List<String>> parameters, Optional<String> scrapeTimeout, String accept) {
        /** The first value of a parameter; nothing where it is missing or empty. */
        public Optional<String> parameter(String name) {
            return parameters.getOrDefault(name, List.of()).stream().findFirst().filter(value -> !value.isEmpty());
        }
    }

    /** What is answered. */
    record Answer(int status, Exposition body) {
        public static Answer text(int status, String words) {
            byte[] bytes = (words + "\n").getBytes(StandardCharsets.UTF_8);
            return new Answer(status, new Exposition("text/plain; charset=utf-8", out -> out.write(bytes)));
        }
    }

    Answer answer(Asked asked) throws InterruptedException;
}
