package dev.gatewatch.probes.revocation;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate says about its own revocation. Whoever made the certificate chose these URLs: what they lead to has to pass the
 * target policy. Immutable.
 *
 * @param responders URLs of OCSP responders (authority information access, RFC 5280 section 4.2.2.1), at most {@value #MOST}
 * @param lists URLs of CRL distribution points (section 4.2.1.13), at most {@value #MOST}; only http and https
 * @param mustStaple whether a server has to staple an OCSP answer (TLS feature, RFC 7633)
 */
record NamedSources(List<String> responders, List<String> lists, boolean mustStaple) {
    static final int MOST = 4;

    private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";
    private static final int STATUS_REQUEST = 5;

    static NamedSources of(X509Certificate certificate) {
        return new NamedSources(
                responders(certificate, Extension.authorityInfoAccess.getId()),
                lists(certificate, Extension.cRLDistributionPoints.getId()),
                mustStaple(certificate));
    }

    private static List<String> responders(X509Certificate certificate, String oid) {
        var urls = new ArrayList<String>();
        try {
            @Nullable Object value = value(certificate, oid);
            if (value != null) {
                for (AccessDescription access : AuthorityInformationAccess.getInstance(value).getAccessDescriptions()) {
                    if (access.getAccessMethod().equals(AccessDescription.id_ad_ocsp)) {
                        add(urls, access.getAccessLocation());
                    }
                }
            }
        } catch (DerException | RuntimeException _) {
            // what cannot be read names nobody
        }
        return urls;
    }

    private static List<String> lists(X509Certificate certificate, String oid) {
        var urls = new ArrayList<String>();
        try {
            @Nullable Object value = value(certificate, oid);
            if (value != null) {
                for (DistributionPoint point : CRLDistPoint.getInstance(value).getDistributionPoints()) {
                    // a part by reasons, or one of another issuer's, would not be the whole truth
                    if (point.getDistributionPoint() != null
                            && point.getDistributionPoint().getType() == DistributionPointName.FULL_NAME
                            && point.getReasons() == null
                            && point.getCRLIssuer() == null) {
                        urls(point.getDistributionPoint()).stream()
                                .filter(_ -> urls.size() < MOST)
                                .forEach(urls::add);
                    }
                }
            }
        } catch (DerException | RuntimeException _) {
            // what cannot be read names nobody
        }
        return urls;
    }

    /** The web addresses within a distribution point's full name. */
    static List<String> urls(DistributionPointName name) {
        var urls = new ArrayList<String>();
        Arrays.stream(GeneralNames.getInstance(name.getName()).getNames()).forEach(n -> add(urls, n));
        return urls;
    }

    private static void add(List<String> urls, GeneralName name) {
        if (name.getTagNo() == GeneralName.uniformResourceIdentifier && urls.size() < MOST) {
            String url = name.getName().toString();
            if (Fetcher.url(url).isPresent()) {
                urls.add(url);
            }
        }
    }

    private static boolean mustStaple(X509Certificate certificate) {
        try {
            @Nullable Object value = value(certificate, TLS_FEATURE);
            if (value == null) {
                return false;
            }
            for (ASN1Encodable feature : ASN1Sequence.getInstance(value)) {
                if (ASN1Integer.getInstance(feature).hasValue(STATUS_REQUEST)) {
                    return true;
                }
            }
            return false;
        } catch (DerException | RuntimeException _) {
            return false;
        }
    }

    /** The content of an extension; null for none. */
    private static @Nullable Object value(X509Certificate certificate, String oid) throws DerException {
        byte[] wrapped = certificate.getExtensionValue(oid);
        if (wrapped == null) {
            return null;
        }
        byte[] content = ASN1OctetString.getInstance(wrapped).getOctets();
        DerCursor.check(content);
        return content;
    }
}
