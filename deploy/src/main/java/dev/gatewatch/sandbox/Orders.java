package dev.gatewatch.sandbox;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The orders of the sandbox, the oldest forgotten first. Safe for many threads. */
final class Orders {
    /** From payment to paid. */
    static final Duration SETTLING = Duration.ofMillis(400);

    private static final int KEPT = 1000;

    /**
     * An order. Immutable.
     *
     * @param amount absent where a payment without one was let through
     * @param paymentId absent before a payment
     * @param paidAt when the payment settles, which may be still to come; absent before a payment
     */
    record Order(
            String id,
            @Nullable BigDecimal amount,
            String currency,
            Instant createdAt,
            @Nullable String paymentId,
            @Nullable Instant paidAt) {
        String status(Instant now) {
            return paidAt != null && !now.isBefore(paidAt) ? "paid" : "pending";
        }
    }

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private final SequencedMap<String, Order> orders = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Order> eldest) {
            return size() > KEPT;
        }
    };

    Orders(Clock clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    Order create(BigDecimal amount, String currency) {
        Order order = new Order("ord_" + UUID.randomUUID(), amount, currency, now(), null, null);
        keep(order);
        return order;
    }

    /** Takes a payment; an order number not seen before is the merchant's own and becomes an order. */
    Order pay(String orderId, @Nullable BigDecimal amount, String currency) {
        lock.lock();
        try {
            Order before = orders.get(orderId);
            Order paid = new Order(
                    orderId,
                    amount,
                    currency,
                    before == null ? now() : before.createdAt(),
                    "pay_" + UUID.randomUUID(),
                    now().plus(SETTLING));
            orders.put(orderId, paid);
            return paid;
        } finally {
            lock.unlock();
        }
    }

    Optional<Order> find(String id) {
        lock.lock();
        try {
            return Optional.ofNullable(orders.get(id));
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return orders.size();
        } finally {
            lock.unlock();
        }
    }

    private void keep(Order order) {
        lock.lock();
        try {
            orders.put(order.id(), order);
        } finally {
            lock.unlock();
        }
    }
}
