package dev.gatewatch.probes.certificate;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.tls.FilePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * A key store in a file: PKCS#12, JKS or JCEKS. Only certificates are read from it; private keys stay closed.
 *
 * @param password absent for one without
 * @param type {@code auto} goes by the first bytes
 */
record KeyStoreFile(Path file, Optional<Secret> password, Type type) implements Holdings {
    /** The forms of key stores. */
    enum Type {
        AUTO,
        PKCS12,
        JKS,
        JCEKS
    }

    private static final Key<Path> FILE =
            Key.required("file", FilePath.TYPE, "The key store; read anew in each run.");
    private static final Key<Secret> PASSWORD = Key.optional(
            "password",
            Types.secret(),
            "Password of the key store. Without one JKS shows its certificates all the same, PKCS#12 mostly does not.");
    private static final Key<Type> TYPE = Key.withDefault(
            "type", Types.oneOf(Type.class), Type.AUTO, "auto", "pkcs12, jks, jceks, or auto: by the first bytes of the file.");

    /** The {@code keystore} section. */
    static final SectionType<KeyStoreFile> SECTION = SectionType.of(
            "keystore",
            List.of(FILE, PASSWORD, TYPE),
            s -> new KeyStoreFile(s.get(FILE), s.find(PASSWORD), s.get(TYPE)));

    private static final int JKS_MAGIC = 0xFEEDFEED;
    private static final int JCEKS_MAGIC = 0xCECECECE;

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public List<Holding> read(Run run, Concerns concerns) {
        byte[] content;
        try {
            if (!Files.isRegularFile(file)) {
                concerns.add(FileFinder.unreadable(
                        Files.exists(file) ? file + " is no file" : "there is no key store " + file));
                return List.of();
            }
            if (Files.size(file) > MOST_BYTES) {
                concerns.add(FileFinder.unreadable(file + " is larger than " + (MOST_BYTES >> 20) + " MB: no key store"));
                return List.of();
            }
            content = Files.readAllBytes(file);
        } catch (AccessDeniedException _) {
            concerns.add(FileFinder.forbidden(file));
            return List.of();
        } catch (IOException e) {
            concerns.add(FileFinder.unreadable("cannot read the key store " + file + ": " + e.getMessage()));
            return List.of();
        }
        return read(content, concerns);
    }

    private List<Holding> read(byte[] content, Concerns concerns) {
        Type kind = type == Type.AUTO ? typeOf(content) : type;
        try {
            List<Holding> holdings = holdings(load(kind, content));
            if (holdings.isEmpty() && kind == Type.PKCS12) {
                holdings = UnmarkedStore.read(file, content, secret());
            }
            if (holdings.isEmpty()) {
                concerns.add(FileFinder.unreadable("there is no certificate in the key store " + file
                        + (password.isEmpty() ? ", or it needs its password to be seen" : "")));
            }
            return holdings;
        } catch (IOException | GeneralSecurityException | PKCSException | RuntimeException e) {
            concerns.add(FileFinder.unreadable(why(kind, e)));
            return List.of();
        }
    }

    /** In our own words: a library's might hold anything. */
    private String why(Type kind, Exception e) {
        if (isWrongPassword(e)) {
            return password.isEmpty()
                    ? "the key store " + file + " needs a password"
                    : "the password of the key store " + file + " is wrong";
        }
        return file + " is no key store of type " + kind.name().toLowerCase(Locale.ROOT) + ", or damaged";
    }

    private static boolean isWrongPassword(Exception e) {
        for (@Nullable Throwable at = e; at != null; at = at.getCause()) {
            String message = String.valueOf(at.getMessage());
            if (at instanceof UnrecoverableKeyException || message.contains("password")) {
                return true;
            }
        }
        return false;
    }

    private KeyStore load(Type kind, byte[] content) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(kind.name());
        store.load(new ByteArrayInputStream(content), password.isPresent() ? secret() : null);
        return store;
    }

    private char[] secret() {
        return password.map(p -> p.reveal().toCharArray()).orElseGet(() -> new char[0]);
    }

    private static List<Holding> holdings(KeyStore store) throws GeneralSecurityException {
        var holdings = new ArrayList<Holding>();
        var keys = new HashSet<String>();
        for (String alias : Collections.list(store.aliases()).stream().sorted().toList()) {
            Certificate @Nullable [] chain = store.getCertificateChain(alias);
            @Nullable Certificate single = store.getCertificate(alias);
            List<X509Certificate> certificates = (chain != null && chain.length > 0
                            ? Arrays.stream(chain)
                            : Optional.ofNullable(single).stream())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
            if (!certificates.isEmpty()) {
                holdings.add(new Holding(CertificateFacts.free(CertificateFacts.clean(alias), keys), certificates));
            }
        }
        return holdings;
    }

    private static Type typeOf(byte[] content) {
        int magic = content.length < 4 ? 0 : ByteBuffer.wrap(content).getInt();
        return switch (magic) {
            case JKS_MAGIC -> Type.JKS;
            case JCEKS_MAGIC -> Type.JCEKS;
            default -> Type.PKCS12;
        };
    }
}
