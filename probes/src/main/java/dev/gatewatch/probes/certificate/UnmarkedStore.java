package dev.gatewatch.probes.certificate;

import dev.gatewatch.probes.tls.CertificateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/**
 * The certificates of a PKCS#12 store that the JDK passes over, as they bear neither a key nor its own mark of trust: OpenSSL writes such.
 * Pure function; the store's integrity was checked before.
 */
final class UnmarkedStore {
    private UnmarkedStore() {}

    /** All certificates, by friendly name where they have one, else by common name. */
    static List<Holding> read(Path file, byte[] content, char[] password)
            throws IOException, GeneralSecurityException, PKCSException {
        InputDecryptorProvider open = new JcePKCSPBEInputDecryptorProviderBuilder()
                .setProvider(new BouncyCastleProvider())
                .build(password);
        var holdings = new ArrayList<Holding>();
        var keys = new HashSet<String>();
        for (ContentInfo info : new PKCS12PfxPdu(content).getContentInfos()) {
            var factory = info.getContentType().equals(PKCSObjectIdentifiers.encryptedData)
                    ? new PKCS12SafeBagFactory(info, open)
                    : new PKCS12SafeBagFactory(info);
            for (PKCS12SafeBag bag : factory.getSafeBags()) {
                if (bag.getBagValue() instanceof X509CertificateHolder holder) {
                    List<X509Certificate> read =
                            CertificateFile.of(file, holder.getEncoded()).certificates();
                    String name = name(bag);
                    read.forEach(c -> holdings.add(new Holding(
                            CertificateFacts.free(
                                    name.isBlank() ? CertificateFacts.keys(List.of(c)).getFirst() : name, keys),
                            List.of(c))));
                }
            }
        }
        return holdings;
    }

    private static String name(PKCS12SafeBag bag) {
        for (Attribute attribute : bag.getAttributes() == null ? new Attribute[0] : bag.getAttributes()) {
            if (attribute.getAttrType().equals(PKCS12SafeBag.friendlyNameAttribute)
                    && attribute.getAttributeValues().length > 0
                    && attribute.getAttributeValues()[0] instanceof ASN1String text) {
                return CertificateFacts.clean(text.getString());
            }
        }
        return "";
    }
}
