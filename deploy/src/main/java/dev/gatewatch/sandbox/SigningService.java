package dev.gatewatch.sandbox;

import dev.gatewatch.sandbox.Effect.Switch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import okhttp3.tls.HeldCertificate;

/** The files of a service that signs payments: its private key and its keystore, in the state that the world wants. Safe for many threads. */
final class SigningService {
    static final String PASSWORD = "sandbox-keystore";

    private final World world;
    private final Path key;
    private final Path keystore;
    private final byte[] goodKeystore;

    SigningService(World world, Authority authority, Path folder) throws IOException {
        this.world = world;
        this.key = folder.resolve("signing-key.pem");
        this.keystore = folder.resolve("signing.p12");
        HeldCertificate held = authority.issue("signing.sandbox.test");
        Files.deleteIfExists(key);
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, held.privateKeyPkcs8Pem());
        this.goodKeystore = keystore(held, authority);
        world.onChange(this::obey);
        obey();
    }

    private static byte[] keystore(HeldCertificate held, Authority authority) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "signing",
                    held.keyPair().getPrivate(),
                    PASSWORD.toCharArray(),
                    new Certificate[] {held.certificate(), authority.issuer().certificate()});
            var bytes = new java.io.ByteArrayOutputStream();
            store.store(bytes, PASSWORD.toCharArray());
            return bytes.toByteArray();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make a keystore", e);
        }
    }

    private void obey() throws IOException {
        Files.setPosixFilePermissions(
                key, PosixFilePermissions.fromString(world.on(Switch.KEY_EXPOSED) ? "rw-r--r--" : "rw-------"));
        try (OutputStream out = Files.newOutputStream(keystore)) {
            out.write(goodKeystore, 0, world.on(Switch.KEYSTORE_DAMAGED) ? goodKeystore.length / 2 : goodKeystore.length);
        }
    }

    Path key() {
        return key;
    }

    Path keystore() {
        return keystore;
    }
}
