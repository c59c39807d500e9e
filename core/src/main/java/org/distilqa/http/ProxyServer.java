package org.distilqa.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.distilqa.InvalidConfigurationException;

/**
 * A proxy, as the variables {@code HTTP_PROXY} and the like name it: {@code http://user:password@host:port}. The user and the
 * password are percent-encoded where they have other than letters and digits.
 *
 * @param kind how it is spoken to
 * @param host its name or address, an IPv6 address without brackets
 * @param port its port
 * @param credentials what it is shown; empty if nothing
 */
public record ProxyServer(Kind kind, String host, int port, Optional<Credentials> credentials) {
    private static final Map<String, Kind> KINDS =
            Map.of("http", Kind.HTTP, "https", Kind.HTTPS, "socks5", Kind.SOCKS5, "socks5h", Kind.SOCKS5);

    /** How a proxy is spoken to. */
    public enum Kind {
        /** HTTP; a tunnel where the address that is asked for is one of https. */
        HTTP(80),
        /** The same, by TLS. */
        HTTPS(443),
        /** SOCKS 5 (RFC 1928). Names are looked up by the proxy, as Python does for {@code socks5h}. */
        SOCKS5(1080);

        private final int port;

        Kind(int port) {
            this.port = port;
        }
    }

    /**
     * A user and a password.
     *
     * @param user the user
     * @param password the password, in the clear
     */
    public record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "Credentials[given]";
        }
    }

    /**
     * The proxy of an address.
     *
     * @param address the address; {@code http://} may be left out, and the port, then that of the scheme
     * @param source where the address comes from, for messages
     * @return the proxy
     * @throws InvalidConfigurationException if it is not the address of a proxy of a kind that is known
     */
    public static ProxyServer of(String address, String source) {
        URI uri;
        try {
            uri = URI.create(address.contains("://") ? address : "http://" + address);
        } catch (IllegalArgumentException e) {
            // Not the cause: its message has the password.
            throw invalid(source, "is malformed");
        }
        Kind kind = KINDS.get(uri.getScheme().toLowerCase(Locale.ROOT));
        if (kind == null) {
            throw invalid(source, "has the scheme " + uri.getScheme() + "; http, https and socks5 can be used");
        }
        if (uri.getHost() == null) {
            throw invalid(source, "names no host");
        }
        return new ProxyServer(
                kind,
                HttpConnection.withoutBrackets(uri.getHost()),
                uri.getPort() >= 0 ? uri.getPort() : kind.port,
                Optional.ofNullable(uri.getRawUserInfo())
                        .filter(user -> !user.isEmpty())
                        .map(ProxyServer::credentials));
    }

    private static InvalidConfigurationException invalid(String source, String reason) {
        return new InvalidConfigurationException("the address of the proxy in " + source + " " + reason
                + "; it looks like http://user:password@host:port, with %40 for an @ in the password");
    }

    private static Credentials credentials(String rawUserInfo) {
        int colon = rawUserInfo.indexOf(':');
        return colon < 0
                ? new Credentials(decoded(rawUserInfo), "")
                : new Credentials(decoded(rawUserInfo.substring(0, colon)), decoded(rawUserInfo.substring(colon + 1)));
    }

    private static String decoded(String text) {
        // Unlike in a form, a + is a +.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The value of {@code Proxy-Authorization}: the scheme Basic, RFC 7617. */
    Optional<String> authorization() {
        return credentials.map(given -> "Basic "
                + Base64.getEncoder()
                        .encodeToString((given.user() + ":" + given.password()).getBytes(StandardCharsets.UTF_8)));
    }

    /** The address without the password, for messages. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + "://" + HttpConnection.inBrackets(host) + ":" + port;
    }
}
