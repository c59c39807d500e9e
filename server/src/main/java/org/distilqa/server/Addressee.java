package org.distilqa.server;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses what a page of somebody else's lets a browser send: a request to a name that is not this server's, which such a page points
 * at this machine ("DNS rebinding"), and one whose origin is another host.
 *
 * @param names the names that requests may be addressed to, in lower case
 * @param anyName whether all other names are as good, since the machine has names that it does not know of
 */
record Addressee(Set<String> names, boolean anyName) {

    /** For a server at this address. */
    static Addressee of(InetAddress address, Set<String> allowedHosts) {
        return new Addressee(Set.copyOf(allowedHosts), !address.isLoopbackAddress());
    }

    /** Refuses with status 421 or 403. */
    void check(Context context) {
        String host = hostName("//" + context.host());
        if (!anyName && !isOurs(host)) {
            throw new Problem.Refusal(
                    421,
                    "the request is addressed to " + context.host()
                            + ", which is not a name of this server; --allow-host makes it one");
        }
        String origin = context.header("Origin");
        if (origin != null && !hostName(origin).equals(host) && !names.contains(hostName(origin))) {
            throw new Problem.Refusal(403, "the request comes from a page of " + origin + ", which may not ask here");
        }
    }

    private boolean isOurs(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("[::1]")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
                || names.contains(host);
    }

    /** The host of a URI in lower case; empty where there is none. */
    private static String hostName(String uri) {
        try {
            String host = new URI(uri).getHost();
            return host == null ? "" : host.toLowerCase(Locale.ROOT);
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
