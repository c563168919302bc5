package dev.gatewatch.probes.nameserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probes.nameserver.RecordRules.Sense;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every rule, with all, some, none and no records matching, in both senses. */
class RecordRulesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // rule | expressions | records | fails as named | fails as blackbox_exporter does
                "fail_if_matches | ^a | a1,a2 | true | true",
                "fail_if_matches | ^a | a1,b1 | true | true",
                "fail_if_matches | ^a | b1 | false | false",
                "fail_if_matches | ^a | - | false | false",
                "fail_if_matches | ^a,^b | b1 | true | true",
                "fail_if_all_match | ^a | a1,a2 | true | false",
                "fail_if_all_match | ^a | a1,b1 | false | true",
                "fail_if_all_match | ^a | b1 | false | true",
                "fail_if_all_match | ^a | - | false | false",
                "fail_if_all_match | ^a,1$ | a1,a1 | true | false",
                "fail_if_all_match | ^a,1$ | a1,a2 | false | true",
                "fail_if_not_matches | ^a | a1,a2 | false | false",
                "fail_if_not_matches | ^a | a1,b1 | true | true",
                "fail_if_not_matches | ^a | - | true | true",
                "fail_if_not_matches | ^a,1$ | a1,a2 | true | true",
                "fail_if_none_matches | ^a | a1,b1 | false | false",
                "fail_if_none_matches | ^a | b1 | true | true",
                "fail_if_none_matches | ^a | - | true | true",
                "fail_if_none_matches | ^a,^b | b1 | false | false",
            })
    void aSectionIsJudgedByItsRules(String rule, String expressions, String records, boolean asNamed, boolean asBlackbox) {
        RecordRules rules = Sections.read(RecordRules.TYPE, Map.of(rule, Arrays.asList(expressions.split(","))));
        List<String> lines = records == null ? List.of() : List.of(records.split(","));

        assertThat(rules.broken(lines, Sense.AS_NAMED).isPresent()).isEqualTo(asNamed);
        assertThat(rules.broken(lines, Sense.AS_BLACKBOX).isPresent()).isEqualTo(asBlackbox);
    }

    @Test
    void theReasonShowsTheRecordAndTheExpression() {
        var rules = new RecordRules(List.of(Pattern.compile("66$")), List.of(), List.of(), List.of());

        assertThat(rules.broken(List.of("pay.example.\t60\tIN\tA\t198.51.100.66"), Sense.AS_NAMED))
                .contains("has \"pay.example. 60 IN A 198.51.100.66\", which matches 66$");
    }

    @Test
    void noRulesAskNothing() {
        assertThat(RecordRules.NONE.broken(List.of(), Sense.AS_NAMED)).isEmpty();
        assertThat(RecordRules.NONE.broken(List.of("a"), Sense.AS_BLACKBOX)).isEmpty();
    }
}
