package dev.gatewatch.probes.drift;

import dev.gatewatch.probes.fuzz.Target;
import java.util.List;

/** Documents that are compared. */
public final class DriftFuzz {
    private DriftFuzz() {}

    public static List<Target> targets() {
        return List.of(Target.ofText(
                "drift-document",
                bytes -> {
                    for (DocumentFormat format : DocumentFormat.values()) {
                        try {
                            format.read(bytes, "application/yaml").values();
                        } catch (Document.Unreadable _) {
                            // as it may be
                        }
                    }
                },
                "spring:\n  datasource: {url: \"jdbc:x\", n: 0x1F}\nlist: [1, &a two, *a]\ntext: |\n  lines\n  more\n---\nsecond: ~\n",
                "a: 0x\nb: 0o\n",
                "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c {p: *b, q: *b}\n? *c\n: {<<: *c}\nd: {<<: [*c, *b]}\n",
                "a.b=1\n! comment\nc\\ d : e\\u00e9 \\\n  more\nf\n",
                "{\"activeProfiles\":[\"p\"],\"propertySources\":[{\"name\":\"s\",\"properties\":{\"a.b\":{\"value\":\"x\",\"origin\":\"o\"}}}]}"));
    }
}
