package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class OrdersAndTokensTest {
    private final HandClock clock = new HandClock();

    @Test
    void aPaymentSettlesAfterItsTime() {
        Orders orders = new Orders(clock);
        Orders.Order order = orders.pay("o1", BigDecimal.ONE, "EUR");
        assertThat(order.status(clock.instant())).isEqualTo("pending");
        assertThat(order.status(clock.instant().plus(Orders.SETTLING).minusMillis(1))).isEqualTo("pending");
        assertThat(order.status(clock.instant().plus(Orders.SETTLING))).isEqualTo("paid");
    }

    @Test
    void theOldestOrdersAreForgotten() {
        Orders orders = new Orders(clock);
        String first = orders.create(BigDecimal.ONE, "EUR").id();
        for (int i = 0; i < 1000; i++) {
            orders.create(BigDecimal.ONE, "EUR");
        }
        assertThat(orders.size()).isEqualTo(1000);
        assertThat(orders.find(first)).isEmpty();
    }

    @Test
    void tokensEnd() {
        Tokens tokens = new Tokens(clock);
        Tokens.Pair pair = tokens.issue();
        assertThat(tokens.standing(pair.access())).isEqualTo(Tokens.Standing.GOOD);
        assertThat(tokens.standing("made up")).isEqualTo(Tokens.Standing.UNKNOWN);
        clock.advance(Tokens.ACCESS_LIFETIME);
        assertThat(tokens.standing(pair.access())).isEqualTo(Tokens.Standing.EXPIRED);
        clock.advance(Tokens.REFRESH_LIFETIME);
        assertThat(tokens.renew(pair.refresh())).isEmpty();
    }

    @Test
    void theOldestTokensAreForgotten() {
        Tokens tokens = new Tokens(clock);
        Tokens.Pair first = tokens.issue();
        for (int i = 0; i < 2000; i++) {
            tokens.issue();
        }
        assertThat(tokens.standing(first.access())).isEqualTo(Tokens.Standing.UNKNOWN);
    }
}
