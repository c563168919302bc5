package dev.gatewatch.probes.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JwtClaimsTest {
    @ParameterizedTest
    @ValueSource(strings = {"1e400", "-1e99999999", "1e99999999", "253402300800"})
    void aTimeThatNoNumberHoldsIsNone(String time) {
        byte[] claims = ("{\"iss\":\"i\",\"exp\":" + time + "}").getBytes(StandardCharsets.UTF_8);
        var token = new Secret("e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims) + ".x");

        assertThat(JwtClaims.of(token)).hasValueSatisfying(read -> assertThat(read.expiry()).isEmpty());
    }
}
