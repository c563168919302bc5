package dev.gatewatch.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes pieces of a configuration from values, as if a file had held them. Pure functions. */
public final class Nodes {
    private Nodes() {}

    /**
     * A node of {@link Map}, {@link List}, {@link Secret}, text, number or boolean. A {@link Secret} counts as a replaced reference.
     *
     * @param place for messages
     * @param path where in the tree; empty for the root
     */
    public static Node of(Place place, String path, Object value) {
        return switch (value) {
            case Node node -> node;
            case Map<?, ?> map -> {
                var fields = new LinkedHashMap<String, Node>();
                map.forEach((k, v) ->
                        fields.put(k.toString(), of(place, path.isEmpty() ? k.toString() : path + "." + k, v)));
                yield new Node.Fields(place, path, fields);
            }
            case List<?> list -> {
                var items = new ArrayList<Node>();
                list.forEach(item -> items.add(of(place, path + "[" + items.size() + "]", item)));
                yield new Node.Items(place, path, items);
            }
            case Secret secret -> new Node.Scalar(place, path, secret.reveal(), Node.Tag.TEXT, true);
            case Boolean flag -> new Node.Scalar(place, path, flag.toString(), Node.Tag.BOOLEAN, false);
            case Integer number -> new Node.Scalar(place, path, number.toString(), Node.Tag.INTEGER, false);
            case Long number -> new Node.Scalar(place, path, number.toString(), Node.Tag.INTEGER, false);
            case Number number -> new Node.Scalar(place, path, number.toString(), Node.Tag.DECIMAL, false);
            default -> new Node.Scalar(place, path, value.toString(), Node.Tag.TEXT, false);
        };
    }
}
