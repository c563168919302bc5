package dev.gatewatch.config;

import dev.gatewatch.config.Node.Fields;
import dev.gatewatch.config.Node.Items;
import dev.gatewatch.config.Node.Scalar;
import dev.gatewatch.config.Problem.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.Event.ID;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * Makes nodes with places of one YAML 1.2 file. It works on the parser's events and builds no tree of the library's, so depth, aliases
 * and the number of values are bounded before they cost anything. Merge keys ({@code <<}) are understood, as people expect them.
 * Confined to the reading thread.
 */
final class YamlReader {
    /** More levels than this are no configuration. */
    static final int DEEPEST = 40;

    private static final int LONGEST_KEY = 1_000;
    private static final ScalarResolver CORE = new CoreScalarResolver(false);
    private static final String STRING_TAG = "tag:yaml.org,2002:str";

    private final String file;
    private final Iterator<Event> events;
    private final References references;
    private final Budget budget;
    private final Problems problems;
    private final Map<Anchor, Node> anchors = new HashMap<>();

    private YamlReader(String file, String text, References references, Budget budget, Problems problems) {
        this.file = file;
        var settings = LoadSettings.builder().setUseMarks(true).setCodePointLimit(Integer.MAX_VALUE).build();
        this.events = new Parse(settings).parseString(text).iterator();
        this.references = references;
        this.budget = budget;
        this.problems = problems;
    }

    /** What all files together may still hold, in bytes of memory, roughly. */
    static final class Budget {
        static final int VALUES = 250_000;
        private long left = VALUES * 160L;

        private boolean take(String path, int characters) {
            left -= 100 + path.length() + characters;
            return left >= 0;
        }
    }

    /** The rest of this file makes no sense or is too much; its problem was told. */
    private static final class Abandoned extends Exception {
        private static final long serialVersionUID = 1L;

        Abandoned() {
            super(null, null, false, false);
        }
    }

    /** What a file holds: its root mapping, unless it is empty or unreadable. */
    record Content(Optional<Fields> root, boolean readable) {}

    /** Reads one file's text, telling what is wrong with it. */
    static Content read(String file, String text, References references, Budget budget, Problems problems) {
        try {
            Optional<Fields> root = new YamlReader(file, text, references, budget, problems).document();
            return new Content(root, true);
        } catch (Abandoned _) {
            return new Content(Optional.empty(), false);
        } catch (MarkedYamlEngineException e) {
            SyntaxWords words = SyntaxWords.of(e);
            problems.add(new Problem(
                    Severity.ERROR, place(file, words.at()), "", words.message(), words.suggestion()));
            return new Content(Optional.empty(), false);
        } catch (YamlVersionException e) {
            String version = e.getSpecVersion().getMajor() + "." + e.getSpecVersion().getMinor();
            problems.add(new Problem(
                    Severity.ERROR,
                    Place.file(file),
                    "",
                    "the file says that it is YAML " + version + ", and only YAML 1 can be read",
                    Optional.of("remove the line %YAML " + version)));
            return new Content(Optional.empty(), false);
        } catch (YamlEngineException e) {
            problems.add(new Problem(
                    Severity.ERROR, Place.file(file), "", "not YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), Optional.empty()));
            return new Content(Optional.empty(), false);
        }
    }

    private Optional<Fields> document() throws Abandoned {
        Event event = next();
        while (event.getEventId() == ID.StreamStart || event.getEventId() == ID.DocumentStart) {
            event = next();
        }
        if (event.getEventId() == ID.StreamEnd) {
            return Optional.empty();
        }
        Node root = node(event, "", 0);
        next(); // the document's end
        Event after = next();
        if (after.getEventId() == ID.DocumentStart) {
            throw abandon(place(after), "", "a second document begins here; a file holds one", Optional.of("remove the \"---\", or split the file"));
        }
        if (root instanceof Fields fields) {
            return Optional.of(fields);
        }
        if (root instanceof Scalar scalar && scalar.tag() == Node.Tag.NULL) {
            return Optional.empty();
        }
        throw abandon(root.place(), "", "expected keys such as \"probes:\", found " + root.kind(), Optional.empty());
    }

    private Event next() {
        return events.next();
    }

    private Node node(Event event, String path, int depth) throws Abandoned {
        if (depth > DEEPEST) {
            throw abandon(place(event), "", "nested deeper than " + DEEPEST + " levels", Optional.empty());
        }
        Node node =
                switch (event) {
                    case ScalarEvent scalar -> scalar(scalar, path);
                    case SequenceStartEvent start -> items(start, path, depth);
                    case MappingStartEvent start -> fields(start, path, depth);
                    case AliasEvent alias -> alias(alias, path, depth);
                    default -> throw new IllegalStateException("unexpected event " + event);
                };
        if (event instanceof NodeEvent anchored && !(event instanceof AliasEvent)) {
            anchored.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
        }
        return node;
    }

    private Scalar scalar(ScalarEvent event, String path) throws Abandoned {
        Place place = place(event);
        spend(place, path, event.getValue().length());
        boolean plain = event.isPlain() && event.getTag().isEmpty();
        refuseTag(event.getTag(), place, path);
        var replaced = references.replace(event.getValue(), place, path, problems);
        if (replaced.referred()) {
            spend(place, path, replaced.text().length());
        }
        return new Scalar(place, path, replaced.text(), plain ? tag(replaced.text()) : Node.Tag.TEXT, replaced.referred());
    }

    private Items items(SequenceStartEvent start, String path, int depth) throws Abandoned {
        Place place = opening(start, path);
        var items = new ArrayList<Node>();
        for (Event event = next(); event.getEventId() != ID.SequenceEnd; event = next()) {
            items.add(node(event, path + "[" + items.size() + "]", depth + 1));
        }
        return new Items(place, path, items);
    }

    private Fields fields(MappingStartEvent start, String path, int depth) throws Abandoned {
        Place place = opening(start, path);
        var fields = new LinkedHashMap<String, Node>();
        var keys = new HashMap<String, Place>();
        var merged = new ArrayList<Fields>();
        for (Event event = next(); event.getEventId() != ID.MappingEnd; event = next()) {
            Place keyPlace = place(event);
            String key = key(event, path);
            Node value = node(next(), child(path, key), depth + 1);
            if (key.equals("<<")) {
                merge(value, merged);
            } else if (fields.putIfAbsent(key, value) == null) {
                keys.put(key, keyPlace);
            } else {
                problems.add(new Problem(
                        Severity.ERROR, keyPlace, value.path(), "the key \"" + key + "\" stands twice; first at " + keys.get(key), Optional.empty()));
            }
        }
        for (Fields other : merged) {
            for (Map.Entry<String, Node> field : other.fields().entrySet()) {
                if (!fields.containsKey(field.getKey())) {
                    fields.put(field.getKey(), copy(field.getValue(), child(path, field.getKey()), depth + 1, place));
                    keys.put(field.getKey(), other.keyPlace(field.getKey()));
                }
            }
        }
        return new Fields(place, path, fields, keys);
    }

    private String key(Event event, String path) throws Abandoned {
        if (!(event instanceof ScalarEvent scalar)) {
            throw abandon(
                    place(event), path, "a key must be one word", Optional.of("put quotes around a text that begins with \"{\", \"[\" or \"*\""));
        }
        String key = scalar.getValue();
        if (key.isEmpty() && scalar.isPlain()) {
            throw abandon(place(event), path, "a \":\" without a key before it", Optional.empty());
        }
        if (key.length() > LONGEST_KEY) {
            throw abandon(place(event), path, "a key longer than " + LONGEST_KEY + " characters", Optional.empty());
        }
        return key;
    }

    private void merge(Node value, List<Fields> merged) {
        switch (value) {
            case Fields fields -> merged.add(fields);
            case Items items when items.items().stream().allMatch(i -> i instanceof Fields) ->
                items.items().forEach(i -> merge(i, merged));
            case Items _, Scalar _ -> problems.error(value, "\"<<\" merges a mapping, found " + value.kind());
        }
    }

    private Node alias(AliasEvent event, String path, int depth) throws Abandoned {
        Node node = anchors.get(event.getAlias());
        if (node == null) {
            throw abandon(
                    place(event),
                    path,
                    "no \"&" + event.getAlias() + "\" before this \"*" + event.getAlias() + "\"",
                    Optional.of("put quotes around a text that begins with \"*\""));
        }
        return copy(node, path, depth, place(event));
    }

    /** The same under another path. What aliases multiply counts against the budget like everything else. */
    private Node copy(Node node, String path, int depth, Place at) throws Abandoned {
        if (depth > DEEPEST) {
            throw abandon(at, "", "nested deeper than " + DEEPEST + " levels", Optional.empty());
        }
        spend(at, path, 0);
        return switch (node) {
            case Scalar s -> new Scalar(s.place(), path, s.text(), s.tag(), s.secret());
            case Items list -> {
                var items = new ArrayList<Node>();
                for (Node item : list.items()) {
                    items.add(copy(item, path + "[" + items.size() + "]", depth + 1, at));
                }
                yield new Items(list.place(), path, items);
            }
            case Fields mapping -> {
                var fields = new LinkedHashMap<String, Node>();
                for (Map.Entry<String, Node> field : mapping.fields().entrySet()) {
                    fields.put(field.getKey(), copy(field.getValue(), child(path, field.getKey()), depth + 1, at));
                }
                yield new Fields(mapping.place(), path, fields, mapping.keys());
            }
        };
    }

    private static String child(String path, String key) {
        String name = key.length() <= 60 ? key : key.substring(0, 60) + "…";
        return path.isEmpty() ? name : path + "." + name;
    }

    private Place opening(CollectionStartEvent start, String path) throws Abandoned {
        Place place = place(start);
        refuseTag(start.getTag(), place, path);
        spend(place, path, 0);
        return place;
    }

    private void refuseTag(Optional<String> tag, Place place, String path) throws Abandoned {
        if (tag.isPresent() && !tag.get().equals(STRING_TAG) && !tag.get().equals("!")) {
            throw abandon(place, path, "the tag \"" + tag.get().replace("tag:yaml.org,2002:", "!!") + "\" is not understood", Optional.of("put quotes around a text that begins with \"!\""));
        }
    }

    private void spend(Place place, String path, int characters) throws Abandoned {
        if (!budget.take(path, characters)) {
            throw abandon(place, "", "too many values: a configuration may hold about " + Budget.VALUES, Optional.empty());
        }
    }

    private Abandoned abandon(Place place, String path, String message, Optional<String> suggestion) {
        problems.add(new Problem(Severity.ERROR, place, path, message, suggestion));
        return new Abandoned();
    }

    private static Node.Tag tag(String text) {
        var tag = CORE.resolve(text, true);
        if (tag.equals(org.snakeyaml.engine.v2.nodes.Tag.NULL)) {
            return Node.Tag.NULL;
        } else if (tag.equals(org.snakeyaml.engine.v2.nodes.Tag.BOOL)) {
            return Node.Tag.BOOLEAN;
        } else if (tag.equals(org.snakeyaml.engine.v2.nodes.Tag.INT)) {
            return Node.Tag.INTEGER;
        } else if (tag.equals(org.snakeyaml.engine.v2.nodes.Tag.FLOAT)) {
            return Node.Tag.DECIMAL;
        }
        return Node.Tag.TEXT;
    }

    private Place place(Event event) {
        return place(file, event.getStartMark());
    }

    private static Place place(String file, Optional<Mark> mark) {
        return mark.map(m -> new Place(file, m.getLine() + 1, m.getColumn() + 1)).orElse(Place.file(file));
    }
}
