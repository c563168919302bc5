package dev.gatewatch.probes.nameserver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/** How far a call has come. Confined to the call's thread. */
final class HttpsProgress extends EventListener {
    enum Stage {
        CONNECTING,
        SECURING,
        ASKING
    }

    private final Stopwatch watch;
    private Stage stage = Stage.CONNECTING;

    HttpsProgress(Stopwatch watch) {
        this.watch = watch;
    }

    Stage stage() {
        return stage;
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        watch.start();
    }

    @Override
    public void secureConnectStart(Call call) {
        watch.connected();
        stage = Stage.SECURING;
    }

    @Override
    public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
        watch.secured();
        stage = Stage.ASKING;
    }

    @Override
    public void connectFailed(
            Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol, IOException e) {
        if (stage == Stage.CONNECTING) {
            watch.connected();
        } else if (stage == Stage.SECURING) {
            watch.secured();
        }
    }
}
