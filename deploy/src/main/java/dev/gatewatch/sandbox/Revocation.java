package dev.gatewatch.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatewatch.sandbox.Effect.Switch;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.tls.HeldCertificate;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells which of the sandbox's certificates are revoked: an OCSP responder (RFC 6960) and a CRL (RFC 5280). Safe for many threads. */
final class Revocation implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Revocation.class);
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int LARGEST_REQUEST = 8_192;

    private final World world;
    private final HeldCertificate issuer;
    private final HeldCertificate root;
    private final Clock clock;
    private final KeyPair stranger = new HeldCertificate.Builder().build().keyPair();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Revocation(World world, Authority authority, Clock clock) throws IOException {
        this.world = world;
        this.issuer = authority.issuer();
        this.root = authority.rootAuthority();
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(Loopback.ADDRESS, 0), 32);
        server.setExecutor(threads);
        server.createContext("/ocsp", this::ocsp);
        server.createContext("/crl", exchange -> crl(exchange, issuer));
        server.createContext("/root-crl", exchange -> crl(exchange, root));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void ocsp(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (world.on(Switch.OCSP_DOWN)) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            answer(exchange, "application/ocsp-response", respond(request(exchange)).getEncoded());
        } catch (OCSPException | OperatorCreationException | IllegalArgumentException e) {
            log.debug("OCSP request not answered", e);
        }
    }

    private static OCSPReq request(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            return new OCSPReq(exchange.getRequestBody().readNBytes(LARGEST_REQUEST));
        }
        String path = exchange.getRequestURI().getPath();
        return new OCSPReq(Base64.getDecoder().decode(path.substring("/ocsp/".length())));
    }

    private OCSPResp respond(OCSPReq request) throws OCSPException, OperatorCreationException {
        var digests = new JcaDigestCalculatorProviderBuilder().build();
        // the issuing authority's own certificate was issued by the root, which then has to answer
        boolean byRoot = request.getRequestList().length > 0
                && request.getRequestList()[0].getCertID().matchesIssuer(holder(root), digests);
        HeldCertificate authority = byRoot ? root : issuer;
        KeyPair signer = world.on(Switch.OCSP_FORGED) ? stranger : authority.keyPair();
        var builder = new JcaBasicOCSPRespBuilder(
                authority.certificate().getPublicKey(), digests.get(org.bouncycastle.cert.ocsp.RespID.HASH_SHA1));
        Instant now = clock.instant();
        CertificateStatus status = world.on(Switch.OCSP_REVOKED) && !byRoot
                ? new RevokedStatus(Date.from(now.minus(Duration.ofHours(6))), CRLReason.keyCompromise)
                : CertificateStatus.GOOD;
        for (Req each : request.getRequestList()) {
            builder.addResponse(
                    each.getCertID(),
                    status,
                    Date.from(now.minusSeconds(60)),
                    Date.from(now.plus(Duration.ofHours(12))),
                    null);
        }
        Extension nonce = request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        if (nonce != null) {
            builder.setResponseExtensions(new org.bouncycastle.asn1.x509.Extensions(nonce));
        }
        BasicOCSPResp response = builder.build(signer(signer), new X509CertificateHolder[0], Date.from(now));
        return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, response);
    }

    private static ContentSigner signer(KeyPair keys) throws OperatorCreationException {
        return new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate());
    }

    private static X509CertificateHolder holder(HeldCertificate held) {
        try {
            return new JcaX509CertificateHolder(held.certificate());
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void crl(HttpExchange exchange, HeldCertificate held) throws IOException {
        try (exchange) {
            Instant now = clock.instant();
            boolean stale = world.on(Switch.CRL_STALE);
            X509Certificate authority = held.certificate();
            var builder = new JcaX509v2CRLBuilder(
                    authority.getSubjectX500Principal(),
                    Date.from(now.minus(stale ? Duration.ofDays(9) : Duration.ofHours(1))));
            builder.setNextUpdate(Date.from(stale ? now.minus(Duration.ofDays(2)) : now.plus(Duration.ofDays(6))));
            builder.addCRLEntry(BigInteger.valueOf(4_711), Date.from(now.minus(Duration.ofDays(20))), CRLReason.superseded);
            answer(
                    exchange,
                    "application/pkix-crl",
                    new JcaX509CRLConverter().getCRL(builder.build(signer(held.keyPair()))).getEncoded());
        } catch (java.security.GeneralSecurityException | OperatorCreationException e) {
            log.warn("no CRL could be made", e);
        }
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
