package dev.gatewatch.sandbox;

import dev.gatewatch.config.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A started sandbox for the tests of a class, healed after each. */
abstract class RunningSandbox {
    @TempDir
    static Path data;

    static Sandbox sandbox;
    static Visitor visitor;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.start(settings(data));
        visitor = Visitor.of(sandbox);
    }

    @AfterEach
    void heal() throws IOException {
        visitor.send("DELETE", control("/faults"), "");
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    static SandboxSettings settings(Path data) {
        return new SandboxSettings(new HostPort("127.0.0.1", 0), new HostPort("127.0.0.1", 9780), data);
    }

    static String control(String path) {
        return sandbox.control().resolve(path).toString();
    }

    static String eu(String path) {
        return Visitor.gateway(sandbox, Region.EU, path);
    }

    static String ap(String path) {
        return Visitor.gateway(sandbox, Region.AP, path);
    }
}
