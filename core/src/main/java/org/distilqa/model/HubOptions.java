package org.distilqa.model;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.http.ProxyServer;
import org.distilqa.http.ProxySettings;

/**
 * How a Hugging Face hub is reached and where its files are kept. Immutable; {@code with...} methods give a changed copy.
 */
public final class HubOptions {
    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");

    private final URI endpoint;
    private final Optional<String> token;
    private final Path cache;
    private final boolean offline;
    private final Duration etagTimeout;
    private final Duration timeout;
    private final Duration retryDelay;
    private final ProxySettings proxies;
    private final List<Path> certificates;
    private final DownloadProgress progress;

    /** The values of options that are being made. */
    static final class Draft {
        URI endpoint;
        Optional<String> token;
        Path cache;
        boolean offline;
        Duration etagTimeout;
        Duration timeout;
        Duration retryDelay;
        ProxySettings proxies;
        List<Path> certificates;
        DownloadProgress progress;
    }

    HubOptions(Draft draft) {
        endpoint = checkedEndpoint(draft.endpoint);
        token = draft.token;
        cache = draft.cache;
        offline = draft.offline;
        etagTimeout = draft.etagTimeout;
        timeout = draft.timeout;
        retryDelay = draft.retryDelay;
        proxies = draft.proxies;
        certificates = List.copyOf(draft.certificates);
        progress = draft.progress;
        if (!token.map(text -> VISIBLE.matcher(text).matches()).orElse(true)) {
            // Not shown: messages end up in logs.
            throw new InvalidConfigurationException(
                    "the hub's token (HF_TOKEN, or the token file) is empty, or has a space, a line break or"
                            + " another character that no token has");
        }
        if (!isPositive(etagTimeout) || !isPositive(timeout) || retryDelay.isNegative()) {
            throw new InvalidConfigurationException("the hub's timeout is " + timeout + ", for its facts about a file "
                    + etagTimeout + ", and the delay before a retry " + retryDelay
                    + "; the timeouts must be positive, the delay not negative");
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static URI checkedEndpoint(URI endpoint) {
        if (endpoint.getHost() == null || !Set.of("http", "https").contains(endpoint.getScheme())) {
            throw new InvalidConfigurationException(
                    "the hub's endpoint (HF_ENDPOINT) is \"" + endpoint + "\"; it must be an http or https address");
        }
        return URI.create(endpoint.toString().replaceFirst("/+$", ""));
    }

    /**
     * The options that the environment asks for, by the rules of Hugging Face's Python (huggingface_hub's documentation,
     * "Environment variables"; a variable that is empty counts as not set):
     *
     * <ul>
     *   <li>{@code HF_ENDPOINT}, the hub's address.
     *   <li>{@code HF_TOKEN}, else {@code HUGGING_FACE_HUB_TOKEN}, else the file {@code HF_TOKEN_PATH} or {@code token} in
     *       {@code HF_HOME}.
     *   <li>{@code HF_HUB_CACHE}, else {@code HUGGINGFACE_HUB_CACHE}, else {@code hub} in {@code HF_HOME}, which is
     *       {@code huggingface} in {@code XDG_CACHE_HOME} or {@code ~/.cache}. A {@code ~} at the beginning of these, and
     *       {@code $NAME} and {@code ${NAME}} (on Windows also {@code %NAME%}) in them, are replaced.
     *   <li>{@code HF_HUB_OFFLINE}, else {@code TRANSFORMERS_OFFLINE}: {@code 1}, {@code true}, {@code yes} or {@code on}.
     *   <li>{@code HF_HUB_ETAG_TIMEOUT} and {@code HF_HUB_DOWNLOAD_TIMEOUT}, seconds, 10 by default.
     *   <li>{@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}, in lower or upper case; see
     *       {@link #withProxy} and {@link #withNoProxy}. Where they say nothing, the JVM's settings hold, such as
     *       {@code -Dhttps.proxyHost}.
     *   <li>{@code REQUESTS_CA_BUNDLE}, {@code CURL_CA_BUNDLE}, {@code SSL_CERT_FILE} and {@code SSL_CERT_DIR}, all of them; see
     *       {@link #withCertificates}.
     *   <li>{@code HF_HUB_DISABLE_PROGRESS_BARS}; otherwise a progress bar is shown on a terminal.
     * </ul>
     *
     * @return the options
     * @throws InvalidConfigurationException if a variable is malformed; the message names it
     */
    public static HubOptions fromEnvironment() {
        return HubEnvironment.ofThisProcess().options();
    }

    /**
     * The hub's address.
     *
     * @return an http or https address without a slash at its end
     */
    public URI endpoint() {
        return endpoint;
    }

    /**
     * What to show the hub for private and gated repositories; never sent to another host.
     *
     * @return the token, if there is one
     */
    public Optional<String> token() {
        return token;
    }

    /**
     * The directory of the standard cache, as Hugging Face's Python uses it.
     *
     * @return the directory, which need not be there yet
     */
    public Path cache() {
        return cache;
    }

    /**
     * Whether the network is left alone: only the cache is used.
     *
     * @return whether it is
     */
    public boolean offline() {
        return offline;
    }

    /**
     * How long to wait for a connection and an answer when the hub is asked what a file is.
     *
     * @return a positive time
     */
    public Duration etagTimeout() {
        return etagTimeout;
    }

    /**
     * How long to wait for a connection, for an answer, and for the next bytes of a file.
     *
     * @return a positive time
     */
    public Duration timeout() {
        return timeout;
    }

    /**
     * How long to wait before the first retry; doubled for each that follows.
     *
     * @return a time, not negative
     */
    public Duration retryDelay() {
        return retryDelay;
    }

    /**
     * The certificate authorities that are trusted besides the JVM's.
     *
     * @return files in PEM's format and directories of such files
     */
    public List<Path> certificates() {
        return certificates;
    }

    /**
     * Who is told how downloads go on.
     *
     * @return the listener
     */
    public DownloadProgress progress() {
        return progress;
    }

    ProxySettings proxies() {
        return proxies;
    }

    private HubOptions with(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.endpoint = endpoint;
        draft.token = token;
        draft.cache = cache;
        draft.offline = offline;
        draft.etagTimeout = etagTimeout;
        draft.timeout = timeout;
        draft.retryDelay = retryDelay;
        draft.proxies = proxies;
        draft.certificates = certificates;
        draft.progress = progress;
        change.accept(draft);
        return new HubOptions(draft);
    }

    /**
     * These options with another hub.
     *
     * @param endpoint its address
     * @return new options
     * @throws InvalidConfigurationException if it is not an http or https address
     */
    public HubOptions withEndpoint(URI endpoint) {
        return with(draft -> draft.endpoint = endpoint);
    }

    /**
     * These options with another token.
     *
     * @param token what to show the hub
     * @return new options
     * @throws InvalidConfigurationException if it has other than visible ASCII characters
     */
    public HubOptions withToken(String token) {
        return with(draft -> draft.token = Optional.of(token));
    }

    /**
     * These options with another cache.
     *
     * @param cache its directory
     * @return new options
     */
    public HubOptions withCache(Path cache) {
        return with(draft -> draft.cache = cache);
    }

    /**
     * These options with the network used or not.
     *
     * @param offline whether it is left alone
     * @return new options
     */
    public HubOptions withOffline(boolean offline) {
        return with(draft -> draft.offline = offline);
    }

    /**
     * These options with another patience.
     *
     * @param timeout how long to wait for a connection, an answer, the next bytes; the {@linkplain #etagTimeout() time for
     *     facts about a file} too, unless {@link #withEtagTimeout} follows
     * @param retryDelay how long to wait before the first retry
     * @return new options
     * @throws InvalidConfigurationException if the timeout is not positive or the delay is negative
     */
    public HubOptions withPatience(Duration timeout, Duration retryDelay) {
        return with(draft -> {
            draft.timeout = timeout;
            draft.etagTimeout = timeout;
            draft.retryDelay = retryDelay;
        });
    }

    /**
     * These options with another time for facts about a file.
     *
     * @param etagTimeout how long to wait for a connection and an answer when the hub is asked what a file is
     * @return new options
     * @throws InvalidConfigurationException if it is not positive
     */
    public HubOptions withEtagTimeout(Duration etagTimeout) {
        return with(draft -> draft.etagTimeout = etagTimeout);
    }

    /**
     * These options with a proxy for all requests, other than to the {@linkplain #withNoProxy exceptions}.
     *
     * @param proxy its address, such as {@code http://user:password@proxy.example.org:3128}; the user and the password are
     *     percent-encoded, and are shown to the proxy alone, for tunnels too. A scheme of {@code https} says that the proxy
     *     itself is spoken to by TLS, {@code socks5} that it is one of SOCKS 5
     * @return new options
     * @throws InvalidConfigurationException if it is not an address of http, https or socks5
     */
    public HubOptions withProxy(URI proxy) {
        Optional<ProxyServer> all = Optional.of(ProxyServer.of(proxy.toString(), "withProxy"));
        return with(draft -> draft.proxies = new ProxySettings(all, all, proxies.exceptions()));
    }

    /**
     * These options with hosts that are reached without a proxy.
     *
     * @param hosts for each host or group of them: a name; a domain, {@code example.org} or {@code .example.org}, for all
     *     hosts below it too; an address; a network, {@code 10.0.0.0/8}; with {@code :port} where only that is meant; or
     *     {@code *} for all
     * @return new options
     */
    public HubOptions withNoProxy(List<String> hosts) {
        return with(draft -> draft.proxies = new ProxySettings(proxies.http(), proxies.https(), hosts));
    }

    /**
     * These options with certificate authorities that are trusted besides the JVM's, such as that of a company's proxy.
     *
     * @param bundle a file of certificates in PEM's format, or a directory of such files; read when an https address is asked
     *     for the first time
     * @return new options
     */
    public HubOptions withCertificates(Path bundle) {
        return with(draft -> draft.certificates = List.of(bundle));
    }

    /**
     * These options with another listener.
     *
     * @param progress who is told how downloads go on
     * @return new options
     */
    public HubOptions withProgress(DownloadProgress progress) {
        return with(draft -> draft.progress = progress);
    }

    /**
     * The options without the token and the proxies' passwords.
     *
     * @return for logs
     */
    @Override
    public String toString() {
        return "HubOptions[endpoint=" + endpoint + ", token=" + (token.isPresent() ? "given" : "none") + ", cache="
                + cache + ", offline=" + offline + ", proxies=" + proxies + ", certificates=" + certificates + "]";
    }
}
