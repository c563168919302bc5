package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.callback.CallbackSettings;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.httpclient.UrlType;
import dev.gatewatch.probes.transaction.Step.Action;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/** The keys of a transaction probe and how they become its {@link TransactionConfig}. */
final class TransactionKeys {
    private static final int MOST_STEPS = 50;

    static final Key<HttpUrl> BASE_URL = Key.required(
            "base_url", UrlType.INSTANCE, "Where the transaction takes place: the path of each step is appended to it.");
    private static final Key<SequencedMap<String, HeaderTemplate>> HEADERS = Key.optional(
            "headers",
            Types.map(HeaderText.nameType(), HeaderTemplate.type()),
            "Headers of every request, with $(variables); a step's own of the same name wins. Values are never shown.");
    private static final Key<SequencedMap<String, Constant>> VARIABLES = Key.optional(
            "variables",
            Types.map(StepKeys.variable(), Constant.type()),
            "Fixed values for $(name); those from ${env:…} or ${file:…} are never shown. Write $$( for a plain \"$(\".");
    private static final Key<List<StepKeys.Draft>> STEPS = Key.required(
            "steps",
            Types.list(StepKeys.TYPE, 1),
            "What is done, in this order. After a failure the steps that follow are skipped, but for those with always. Cookies are kept from"
                    + " step to step and forgotten after the run.");
    private static final Key<Double> CLEANUP_RESERVE = Key.withDefault(
            "cleanup_reserve",
            Types.percent(),
            0.2,
            "20%",
            "Share of the time-out that is kept for steps with always; the other steps have the rest.");

    static final List<Key<?>> ALL = Stream.of(
                    List.<Key<?>>of(
                            BASE_URL, HEADERS, AuthTemplate.KEY, VARIABLES, StepKeys.GENERATE, STEPS, CLEANUP_RESERVE),
                    ClientSettings.KEYS)
            .flatMap(List::stream)
            .toList();

    private TransactionKeys() {}

    /** Reads a clean section; problems between keys are told to it. */
    static TransactionConfig read(Section section) {
        HttpUrl base = section.get(BASE_URL);
        if (base.query() != null) {
            section.problem(BASE_URL, "a query in base_url would get lost; write it in the path of each step");
        }
        SequencedMap<String, HeaderTemplate> headers = section.find(HEADERS).orElseGet(LinkedHashMap::new);
        RequestTemplate.checkHeaders(section, HEADERS, headers);
        SequencedMap<String, Constant> constants = section.find(VARIABLES).orElseGet(LinkedHashMap::new);
        SequencedMap<String, Generator> generate = section.find(StepKeys.GENERATE).orElseGet(LinkedHashMap::new);
        var common = new StepKeys.Common(headers, section.find(AuthTemplate.KEY), constants);
        List<Step> steps = section.get(STEPS).stream().map(draft -> draft.apply(common)).toList();
        if (steps.size() > MOST_STEPS) {
            section.problem(STEPS, "more than " + MOST_STEPS + " steps; make several transactions of them");
        }
        new VariableChecks(section.reading().problems(), constants, generate, steps).run();
        ClientSettings client = ClientSettings.read(section);
        if (client.connectTo().isPresent() && steps.stream().anyMatch(TransactionKeys::goesElsewhere)) {
            section.reading()
                    .problems()
                    .error(section.node(), "connect_to holds for base_url, and a step has a url of its own; use path there");
        }
        boolean hiddenBase = section.at(BASE_URL) instanceof Node.Scalar s && s.secret();
        var secrets = new ArrayList<Secret>(UrlType.secrets(base, hiddenBase));
        secrets.addAll(secrets(headers, constants, steps));
        return new TransactionConfig(
                base,
                hiddenBase,
                client,
                constants,
                generate,
                steps,
                steps.stream().anyMatch(Step::always) ? section.get(CLEANUP_RESERVE) : 0,
                callbacks(section, steps),
                secrets);
    }

    private static boolean goesElsewhere(Step step) {
        return step.action() instanceof Action.Ask ask && ask.request().url().isPresent() && !ask.learnt();
    }

    private static Optional<CallbackSettings> callbacks(Section section, List<Step> steps) {
        Optional<Step> waiting =
                steps.stream().filter(s -> s.action() instanceof Action.Await).findFirst();
        Optional<CallbackSettings> settings = section.reading().shared(CallbackSettings.class);
        if (waiting.isPresent() && settings.isEmpty()) {
            section.reading()
                    .problems()
                    .error(
                            waiting.get().at(),
                            "this step waits for a callback, and the configuration does not say where to listen for it",
                            "add at the top: callbacks: {listen: \"127.0.0.1:9781\", public_url: \"https://…\"}");
        }
        return waiting.flatMap(_ -> settings);
    }

    private static List<Secret> secrets(
            SequencedMap<String, HeaderTemplate> headers, SequencedMap<String, Constant> constants, List<Step> steps) {
        var secrets = new ArrayList<Secret>();
        constants.values().stream().filter(Constant::secret).map(Constant::value).forEach(secrets::add);
        headers.values().stream()
                .map(HeaderTemplate::template)
                .filter(Template::secret)
                .map(t -> new Secret(t.at().text()))
                .forEach(secrets::add);
        for (Step step : steps) {
            step.sign().values().forEach(s -> {
                secrets.addAll(s.secrets());
                if (s.over().secret()) {
                    secrets.add(new Secret(s.over().at().text()));
                }
            });
            switch (step.action()) {
                case Action.Ask ask -> {
                    ask.request().secrets().forEach(secrets::add);
                    Stream.concat(Stream.of(ask.expect()), ask.poll().stream().flatMap(Poll::expectations))
                            .forEach(e -> secrets.addAll(e.secrets()));
                }
                case Action.Await(CallbackWait callback) ->
                    callback.expectations().forEach(e -> secrets.addAll(e.secrets()));
            }
        }
        return secrets;
    }
}
