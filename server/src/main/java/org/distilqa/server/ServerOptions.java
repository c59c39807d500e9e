package org.distilqa.server;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.internal.Ranges;

/** Where a server listens, and how much it takes on. Immutable; {@code with...} methods give a changed copy. */
public final class ServerOptions {
    private static final ServerOptions DEFAULTS = new ServerOptions(
            "127.0.0.1", 8080, Set.of(), 2_000_000, 32, Duration.ofSeconds(60), Duration.ofSeconds(10));

    /** A string of JSON has at most as many characters in Jackson's reader. */
    private static final int LONGEST_CONTEXT = 10_000_000;

    private static final Duration LONGEST = Duration.ofDays(1);

    private final String host;
    private final int port;
    private final Set<String> allowedHosts;
    private final int maxContextLength;
    private final int maxRequests;
    private final Duration timeout;
    private final Duration closeTimeout;

    private ServerOptions(
            String host,
            int port,
            Set<String> allowedHosts,
            int maxContextLength,
            int maxRequests,
            Duration timeout,
            Duration closeTimeout) {
        this.host = host;
        this.port = port;
        this.allowedHosts = allowedHosts;
        this.maxContextLength = maxContextLength;
        this.maxRequests = maxRequests;
        this.timeout = timeout;
        this.closeTimeout = closeTimeout;
    }

    /**
     * The defaults: this machine alone may ask, at port 8080, of texts of 2,000,000 characters, 32 requests at a time, each for a
     * minute at most; closing waits 10 seconds for those under way.
     *
     * @return the defaults
     */
    public static ServerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The address that the server listens at.
     *
     * @return a name or an address; {@code 127.0.0.1} by default
     */
    public String host() {
        return host;
    }

    /**
     * The port that the server listens at.
     *
     * @return from 0 to 65535; 0 for one that is free
     */
    public int port() {
        return port;
    }

    /**
     * Other names than the machine's own that requests may be addressed to.
     *
     * @return names of hosts in lower case, without a port
     */
    public Set<String> allowedHosts() {
        return allowedHosts;
    }

    /**
     * The longest context.
     *
     * @return characters (UTF-16 units)
     */
    public int maxContextLength() {
        return maxContextLength;
    }

    /**
     * How many requests are taken on at a time.
     *
     * @return at least 1
     */
    public int maxRequests() {
        return maxRequests;
    }

    /**
     * The longest that a request may take, once it has been read.
     *
     * @return more than zero
     */
    public Duration timeout() {
        return timeout;
    }

    /**
     * How long closing waits for the requests that are under way.
     *
     * @return not negative
     */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /**
     * These options with another address to listen at. Whoever reaches it may ask: there are no users and no passwords.
     *
     * @param host a name or an address of this machine; {@code 0.0.0.0} for all of them
     * @return new options
     * @throws InvalidConfigurationException if it is null or blank
     */
    public ServerOptions withHost(String host) {
        requireName("host", host);
        return new ServerOptions(host, port, allowedHosts, maxContextLength, maxRequests, timeout, closeTimeout);
    }

    /**
     * These options with another port.
     *
     * @param port from 0 to 65535; 0 for one that is free
     * @return new options
     * @throws InvalidConfigurationException if it is out of that range
     */
    public ServerOptions withPort(int port) {
        Ranges.require("port", port, 0, 65_535, InvalidConfigurationException::new);
        return new ServerOptions(host, port, allowedHosts, maxContextLength, maxRequests, timeout, closeTimeout);
    }

    /**
     * These options with another name that requests may be addressed to, such as that of a proxy before this server. A server that
     * listens at this machine alone answers what is addressed to {@code localhost}, to an address of the loopback or to such a name,
     * so that no page in a browser reaches it by a name of its own that it lets point here.
     *
     * @param name the name of a host, without a port
     * @return new options
     * @throws InvalidConfigurationException if it is null or blank
     */
    public ServerOptions withAllowedHost(String name) {
        requireName("allowedHost", name);
        Set<String> names = new LinkedHashSet<>(allowedHosts);
        names.add(name.toLowerCase(Locale.ROOT));
        return new ServerOptions(host, port, Set.copyOf(names), maxContextLength, maxRequests, timeout, closeTimeout);
    }

    /**
     * These options with another longest context.
     *
     * @param characters from 1 to 10,000,000
     * @return new options
     * @throws InvalidConfigurationException if it is out of that range
     */
    public ServerOptions withMaxContextLength(int characters) {
        Ranges.require("maxContextLength", characters, 1, LONGEST_CONTEXT, InvalidConfigurationException::new);
        return new ServerOptions(host, port, allowedHosts, characters, maxRequests, timeout, closeTimeout);
    }

    /**
     * These options with another number of requests that are taken on at a time; what comes beyond is refused with status 429.
     *
     * @param requests from 1 to 1,000
     * @return new options
     * @throws InvalidConfigurationException if it is out of that range
     */
    public ServerOptions withMaxRequests(int requests) {
        Ranges.require("maxRequests", requests, 1, 1000, InvalidConfigurationException::new);
        return new ServerOptions(host, port, allowedHosts, maxContextLength, requests, timeout, closeTimeout);
    }

    /**
     * These options with another longest time for a request, which then fails with status 504.
     *
     * @param timeout more than zero, at most a day
     * @return new options
     * @throws InvalidConfigurationException if it is out of that range
     */
    public ServerOptions withTimeout(Duration timeout) {
        if (timeout == null || timeout.isZero() || timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
            throw new InvalidConfigurationException(
                    "timeout is " + timeout + "; it must be more than zero and at most " + LONGEST);
        }
        return new ServerOptions(host, port, allowedHosts, maxContextLength, maxRequests, timeout, closeTimeout);
    }

    /**
     * These options with another time that closing waits for the requests under way.
     *
     * @param timeout from zero to a day
     * @return new options
     * @throws InvalidConfigurationException if it is out of that range
     */
    public ServerOptions withCloseTimeout(Duration timeout) {
        if (timeout == null || timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
            throw new InvalidConfigurationException(
                    "closeTimeout is " + timeout + "; it must be from zero to " + LONGEST);
        }
        return new ServerOptions(host, port, allowedHosts, maxContextLength, maxRequests, this.timeout, timeout);
    }

    private static void requireName(String setting, String name) {
        if (name == null || name.isBlank()) {
            throw new InvalidConfigurationException(setting + " is " + (name == null ? "null" : "empty")
                    + "; it must be the name or the address of a host");
        }
    }
}
