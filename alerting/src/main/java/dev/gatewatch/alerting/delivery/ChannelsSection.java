package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Wording;
import dev.gatewatch.alerting.channel.Wording.Language;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * The {@code channels} list of a configuration. Every item has a {@code name} and a {@code type}; the type reads the rest.
 *
 * <p>A channel needs to know its daemon's location and address, which other sections tell, so reading yields {@link ChannelSpec}s to
 * make the channels of once everything is read. To hear all problems now, each is made once on trial and closed again: making a
 * channel opens nothing. Immutable.
 */
public final class ChannelsSection implements ValueType<List<ChannelSpec>> {
    /** The channel's name. */
    public static final Key<String> NAME =
            Key.required("name", Types.name(), "What routes call the channel; unique among the channels.");

    /** In which language the channel's texts are. */
    public static final Key<Language> LANGUAGE = Key.withDefault(
            "language", Types.oneOf(Language.class), Language.EN, "en", "In which language its texts are: `en` or `zh`.");

    /** The zone of the times in the channel's texts. */
    public static final Key<ZoneId> TIME_ZONE = Key.withDefault(
            "time_zone", Types.timeZone(), ZoneOffset.UTC, "UTC", "The time zone of the times in its texts, such as `Asia/Shanghai`.");

    /** How many messages the channel's receiver takes. */
    public static final Key<Rate> RATE = Key.optional(
            "rate",
            Rate.TYPE,
            "At most so many messages in a time, as `20/1m`, where the receiver's limit is known; what waits meanwhile is told together. Does not"
                    + " concern Alertmanager.");

    private final TreeMap<String, ChannelType> types = new TreeMap<>();
    private final Key<String> typeKey;

    public ChannelsSection(Collection<? extends ChannelType> types) {
        for (ChannelType type : types) {
            if (this.types.put(type.name(), type) != null) {
                throw new IllegalArgumentException("two channel types are called " + type.name());
            }
        }
        this.typeKey = Key.required("type", Types.text(), "One of " + String.join(", ", this.types.keySet()) + ".");
    }

    /** With every type on the class path. */
    public static ChannelsSection installed() {
        return new ChannelsSection(ServiceLoader.load(ChannelType.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    static Wording wording(Section section) {
        return new Wording(section.get(LANGUAGE), section.get(TIME_ZONE));
    }

    /** The types, by name. */
    public Collection<ChannelType> types() {
        return List.copyOf(types.values());
    }

    /** All keys of a channel of this type, for the reference page. */
    public List<Key<?>> keys(ChannelType type) {
        var keys = new ArrayList<Key<?>>(List.of(NAME, typeKey, LANGUAGE, TIME_ZONE, RATE));
        keys.addAll(type.keys());
        return keys;
    }

    @Override
    public Optional<List<ChannelSpec>> read(Node node, Reading reading) {
        if (!(node instanceof Node.Items items)) {
            reading.problems().error(node, "expected a list of channels, found " + node.kind());
            return Optional.empty();
        }
        int before = reading.problems().errors();
        var specs = new ArrayList<ChannelSpec>();
        var named = new HashMap<String, Node>();
        for (Node item : items.items()) {
            nameOf(item).ifPresent(name -> {
                Node earlier = named.putIfAbsent(name.text(), name);
                if (earlier != null) {
                    reading.problems()
                            .error(name, "another channel is called " + name.shown() + " already, at " + earlier.place());
                }
            });
            readOne(item, reading).ifPresent(specs::add);
        }
        return reading.problems().errors() > before ? Optional.empty() : Optional.of(List.copyOf(specs));
    }

    private static Optional<Node.Scalar> nameOf(Node item) {
        return item instanceof Node.Fields fields && fields.fields().get("name") instanceof Node.Scalar name
                ? Optional.of(name)
                : Optional.empty();
    }

    private Optional<ChannelSpec> readOne(Node item, Reading reading) {
        if (!(item instanceof Node.Fields fields)) {
            reading.problems().error(item, "expected a channel (name, type, …), found " + item.kind());
            return Optional.empty();
        }
        Node written = fields.fields().get(typeKey.name());
        if (written == null) {
            reading.problems()
                    .error(fields, "missing key \"type\" (one of " + String.join(", ", types.keySet()) + ")");
            return Optional.empty();
        }
        if (!(written instanceof Node.Scalar word)) {
            reading.problems().error(written, "expected a type of channel, found " + written.kind());
            return Optional.empty();
        }
        ChannelType type = types.get(word.text());
        if (type == null) {
            reading.problems()
                    .error(
                            word,
                            "no type of channel is called " + word.shown(),
                            Suggestions.didYouMean(word.text(), types.keySet())
                                    .orElse("known: " + String.join(", ", types.keySet())));
            return Optional.empty();
        }
        return SectionType.of(type.name(), keys(type), section -> {
                    String name = section.get(NAME);
                    type.create(section, new Setup(name, "", Optional.empty(), wording(section))).close();
                    return new ChannelSpec(name, type, section);
                })
                .read(item, reading);
    }

    @Override
    public String describe() {
        return "list of channels";
    }

    @Override
    public Map<String, Object> jsonSchema() {
        var forms = new ArrayList<Object>();
        for (ChannelType type : types.values()) {
            var schema = new LinkedHashMap<>(
                    SectionType.of(type.name(), keys(type), section -> section).jsonSchema());
            if (schema.get("properties") instanceof Map<?, ?> known) {
                var properties = new LinkedHashMap<Object, Object>(known);
                properties.put(
                        typeKey.name(), Map.of("const", type.name(), "description", type.description()));
                schema.put("properties", properties);
            }
            forms.add(schema);
        }
        return Map.of("type", "array", "items", Map.of("oneOf", forms));
    }
}
