package dev.gatewatch.probes.tlspolicy;

import dev.gatewatch.kit.Components;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import okhttp3.tls.HeldCertificate;

/** {@code openssl s_server} on a free port of loopback. */
final class OpensslServer implements Closeable {
    private final Process process;
    private final int port;

    private OpensslServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Presents the certificate; {@code arguments} say which versions and suites to take. */
    static OpensslServer start(Path folder, HeldCertificate certificate, String... arguments) throws IOException {
        Path pem = Files.createTempFile(folder, "server", ".pem");
        Files.writeString(pem, certificate.certificatePem() + certificate.privateKeyPkcs8Pem());
        var command = new ArrayList<>(List.of(
                Components.require("openssl").toString(), "s_server", "-accept", "127.0.0.1:0", "-cert", pem.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("ACCEPT ")) {
                int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
                Thread.ofVirtual().start(() -> drain(out));
                return new OpensslServer(process, port);
            }
            said.append(line).append('\n');
        }
        throw new IOException("openssl s_server did not start: " + said);
    }

    private static void drain(BufferedReader out) {
        try (out) {
            while (out.readLine() != null) {
                // so that its pipe never fills
            }
        } catch (IOException _) {
            // it has ended
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
