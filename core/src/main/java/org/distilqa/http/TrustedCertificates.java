package org.distilqa.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.distilqa.InvalidConfigurationException;

/** Connections that trust the JVM's certificate authorities and, besides, those of files in PEM's format (RFC 7468). */
public final class TrustedCertificates {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

    private TrustedCertificates() {}

    /**
     * Makes connections.
     *
     * @param bundles files, and directories of files; if there are none, the JVM's default context is used as it is
     * @return makes a connection for TLS out of a plain one
     * @throws InvalidConfigurationException if a bundle cannot be read or has no certificate
     */
    public static SSLSocketFactory socketFactory(List<Path> bundles) {
        try {
            if (bundles.isEmpty()) {
                return SSLContext.getDefault().getSocketFactory();
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Path bundle : bundles) {
                for (Certificate certificate : read(bundle)) {
                    store.setCertificateEntry("bundle-" + count++, certificate);
                }
            }
            for (X509Certificate certificate : trustManager(null).getAcceptedIssuers()) {
                store.setCertificateEntry("jvm-" + count++, certificate);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trustManager(store)}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new InvalidConfigurationException("this JVM's certificates cannot be used: " + e, e);
        }
    }

    /** What trusts a store's certificates, or the JVM's if it is null. */
    private static X509TrustManager trustManager(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("there is no trust manager for X.509");
    }

    private static Collection<Certificate> read(Path bundle) {
        Set<Certificate> certificates = new LinkedHashSet<>();
        try {
            if (Files.isDirectory(bundle)) {
                try (Stream<Path> files = Files.list(bundle)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        certificates.addAll(parse(file));
                    }
                }
            } else {
                certificates.addAll(parse(bundle));
            }
        } catch (IOException | CertificateException e) {
            throw unusable(bundle, "cannot be read: " + e, e);
        }
        if (certificates.isEmpty()) {
            throw unusable(bundle, "has no certificate in PEM's format (-----BEGIN CERTIFICATE-----)", null);
        }
        return certificates;
    }

    /** One after the other: between them a bundle may have any text. */
    private static List<Certificate> parse(Path file) throws IOException, CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> certificates = new ArrayList<>();
        Matcher matcher = CERTIFICATE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            byte[] pem = matcher.group().getBytes(StandardCharsets.ISO_8859_1);
            certificates.add(factory.generateCertificate(new ByteArrayInputStream(pem)));
        }
        return certificates;
    }

    private static InvalidConfigurationException unusable(Path bundle, String reason, Exception cause) {
        return new InvalidConfigurationException(
                bundle + ": " + reason + "; SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE"
                        + " names it as what holds the certificate authorities to trust",
                cause);
    }
}
