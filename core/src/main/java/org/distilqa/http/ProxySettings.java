package org.distilqa.http;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.distilqa.InvalidConfigurationException;

/**
 * Which request goes through which proxy. The rules are those of Python's {@code requests} and of curl, which Hugging Face's
 * Python relies on (requests, "Advanced usage", section "Proxies"; libcurl-env(3)): {@code HTTP_PROXY} and {@code HTTPS_PROXY}
 * by the scheme of the address that is asked for, {@code ALL_PROXY} where they are not set, {@code NO_PROXY} for hosts that are
 * reached without one; each in lower case too, which wins. Where none of them says anything, the JVM's own settings hold
 * ({@code -Dhttps.proxyHost}, {@link ProxySelector#getDefault()}).
 *
 * @param http for addresses of http
 * @param https for addresses of https
 * @param exceptions the hosts that are reached directly, in the form of {@code NO_PROXY}'s entries
 */
public record ProxySettings(Optional<ProxyServer> http, Optional<ProxyServer> https, List<String> exceptions) {
    private static final Pattern IP_LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /**
     * Copies the list.
     *
     * @param http for addresses of http
     * @param https for addresses of https
     * @param exceptions the hosts that are reached directly
     */
    public ProxySettings {
        exceptions = List.copyOf(exceptions);
    }

    /**
     * The settings that environment variables ask for.
     *
     * @param environment the variables by name
     * @return the settings
     * @throws InvalidConfigurationException if one is not the address of a proxy
     */
    public static ProxySettings from(Map<String, String> environment) {
        Optional<ProxyServer> all = proxy(environment, "ALL_PROXY");
        // In a CGI script HTTP_PROXY is what the request's header "Proxy" says (httpoxy.org).
        boolean script = environment.containsKey("REQUEST_METHOD");
        Optional<ProxyServer> http =
                script && !environment.containsKey("http_proxy") ? Optional.empty() : proxy(environment, "HTTP_PROXY");
        return new ProxySettings(
                http.or(() -> all),
                proxy(environment, "HTTPS_PROXY").or(() -> all),
                exceptions(value(environment, "NO_PROXY").orElse("")));
    }

    private static Optional<ProxyServer> proxy(Map<String, String> environment, String variable) {
        return value(environment, variable).map(address -> ProxyServer.of(address, variable));
    }

    private static Optional<String> value(Map<String, String> environment, String variable) {
        String lower = environment.get(variable.toLowerCase(Locale.ROOT));
        return Optional.ofNullable(lower == null ? environment.get(variable) : lower)
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private static List<String> exceptions(String list) {
        return Arrays.stream(list.split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /**
     * The proxy for an address.
     *
     * @param uri the address
     * @return the proxy; empty if it is reached directly
     */
    public Optional<ProxyServer> proxy(URI uri) {
        if (isException(uri)) {
            return Optional.empty();
        }
        Optional<ProxyServer> own = HttpConnection.isSecure(uri) ? https : http;
        return own.or(() -> ofJvm(uri));
    }

    private static Optional<ProxyServer> ofJvm(URI uri) {
        ProxySelector selector = ProxySelector.getDefault();
        if (selector == null) {
            return Optional.empty();
        }
        return selector.select(uri).stream()
                .findFirst()
                .filter(proxy -> proxy.type() != Proxy.Type.DIRECT)
                .map(ProxySettings::server);
    }

    private static ProxyServer server(Proxy proxy) {
        InetSocketAddress address = (InetSocketAddress) proxy.address();
        ProxyServer.Kind kind = proxy.type() == Proxy.Type.SOCKS ? ProxyServer.Kind.SOCKS5 : ProxyServer.Kind.HTTP;
        return new ProxyServer(kind, address.getHostString(), address.getPort(), Optional.empty());
    }

    private boolean isException(URI uri) {
        String host = HttpConnection.withoutBrackets(uri.getHost()).toLowerCase(Locale.ROOT);
        return exceptions.stream().anyMatch(entry -> matches(entry.toLowerCase(Locale.ROOT), host, uri));
    }

    /** An entry is {@code *}, a host, a domain with or without a dot before it, an address, or a network; a port may follow. */
    private static boolean matches(String entry, String host, URI uri) {
        if (entry.equals("*")) {
            return true;
        }
        // requests takes host names alone, httpx addresses with a scheme too.
        String name = entry.replaceFirst("^[a-z]+://", "");
        int slash = name.indexOf('/');
        if (slash > 0) {
            return inNetwork(host, name.substring(0, slash), name.substring(slash + 1));
        }
        int colon = name.lastIndexOf(':');
        boolean hasPort = colon > 0 && (name.indexOf(':') == colon || name.charAt(colon - 1) == ']');
        if (hasPort) {
            if (!name.substring(colon + 1).equals(Integer.toString(HttpConnection.port(uri)))) {
                return false;
            }
            name = name.substring(0, colon);
        }
        name = HttpConnection.withoutBrackets(name).replaceFirst("^\\*?\\.", "");
        return !name.isEmpty() && (host.equals(name) || !isIpLiteral(host) && host.endsWith("." + name));
    }

    private static boolean isIpLiteral(String host) {
        return IP_LITERAL.matcher(host).matches();
    }

    /** Whether an address, written in digits, is in a network such as 10.0.0.0/8. Names are not looked up. */
    private static boolean inNetwork(String host, String network, String bits) {
        String base = HttpConnection.withoutBrackets(network);
        if (!isIpLiteral(host) || !isIpLiteral(base) || !bits.matches("[0-9]{1,3}")) {
            return false;
        }
        try {
            byte[] address = InetAddress.getByName(host).getAddress();
            byte[] first = InetAddress.getByName(base).getAddress();
            int shift = Math.max(0, 8 * first.length - Integer.parseInt(bits));
            return address.length == first.length
                    && new BigInteger(1, address).shiftRight(shift).equals(new BigInteger(1, first).shiftRight(shift));
        } catch (UnknownHostException e) {
            return false; // Digits and dots, but no address.
        }
    }
}
