package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Channel;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.view.AlertView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Peers that do as they are told and remember what they got. Safe for many threads. */
final class FakeMirror implements Channel.Mirror {
    record Push(int peer, List<AlertView> alerts) {}

    final List<Push> pushes = Collections.synchronizedList(new ArrayList<>());

    private final List<String> peers;
    private volatile Answer answer = (_, _) -> new Delivery.Delivered();
    private volatile boolean closed;
    private volatile boolean beating;

    FakeMirror(String... peers) {
        this.peers = List.of(peers);
    }

    /** How a peer answers. */
    interface Answer {
        Delivery to(int peer, List<AlertView> alerts) throws InterruptedException;
    }

    FakeMirror always(Answer answer) {
        this.answer = answer;
        return this;
    }

    FakeMirror beating() {
        beating = true;
        return this;
    }

    @Override
    public boolean beats() {
        return beating;
    }

    @Override
    public List<String> peers() {
        return peers;
    }

    @Override
    public Delivery push(int peer, List<AlertView> alerts, Instant now) throws InterruptedException {
        pushes.add(new Push(peer, List.copyOf(alerts)));
        return answer.to(peer, alerts);
    }

    List<AlertView> pushed(int peer) {
        synchronized (pushes) {
            return pushes.stream().filter(p -> p.peer() == peer).flatMap(p -> p.alerts().stream()).toList();
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
