package dev.gatewatch.sandbox;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;

/**
 * A key manager that shows one certificate to everybody, in whatever state it is: the JDK's own may pass over an expired one.
 * Immutable.
 */
final class OneIdentity extends X509ExtendedKeyManager {
    private static final String ALIAS = "server";

    private final HeldCertificate held;
    private final X509Certificate issuer;

    private final boolean withIssuer;

    /**
     * @param withIssuer whether the issuer's certificate is shown too
     */
    OneIdentity(HeldCertificate held, X509Certificate issuer, boolean withIssuer) {
        this.withIssuer = withIssuer;
        this.held = held;
        this.issuer = issuer;
    }

    private @Nullable String alias(String keyType) {
        return keyType.startsWith(held.certificate().getPublicKey().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return alias(keyType) == null ? null : new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return withIssuer
                ? new X509Certificate[] {held.certificate(), issuer}
                : new X509Certificate[] {held.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return held.keyPair().getPrivate();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
