package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.Wording.Language;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.CauseClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** The sentences of one language, read from its bundles. English meanings and remedies are the causes' own. Immutable. */
final class Phrases {
    /** How many names of a list are said before the rest is only counted. */
    private static final int MOST_NAMES = 10;

    private static final Map<Language, Phrases> ALL = new EnumMap<>(Map.of(
            Language.EN, new Phrases(read("notices_en"), new Properties()),
            Language.ZH, new Phrases(read("notices_zh"), read("causes_zh"))));

    private final Properties sentences;
    private final Properties causes;

    private Phrases(Properties sentences, Properties causes) {
        this.sentences = sentences;
        this.causes = causes;
    }

    static Phrases of(Language language) {
        return Optional.ofNullable(ALL.get(language)).orElseThrow();
    }

    static Properties read(String bundle) {
        var properties = new Properties();
        try (InputStream in = Phrases.class.getResourceAsStream(bundle + ".properties")) {
            if (in == null) {
                throw new IllegalStateException("the bundle " + bundle + " is missing");
            }
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    Set<String> keys() {
        return sentences.stringPropertyNames();
    }

    Optional<String> find(String key, Object... values) {
        return Optional.ofNullable(sentences.getProperty(key)).map(sentence -> filled(sentence, values));
    }

    /** The sentence with its values in place. */
    String say(String key, Object... values) {
        return find(key, values).orElseThrow(() -> new IllegalStateException("there is no sentence " + key));
    }

    /** In one go: a value may well hold {@code {1}} itself. */
    private static String filled(String sentence, Object... values) {
        var out = new StringBuilder(sentence.length() + 64);
        for (int i = 0; i < sentence.length(); i++) {
            int end = sentence.charAt(i) == '{' ? sentence.indexOf('}', i) : -1;
            if (end == i + 2 && Character.digit(sentence.charAt(i + 1), 10) >= 0) {
                out.append(values[Character.digit(sentence.charAt(i + 1), 10)]);
                i = end;
            } else {
                out.append(sentence.charAt(i));
            }
        }
        return out.toString();
    }

    /** The sentence for one, or for several. */
    String count(String key, int count, Object more) {
        return say(key + (count == 1 ? ".one" : ".many"), count, more);
    }

    /** The names, of many the first ones and how many more there are. */
    String names(List<String> names) {
        String separator = say("list.separator");
        if (names.size() <= MOST_NAMES) {
            return String.join(separator, names);
        }
        return say("names.more", String.join(separator, names.subList(0, MOST_NAMES)), names.size() - MOST_NAMES);
    }

    /** A few words for a title. */
    String title(Cause cause) {
        return of(cause, "name", cause.code());
    }

    String meaning(Cause cause) {
        return of(cause, "meaning", cause.meaning());
    }

    String remedy(Cause cause) {
        return of(cause, "remedy", cause.remedy());
    }

    String of(CauseClass causeClass) {
        return say("class." + causeClass.code());
    }

    private String of(Cause cause, String what, String own) {
        return causes.getProperty(cause.code() + "." + what, own);
    }
}
