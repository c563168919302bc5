package dev.gatewatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatewatch.kit.TestStore;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Series;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class MemoriesTest {
    private static final Series PAY = new Series("pay", "eu", "here");
    private static final Series OTHER = new Series("other", "", "here");

    @RegisterExtension
    final TestStore store = new TestStore();

    @Test
    void whatARunRememberedIsThereAfterARestart() {
        var before = new Memories(store.get());
        before.of(PAY).put("fingerprint", "ab:cd");
        before.of(OTHER).put("fingerprint", "ef");
        before.of(OTHER).remove("fingerprint");
        before.write();

        var after = new Memories(store.reopen());
        after.restore();

        assertThat(after.of(PAY).get("fingerprint")).contains("ab:cd");
        assertThat(after.of(OTHER).get("fingerprint")).isEmpty();
    }

    @Test
    void aRemovedSeriesIsForgotten() {
        var before = new Memories(store.get());
        before.of(PAY).put("k", "v");
        before.write();
        before.retain(Set.of(OTHER));
        before.write();

        var after = new Memories(store.reopen());
        after.restore();

        assertThat(after.of(PAY).get("k")).isEmpty();
    }

    @Test
    void memoryIsBounded() {
        Memory memory = new Memories(store.get()).of(PAY);
        assertThatIllegalArgumentException().isThrownBy(() -> memory.put("k", "v".repeat(Memory.LONGEST_VALUE + 1)));
        for (int i = 0; i < Memory.MOST_KEYS; i++) {
            memory.put("k" + i, "v");
        }
        memory.put("k0", "another");
        assertThatIllegalArgumentException().isThrownBy(() -> memory.put("one more", "v"));
    }
}
