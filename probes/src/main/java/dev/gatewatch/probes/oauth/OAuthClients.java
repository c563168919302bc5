package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.httpclient.TokenSource;
import dev.gatewatch.probes.httpclient.TokenSources;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The clients of a configuration's {@code oauth} section, each with its token, which all probes share. The tokens live as long as the
 * configuration that the clients were read from. Safe for many threads.
 */
public final class OAuthClients implements TokenSources {
    public static final OAuthClients NONE = new OAuthClients(new LinkedHashMap<>());

    private static final ValueType<SequencedMap<String, OAuthClient>> CLIENTS =
            Types.map(Types.name(), ClientKeys.SECTION);

    /** The {@code oauth} section. */
    public static final ValueType<OAuthClients> TYPE = new ValueType<>() {
        @Override
        public Optional<OAuthClients> read(Node node, Reading reading) {
            return CLIENTS.read(node, reading).map(clients -> {
                var shared = new LinkedHashMap<String, SharedToken>();
                clients.forEach((name, client) -> shared.put(name, new SharedToken(new TokenClient(name, client))));
                return new OAuthClients(shared);
            });
        }

        @Override
        public String describe() {
            return "mapping of names to clients";
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return CLIENTS.jsonSchema();
        }
    };

    private static final TokenSource UNUSABLE = new TokenSource() {
        @Override
        public Secret token(Run run) {
            throw new IllegalStateException("a client with problems is never used");
        }

        @Override
        public void refused(Secret token) {}
    };

    private final SequencedMap<String, SharedToken> clients;

    private OAuthClients(SequencedMap<String, SharedToken> clients) {
        this.clients = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(clients));
    }

    /**
     * What stands in for a section that has problems, so that who refers to a client in it does not hear that there is none. Never used
     * for a run: such a configuration is refused.
     *
     * @param key where the section stands in the root
     */
    public static TokenSources unreadable(Node.Fields root, String key) {
        List<String> names = root.fields().get(key) instanceof Node.Fields clients
                ? List.copyOf(clients.fields().keySet())
                : List.of();
        return new TokenSources() {
            @Override
            public Optional<TokenSource> find(String name) {
                return names.contains(name) ? Optional.of(UNUSABLE) : Optional.empty();
            }

            @Override
            public List<String> names() {
                return names;
            }
        };
    }

    @Override
    public Optional<TokenSource> find(String name) {
        return Optional.ofNullable(clients.get(name));
    }

    /** The client itself, for the probe that watches it. */
    Optional<SharedToken> client(String name) {
        return Optional.ofNullable(clients.get(name));
    }

    @Override
    public List<String> names() {
        return List.copyOf(clients.keySet());
    }
}
