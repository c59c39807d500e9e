package org.distilqa.model;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.distilqa.InvalidRequestException;

/**
 * A proxy, as the variables {@code HTTP_PROXY} and the like name it: {@code http://user:password@host:port}. The user and the
 * password are percent-encoded where they have other than letters and digits.
 *
 * @param secure whether the proxy itself is spoken to by TLS
 * @param host its name or address, an IPv6 address without brackets
 * @param port its port
 * @param authorization what it is shown in {@code Proxy-Authorization}, RFC 7617; empty if nothing
 */
record HttpProxy(boolean secure, String host, int port, Optional<String> authorization) {
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /**
     * The proxy of an address.
     *
     * @param address the address; {@code http://} may be left out, and the port, then 80, or 443 for https
     * @param variable where the address comes from, for messages
     * @throws InvalidRequestException if it is not the address of a proxy of HTTP
     */
    static HttpProxy of(String address, String variable) {
        URI uri;
        try {
            uri = URI.create(address.contains("://") ? address : "http://" + address);
        } catch (IllegalArgumentException e) {
            // Not the cause: its message has the password.
            throw new InvalidRequestException("the proxy's address in " + variable
                    + " is malformed; it looks like http://user:password@host:port, with %40 for an @ in the password");
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw new InvalidRequestException(
                    "the proxy in " + variable + " is one of " + scheme + "; proxies of http and https can be used");
        }
        if (uri.getHost() == null) {
            throw new InvalidRequestException("the proxy's address in " + variable
                    + " names no host; it looks like http://user:password@host:port");
        }
        boolean secure = scheme.equals("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        Optional<String> authorization = Optional.ofNullable(uri.getRawUserInfo())
                .filter(user -> !user.isEmpty())
                .map(HttpProxy::basic);
        return new HttpProxy(secure, HttpConnection.withoutBrackets(uri.getHost()), port, authorization);
    }

    private static String basic(String rawUser) {
        String user = URLDecoder.decode(rawUser.replace("+", "%2B"), StandardCharsets.UTF_8);
        String credentials = user.contains(":") ? user : user + ":";
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** The address without the password, for messages. */
    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + HttpConnection.inBrackets(host) + ":" + port;
    }
}
