package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.httpclient.Auth;
import dev.gatewatch.probes.httpclient.AuthKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A credential whose texts may hold variables, as a token that an earlier step got. Immutable.
 *
 * @param fixed the credential as written
 * @param templates those of its texts that hold variables, by the name of their key
 */
record AuthTemplate(Auth fixed, Map<String, Template> templates) {
    static final Key<AuthTemplate> KEY = Key.optional(
            "auth",
            type(),
            "Credential: basic with username and password, bearer with a token, or oauth; texts may hold $(variables).");

    AuthTemplate {
        templates = Map.copyOf(templates);
    }

    private static ValueType<AuthTemplate> type() {
        return new ValueType<>() {
            @Override
            public Optional<AuthTemplate> read(Node node, Reading reading) {
                var templates = new LinkedHashMap<String, Template>();
                gather(node, reading, templates);
                Optional<Auth> auth = AuthKeys.TYPE.read(node, reading);
                boolean plain = auth.filter(a -> a instanceof Auth.Basic || a instanceof Auth.Bearer).isPresent();
                if (auth.isPresent() && !plain && !templates.isEmpty()) {
                    reading.problems().error(node, "only basic and bearer may hold $(variables)");
                }
                return auth.map(fixed -> new AuthTemplate(fixed, templates));
            }

            @Override
            public String describe() {
                return AuthKeys.TYPE.describe();
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return AuthKeys.TYPE.jsonSchema();
            }
        };
    }

    private static void gather(Node node, Reading reading, Map<String, Template> into) {
        if (node instanceof Node.Fields fields) {
            fields.fields().forEach((key, value) -> {
                if (value instanceof Node.Scalar s && Template.isOne(s)) {
                    Template.read(s, reading).ifPresent(t -> into.put(key, t));
                } else {
                    gather(value, reading, into);
                }
            });
        }
    }

    List<Template> all() {
        return List.copyOf(templates.values());
    }

    Auth render(Variables variables) throws UnusableVariable {
        return switch (fixed) {
            case Auth.Basic(String username, Secret password) ->
                new Auth.Basic(
                        text("username", username, variables), new Secret(text("password", password.reveal(), variables)));
            case Auth.Bearer(Secret token) -> new Auth.Bearer(new Secret(text("bearer", token.reveal(), variables)));
            default -> fixed;
        };
    }

    private String text(String key, String written, Variables variables) throws UnusableVariable {
        Template template = templates.get(key);
        return template == null ? written : HeaderTemplate.oneLine(template, variables);
    }
}
