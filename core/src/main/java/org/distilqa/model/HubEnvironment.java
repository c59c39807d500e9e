package org.distilqa.model;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.http.ProxySettings;

/**
 * The environment variables of Hugging Face's Python (huggingface_hub, {@code constants.py}), and of what it is built on,
 * requests and httpx.
 *
 * @param variables the variables by name
 * @param userHome the directory that {@code ~} stands for where {@code HOME} is not set; asked only if it is needed
 * @param windows whether variables within paths are written as on Windows too
 */
record HubEnvironment(Map<String, String> variables, Supplier<Path> userHome, boolean windows) {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final int DEFAULT_SECONDS = 10;
    private static final int MAX_SECONDS = 1_000_000;
    private static final Set<String> TRUE = Set.of("1", "true", "yes", "on");

    /** As in Python's {@code os.path.expandvars}. */
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)|\\$\\{([^}]*)}");

    private static final Pattern WINDOWS_VARIABLE = Pattern.compile("%([^%]+)%");

    static HubEnvironment ofThisProcess() {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        return new HubEnvironment(System.getenv(), HubEnvironment::homeOfUser, windows);
    }

    /** What the JVM found; "?" where the user is in no list of users, as in many containers. */
    private static Path homeOfUser() {
        String home = System.getProperty("user.home", "?");
        if (home.equals("?") || home.isEmpty()) {
            throw new InvalidConfigurationException(
                    "this user has no home directory, so that there is no place for the cache;"
                            + " set HF_HOME, or HOME, to a directory");
        }
        return Path.of(home);
    }

    HubOptions options() {
        HubOptions.Draft draft = new HubOptions.Draft();
        draft.endpoint = endpoint();
        draft.token = token();
        draft.cache = path("HF_HUB_CACHE")
                .or(() -> path("HUGGINGFACE_HUB_CACHE"))
                .orElseGet(() -> hubHome().resolve("hub"));
        draft.offline = value("HF_HUB_OFFLINE")
                .or(() -> value("TRANSFORMERS_OFFLINE"))
                .map(HubEnvironment::isTrue)
                .orElse(false);
        draft.etagTimeout = seconds("HF_HUB_ETAG_TIMEOUT");
        draft.timeout = seconds("HF_HUB_DOWNLOAD_TIMEOUT");
        draft.retryDelay = Duration.ofSeconds(1);
        draft.proxies = ProxySettings.from(variables);
        draft.certificates = certificates();
        draft.progress = value("HF_HUB_DISABLE_PROGRESS_BARS")
                        .map(HubEnvironment::isTrue)
                        .orElse(false)
                ? DownloadProgress.none()
                : TerminalProgress.ifTerminal();
        return new HubOptions(draft);
    }

    private URI endpoint() {
        String endpoint = value("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT);
        try {
            return URI.create(endpoint);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    "the hub's endpoint (HF_ENDPOINT) is \"" + endpoint + "\"; it must be an http or https address", e);
        }
    }

    private Optional<String> token() {
        return value("HF_TOKEN")
                .or(() -> value("HUGGING_FACE_HUB_TOKEN"))
                .or(() -> firstLine(
                        path("HF_TOKEN_PATH").orElseGet(() -> hubHome().resolve("token"))));
    }

    private static Optional<String> firstLine(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Files.readString(file).lines().map(String::strip).findFirst().filter(line -> !line.isEmpty());
        } catch (IOException e) {
            throw new InvalidConfigurationException(file + ": the hub's token cannot be read: " + e, e);
        }
    }

    private Path hubHome() {
        return path("HF_HOME")
                .orElseGet(() -> path("XDG_CACHE_HOME")
                        .orElseGet(() -> home().resolve(".cache"))
                        .resolve("huggingface"));
    }

    private Path home() {
        return value("HOME").filter(home -> !windows).map(Path::of).orElseGet(userHome);
    }

    /**
     * Python takes the first of them, in place of its own list of authorities. Here they are trusted besides the JVM's, so that
     * there is no reason to pass over the others.
     */
    private List<Path> certificates() {
        Stream<Path> files = Stream.of("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
                .flatMap(variable -> path(variable).stream());
        // A list, of which OpenSSL passes over what is not there.
        Stream<Path> directories = value("SSL_CERT_DIR").stream()
                .flatMap(list -> Stream.of(list.split(Pattern.quote(File.pathSeparator))))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> path("SSL_CERT_DIR", directory))
                .filter(Files::isDirectory);
        return Stream.concat(files, directories).distinct().toList();
    }

    private static boolean isTrue(String value) {
        return TRUE.contains(value.toLowerCase(Locale.ROOT));
    }

    private Duration seconds(String variable) {
        String value = value(variable).orElse("0");
        int seconds = value.matches("[0-9]{1,7}") ? Integer.parseInt(value) : -1;
        if (seconds < 0 || seconds > MAX_SECONDS) {
            throw new InvalidConfigurationException(variable + " is \"" + value
                    + "\"; it must be a whole number of seconds, at most " + MAX_SECONDS + ", or 0 for the default");
        }
        return Duration.ofSeconds(seconds == 0 ? DEFAULT_SECONDS : seconds);
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private Optional<Path> path(String name) {
        return value(name).map(value -> path(name, value));
    }

    private Path path(String name, String value) {
        String expanded = expand(value, VARIABLE);
        expanded = windows ? expand(expanded, WINDOWS_VARIABLE) : expanded;
        try {
            return isBelowHome(expanded)
                    ? home().resolve(expanded.substring(Math.min(2, expanded.length())))
                    : Path.of(expanded);
        } catch (InvalidPathException e) {
            throw new InvalidConfigurationException(name + " is \"" + value + "\", which is not a path", e);
        }
    }

    private boolean isBelowHome(String path) {
        return path.equals("~") || path.startsWith("~/") || windows && path.startsWith("~\\");
    }

    /** Replaces variables by their values; one that is not set stays as it is written. */
    private String expand(String text, Pattern variable) {
        return variable.matcher(text).replaceAll(match -> {
            String name = match.group(1) != null ? match.group(1) : match.group(match.groupCount());
            return Matcher.quoteReplacement(variables.getOrDefault(name, match.group()));
        });
    }
}
