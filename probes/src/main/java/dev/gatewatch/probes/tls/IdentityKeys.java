package dev.gatewatch.probes.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The key manager of one run: remembers whether the server asked for a client certificate, and gives the one there is. */
final class IdentityKeys extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final Optional<ClientIdentity> identity;

    private volatile boolean asked;
    private volatile boolean given;

    IdentityKeys(Optional<ClientIdentity> identity) {
        this.identity = identity;
    }

    boolean asked() {
        return asked;
    }

    boolean given() {
        return given;
    }

    /** The server's list of issuers is passed over: a certificate that it will not take should be rejected by it, in its words. */
    private @Nullable String choose(String[] keyTypes) {
        asked = true;
        for (String keyType : keyTypes) {
            if (identity.isPresent() && identity.get().key().getAlgorithm().equals(keyType)) {
                given = true;
                return ALIAS;
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identity.map(i -> i.chain().toArray(X509Certificate[]::new)).orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return identity.map(ClientIdentity::key).orElse(null);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
