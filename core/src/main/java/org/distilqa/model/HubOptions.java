package org.distilqa.model;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.distilqa.InvalidRequestException;

/**
 * How a Hugging Face hub is reached and where its files are kept. Immutable; {@code with...} methods give a changed copy.
 *
 * @param endpoint the hub's address
 * @param token what to show the hub for private and gated repositories; never sent to another host
 * @param cache the directory of the standard cache, as Hugging Face's Python uses it
 * @param offline whether the network is left alone: only the cache is used
 * @param timeout how long to wait for a connection, for an answer, and for the next bytes
 * @param retryDelay how long to wait before the first retry; doubled for each that follows
 * @param progress who is told how downloads go on
 */
public record HubOptions(
        URI endpoint,
        Optional<String> token,
        Path cache,
        boolean offline,
        Duration timeout,
        Duration retryDelay,
        DownloadProgress progress) {

    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");
    private static final Set<String> TRUE = Set.of("1", "true", "yes", "on");

    /**
     * Checks the address and the token, and drops slashes at the address's end.
     *
     * @param endpoint the hub's address
     * @param token what to show the hub
     * @param cache the directory of the standard cache
     * @param offline whether the network is left alone
     * @param timeout how long to wait
     * @param retryDelay how long to wait before the first retry
     * @param progress who is told how downloads go on
     * @throws InvalidRequestException if the address is not one of http or https, the token has other than visible ASCII
     *     characters, the timeout is not positive or the delay is negative
     */
    public HubOptions {
        if (endpoint.getHost() == null || !Set.of("http", "https").contains(endpoint.getScheme())) {
            throw new InvalidRequestException(
                    "the hub's endpoint (HF_ENDPOINT) is \"" + endpoint + "\"; it must be an http or https address");
        }
        if (endpoint.toString().endsWith("/")) {
            endpoint = URI.create(endpoint.toString().replaceFirst("/+$", ""));
        }
        if (!token.map(text -> VISIBLE.matcher(text).matches()).orElse(true)) {
            // Not shown: messages end up in logs.
            throw new InvalidRequestException(
                    "the hub's token (HF_TOKEN, or the token file) is empty, or has a space, a line break or"
                            + " another character that no token has");
        }
        if (timeout.isNegative() || timeout.isZero() || retryDelay.isNegative()) {
            throw new InvalidRequestException("the hub's timeout is " + timeout + " and the delay before a retry "
                    + retryDelay + "; the one must be positive, the other not negative");
        }
    }

    /**
     * The options that the environment asks for, as for Hugging Face's Python: {@code HF_ENDPOINT}; {@code HF_TOKEN}, or the
     * file {@code HF_TOKEN_PATH} or {@code token} in {@code HF_HOME}; {@code HF_HUB_CACHE} or {@code hub} in {@code HF_HOME},
     * which is {@code huggingface} in {@code XDG_CACHE_HOME} or {@code ~/.cache}; {@code HF_HUB_OFFLINE}. A progress bar is
     * shown on a terminal.
     *
     * @return the options
     * @throws InvalidRequestException if {@code HF_ENDPOINT} is not an http or https address
     */
    public static HubOptions fromEnvironment() {
        return from(System.getenv(), Path.of(System.getProperty("user.home")))
                .withProgress(TerminalProgress.ifTerminal());
    }

    static HubOptions from(Map<String, String> environment, Path userHome) {
        Path hubHome = path(environment, "HF_HOME", userHome)
                .orElseGet(() -> path(environment, "XDG_CACHE_HOME", userHome)
                        .orElse(userHome.resolve(".cache"))
                        .resolve("huggingface"));
        Path cache = path(environment, "HF_HUB_CACHE", userHome)
                .or(() -> path(environment, "HUGGINGFACE_HUB_CACHE", userHome))
                .orElse(hubHome.resolve("hub"));
        Path tokenFile = path(environment, "HF_TOKEN_PATH", userHome).orElse(hubHome.resolve("token"));
        Optional<String> token = value(environment, "HF_TOKEN").or(() -> firstLine(tokenFile));
        boolean offline =
                TRUE.contains(value(environment, "HF_HUB_OFFLINE").orElse("").toLowerCase(Locale.ROOT));
        String endpoint = value(environment, "HF_ENDPOINT").orElse(DEFAULT_ENDPOINT);
        return new HubOptions(
                uri(endpoint),
                token,
                cache,
                offline,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                DownloadProgress.none());
    }

    private static URI uri(String endpoint) {
        try {
            return URI.create(endpoint);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(
                    "the hub's endpoint (HF_ENDPOINT) is \"" + endpoint + "\"; it must be an http or https address", e);
        }
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static Optional<Path> path(Map<String, String> environment, String name, Path userHome) {
        return value(environment, name)
                .map(value -> value.equals("~") || value.startsWith("~/")
                        ? userHome.resolve(value.substring(Math.min(2, value.length())))
                        : Path.of(value));
    }

    private static Optional<String> firstLine(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Files.readString(file).lines().map(String::strip).findFirst().filter(line -> !line.isEmpty());
        } catch (IOException e) {
            throw new InvalidRequestException(file + ": the hub's token cannot be read: " + e, e);
        }
    }

    /**
     * These options with another hub.
     *
     * @param endpoint its address
     * @return new options
     * @throws InvalidRequestException if it is not an http or https address
     */
    public HubOptions withEndpoint(URI endpoint) {
        return new HubOptions(endpoint, token, cache, offline, timeout, retryDelay, progress);
    }

    /**
     * These options with a token.
     *
     * @param token what to show the hub
     * @return new options
     * @throws InvalidRequestException if it has other than visible ASCII characters
     */
    public HubOptions withToken(String token) {
        return new HubOptions(endpoint, Optional.of(token), cache, offline, timeout, retryDelay, progress);
    }

    /**
     * These options with another cache.
     *
     * @param cache its directory
     * @return new options
     */
    public HubOptions withCache(Path cache) {
        return new HubOptions(endpoint, token, cache, offline, timeout, retryDelay, progress);
    }

    /**
     * These options with the network used or not.
     *
     * @param offline whether it is left alone
     * @return new options
     */
    public HubOptions withOffline(boolean offline) {
        return new HubOptions(endpoint, token, cache, offline, timeout, retryDelay, progress);
    }

    /**
     * These options with another patience.
     *
     * @param timeout how long to wait for a connection, an answer, the next bytes
     * @param retryDelay how long to wait before the first retry
     * @return new options
     * @throws InvalidRequestException if the timeout is not positive or the delay is negative
     */
    public HubOptions withPatience(Duration timeout, Duration retryDelay) {
        return new HubOptions(endpoint, token, cache, offline, timeout, retryDelay, progress);
    }

    /**
     * These options with another listener.
     *
     * @param progress who is told how downloads go on
     * @return new options
     */
    public HubOptions withProgress(DownloadProgress progress) {
        return new HubOptions(endpoint, token, cache, offline, timeout, retryDelay, progress);
    }

    /**
     * The options without the token.
     *
     * @return for logs
     */
    @Override
    public String toString() {
        return "HubOptions[endpoint=" + endpoint + ", token=" + (token.isPresent() ? "given" : "none") + ", cache="
                + cache + ", offline=" + offline + "]";
    }
}
