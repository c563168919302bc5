package dev.gatewatch.probes.drift;

import dev.gatewatch.probes.drift.Document.Unreadable;
import dev.gatewatch.probes.httpclient.Sizes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.Event.ID;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes trees of YAML that a peer sent, from the parser's events: bounded in depth, and what aliases multiply costs nothing before it is
 * counted. Every scalar is a text. Confined to one reading.
 */
final class YamlTree {
    private static final int DEEPEST = 100;

    /** What aliases may add to a document, in nodes and their characters: a few lines of them can stand for more than any memory holds. */
    private static final long MOST_ALIASED = 8L << 20;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Iterator<Event> events;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();

    /** How deep the node that is being read has got so far. */
    private int reached;

    /** Nodes and characters so far, those behind aliases counted each time. */
    private long weight;

    private long aliased;

    /** What an alias stands for, with what it costs to write it out. */
    private record Anchored(JsonNode node, int height, long weight) {}

    private YamlTree(String text) {
        var settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /** The documents of a text, one after the other. */
    static List<JsonNode> of(String text) throws Unreadable {
        try {
            return new YamlTree(text).documents();
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark()
                    .map(m -> " (line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1) + ")")
                    .orElse("");
            throw new Unreadable("it is not YAML: " + e.getProblem() + place);
        } catch (NumberFormatException _) {
            throw new Unreadable("it is not YAML: a number in it cannot be read");
        } catch (YamlEngineException e) {
            throw new Unreadable("it is not YAML: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private List<JsonNode> documents() throws Unreadable {
        var documents = new ArrayList<JsonNode>();
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof NodeEvent) {
                documents.add(node(event, 0));
                anchors.clear();
            }
        }
        return documents;
    }

    private JsonNode node(Event event, int depth) throws Unreadable {
        if (depth > DEEPEST) {
            throw new Unreadable("it is nested deeper than " + DEEPEST + " levels");
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias, depth);
        }
        int outer = reached;
        long before = weight++;
        reached = depth;
        JsonNode node =
                switch (event) {
                    case ScalarEvent scalar -> scalar(scalar);
                    case SequenceStartEvent _ -> list(depth);
                    case MappingStartEvent _ -> mapping(depth);
                    default -> throw new Unreadable("it is not YAML");
                };
        if (event instanceof NodeEvent anchored) {
            var behind = new Anchored(node, reached - depth, weight - before);
            anchored.getAnchor().ifPresent(anchor -> anchors.put(anchor, behind));
        }
        reached = Math.max(outer, reached);
        return node;
    }

    private JsonNode scalar(ScalarEvent event) {
        String text = event.getValue();
        weight += text.length();
        boolean nothing = event.isPlain() && (text.isEmpty() || text.equals("~") || text.equals("null"));
        return nothing ? NODES.nullNode() : NODES.stringNode(text);
    }

    private JsonNode list(int depth) throws Unreadable {
        var items = NODES.arrayNode();
        for (Event event = events.next(); event.getEventId() != ID.SequenceEnd; event = events.next()) {
            items.add(node(event, depth + 1));
        }
        return items;
    }

    private JsonNode mapping(int depth) throws Unreadable {
        var own = NODES.objectNode();
        var merged = new ArrayList<JsonNode>();
        for (Event event = events.next(); event.getEventId() != ID.MappingEnd; event = events.next()) {
            JsonNode key = node(event, depth + 1);
            JsonNode value = node(events.next(), depth + 1);
            String name = key.isNull() ? "null" : key.isString() ? key.stringValue() : key.toString();
            if (name.equals("<<") && value.isContainer()) {
                merged.add(value);
            } else {
                own.set(name, value);
            }
        }
        merged.forEach(other -> merge(own, other));
        return own;
    }

    /** A mapping, or a list of mappings of which the first counts most; own members count more than either. */
    private static void merge(ObjectNode into, JsonNode other) {
        if (other.isArray()) {
            other.forEach(each -> merge(into, each));
        } else if (other.isObject()) {
            other.properties().forEach(member -> {
                if (!into.has(member.getKey())) {
                    into.set(member.getKey(), member.getValue());
                }
            });
        }
    }

    private JsonNode alias(AliasEvent alias, int depth) throws Unreadable {
        Anchored behind = anchors.get(alias.getAlias());
        if (behind == null) {
            throw new Unreadable("it is not YAML: an alias without its anchor");
        }
        reached = Math.max(reached, depth + behind.height());
        if (reached > DEEPEST) {
            throw new Unreadable("it is nested deeper than " + DEEPEST + " levels");
        }
        weight += behind.weight();
        aliased += behind.weight();
        if (aliased > MOST_ALIASED) {
            throw new Unreadable("its aliases make more than " + Sizes.format(MOST_ALIASED) + " of it", true);
        }
        return behind.node();
    }
}
