package org.distilqa.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import org.distilqa.ModelDownloadException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP as the hub needs it: redirects are followed by hand, so that the token goes to the hub alone; what can pass is tried
 * again, with growing delays; a download goes on where it was cut.
 */
final class HubHttp {
    private static final Logger LOG = LoggerFactory.getLogger(HubHttp.class);
    private static final int MAX_REDIRECTS = 10;
    private static final int MAX_FAILURES = 5;
    private static final int MAX_FAILURES_TO_CONNECT = 2;
    private static final Duration MAX_DELAY = Duration.ofSeconds(60);
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final HubOptions options;
    private final HttpClient client;

    /** A status that is an answer, not a fault of the way: it will not change by asking again. */
    static final class StatusException extends ModelDownloadException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String code;

        StatusException(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }

        int status() {
            return status;
        }

        /** The hub's own word for it, such as EntryNotFound; empty if it gave none. */
        String code() {
            return code;
        }
    }

    /** A fault that may pass: no connection, a cut one, a server in trouble. */
    static final class PassingException extends ModelDownloadException {
        private static final long serialVersionUID = 1L;

        private final Duration delay;
        private final int maxFailures;

        PassingException(String message, Throwable cause) {
            this(message, cause, Duration.ZERO, MAX_FAILURES);
        }

        PassingException(String message, Throwable cause, Duration delay, int maxFailures) {
            super(message, cause);
            this.delay = delay;
            this.maxFailures = maxFailures;
        }
    }

    HubHttp(HubOptions options) {
        this.options = options;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(options.timeout());
        Optional.ofNullable(ProxySelector.getDefault()).ifPresent(builder::proxy);
        this.client = builder.build();
    }

    /**
     * The headers that tell what a file of the hub is. The hub redirects to where the file lies; the answer that has its
     * checksum is the hub's own, before that.
     */
    HttpHeaders head(URI uri) {
        return retried(() -> {
            HttpResponse<Void> response = follow(
                    uri,
                    "HEAD",
                    Optional.empty(),
                    BodyHandlers.discarding(),
                    redirect -> redirect.firstValue("X-Linked-Etag").isPresent());
            return response.headers();
        });
    }

    /**
     * Downloads into a file, going on after the bytes that it has.
     *
     * @param name what to call the file in messages
     * @param total how many bytes it must have, or -1 if that is not known
     */
    void download(URI uri, Path file, String name, long total) {
        int failures = 0;
        long most = size(file);
        while (true) {
            try {
                downloadOnce(uri, file, name, total);
                return;
            } catch (PassingException e) {
                // A server that cuts every connection, but gives some new bytes each time, gets us there in the end.
                failures = size(file) > most ? 1 : failures + 1;
                most = Math.max(most, size(file));
                waitBeforeRetry(e, failures);
            }
        }
    }

    private void downloadOnce(URI uri, Path file, String name, long total) {
        long have = size(file);
        if (total >= 0 && have > total) {
            truncate(file);
            have = 0;
        }
        if (total > 0 && have == total) {
            options.progress().update(name, have, total);
            return;
        }
        Optional<String> range = have > 0 ? Optional.of("bytes=" + have + "-") : Optional.empty();
        HttpResponse<InputStream> response = follow(uri, "GET", range, BodyHandlers.ofInputStream(), redirect -> false);
        try (InputStream body = response.body()) {
            if (response.statusCode() == RANGE_NOT_SATISFIABLE) {
                truncate(file);
                throw new PassingException(
                        shown(uri) + ": the server has not the rest of the file that was begun", null);
            }
            if (response.statusCode() != PARTIAL_CONTENT || !startsAt(response.headers(), have)) {
                truncate(file);
                have = 0;
                if (response.statusCode() == PARTIAL_CONTENT) {
                    throw new PassingException(
                            shown(uri) + ": the server gave another part than it was asked for", null);
                }
            }
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            long expected = total >= 0 ? total : length < 0 ? -1 : have + length;
            copy(uri, body, file, name, have, expected);
        } catch (IOException e) {
            throw failure(uri, e);
        }
    }

    private static boolean startsAt(HttpHeaders headers, long position) {
        return headers.firstValue("Content-Range").orElse("").startsWith("bytes " + position + "-");
    }

    private void copy(URI uri, InputStream body, Path file, String name, long have, long expected) throws IOException {
        long position = have;
        byte[] buffer = new byte[1 << 16];
        try (StallGuard guard = new StallGuard(body, options.timeout());
                var out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                int count;
                try {
                    count = body.read(buffer);
                } catch (IOException e) {
                    throw new PassingException(
                            shown(uri) + ": the connection was cut after " + position + " bytes"
                                    + (guard.stalled() ? ": nothing came for " + options.timeout() : ""),
                            e);
                }
                guard.progressed();
                if (count < 0) {
                    break;
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new ModelDownloadException(shown(uri) + ": interrupted while downloading");
                }
                try {
                    out.write(buffer, 0, count);
                } catch (IOException e) {
                    throw new ModelDownloadException(
                            file + ": cannot be written: " + e + "; is there room on the disk?", e);
                }
                position += count;
                if (expected >= 0 && position > expected) {
                    truncate(file);
                    throw new PassingException(shown(uri) + ": the server sent more than " + expected + " bytes", null);
                }
                options.progress().update(name, position, expected);
            }
        }
        if (expected >= 0 && position < expected) {
            throw new PassingException(
                    shown(uri) + ": the connection was cut after " + position + " of " + expected + " bytes", null);
        }
        if (expected < 0) {
            options.progress().update(name, position, position);
        }
    }

    private interface Attempt<T> {
        T run();
    }

    private <T> T retried(Attempt<T> attempt) {
        for (int failures = 1; ; failures++) {
            try {
                return attempt.run();
            } catch (PassingException e) {
                waitBeforeRetry(e, failures);
            }
        }
    }

    private void waitBeforeRetry(PassingException e, int failures) {
        if (failures >= e.maxFailures) {
            throw e;
        }
        Duration delay = options.retryDelay().multipliedBy(1L << (failures - 1));
        delay = delay.compareTo(e.delay) < 0 ? e.delay : delay;
        delay = delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay;
        LOG.info("{}; trying again in {} ms", e.getMessage(), delay.toMillis());
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new ModelDownloadException("interrupted while downloading", e);
        }
    }

    private interface Stop {
        boolean at(HttpHeaders redirect);
    }

    /** Sends a request and follows redirects; the token goes to the hub's own host alone. */
    private <T> HttpResponse<T> follow(
            URI start, String method, Optional<String> range, HttpResponse.BodyHandler<T> handler, Stop stop) {
        URI uri = start;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<T> response = send(uri, method, range, handler);
            int status = response.statusCode();
            if (status / 100 == 2 || status == RANGE_NOT_SATISFIABLE && range.isPresent()) {
                return response;
            }
            if (status / 100 != 3) {
                close(response);
                throw refusal(uri, status, response.headers());
            }
            if (stop.at(response.headers())) {
                return response;
            }
            close(response);
            uri = target(uri, response);
        }
        throw new ModelDownloadException(start + ": more than " + MAX_REDIRECTS + " redirects, the last to " + uri);
    }

    private static URI target(URI uri, HttpResponse<?> response) {
        String location = response.headers()
                .firstValue("Location")
                .orElseThrow(() -> new ModelDownloadException(
                        shown(uri) + ": the server answered " + response.statusCode() + " without saying where to go"));
        URI target;
        try {
            target = uri.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new ModelDownloadException(shown(uri) + ": the server redirects to \"" + location + "\"", e);
        }
        if (target.getHost() == null) {
            throw new ModelDownloadException(
                    shown(uri) + ": the server redirects to " + shown(target) + ", which names no host");
        }
        boolean web = "https".equals(target.getScheme()) || "http".equals(target.getScheme());
        if (!web || "https".equals(uri.getScheme()) && "http".equals(target.getScheme())) {
            throw new ModelDownloadException(
                    shown(uri) + ": the server redirects to " + shown(target) + ", which is not safe");
        }
        return target;
    }

    private <T> HttpResponse<T> send(
            URI uri, String method, Optional<String> range, HttpResponse.BodyHandler<T> handler) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(options.timeout())
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "distilqa");
        range.ifPresent(value -> request.header("Range", value));
        if (sameHost(uri, options.endpoint())) {
            options.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        try {
            return client.send(request.build(), handler);
        } catch (IOException e) {
            throw failure(uri, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelDownloadException(shown(uri) + ": interrupted while downloading", e);
        }
    }

    /** An address for messages: without its query, which may hold a signature that opens the file to anyone. */
    private static String shown(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + uri.getRawPath();
    }

    private static boolean sameHost(URI a, URI b) {
        return a.getScheme().equals(b.getScheme())
                && a.getHost().equalsIgnoreCase(b.getHost())
                && a.getPort() == b.getPort();
    }

    private static void close(HttpResponse<?> response) {
        if (response.body() instanceof InputStream body) {
            try {
                body.close();
            } catch (IOException e) {
                LOG.debug("closing a response failed", e);
            }
        }
    }

    private static RuntimeException failure(URI uri, IOException e) {
        if (e instanceof FileSystemException || e.getCause() instanceof FileSystemException) {
            return new ModelDownloadException("cannot write to the cache: " + e, e);
        }
        boolean unreachable = e instanceof ConnectException
                || e instanceof HttpConnectTimeoutException
                || e.getCause() instanceof UnresolvedAddressException
                || e.getCause() instanceof ConnectException;
        if (unreachable) {
            // Most often there is no network at all, and a person waits.
            return new PassingException(
                    shown(uri) + ": there is no connection to " + uri.getHost(),
                    e,
                    Duration.ZERO,
                    MAX_FAILURES_TO_CONNECT);
        }
        return new PassingException(shown(uri) + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
    }

    private ModelDownloadException refusal(URI uri, int status, HttpHeaders headers) {
        if (PASSING.contains(status)) {
            return new PassingException(
                    shown(uri) + ": the server answered " + status, null, retryAfter(headers), MAX_FAILURES);
        }
        String code = headers.firstValue("X-Error-Code").orElse("");
        String advice = switch (status) {
            case 401, 403 ->
                options.token().isPresent()
                        ? ": the token in HF_TOKEN does not allow it; has the repository's licence been accepted?"
                        : ": there is no such repository, or it needs a token; set HF_TOKEN";
            case 404 ->
                switch (code) {
                    case "RepoNotFound" -> ": there is no such repository";
                    case "RevisionNotFound" -> ": the repository has no such revision";
                    default -> ": there is no such file";
                };
            default -> "";
        };
        String message = headers.firstValue("X-Error-Message")
                .map(text -> " (" + text + ")")
                .orElse("");
        return new StatusException(status, code, shown(uri) + ": the server answered " + status + advice + message);
    }

    /** How long the server wants to be left alone: a number of seconds, or a date (RFC 9110, section 10.2.3). */
    private static Duration retryAfter(HttpHeaders headers) {
        String value = headers.firstValue("Retry-After").orElse("0").strip();
        try {
            return Duration.ofSeconds(Math.max(0, Math.min(3600, Long.parseLong(value))));
        } catch (NumberFormatException e) {
            try {
                Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration delay = Duration.between(Instant.now(), until);
                return delay.isNegative() ? Duration.ZERO : delay;
            } catch (DateTimeParseException notADate) {
                return Duration.ZERO;
            }
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new ModelDownloadException(file + ": cannot be read: " + e, e);
        }
    }

    private static void truncate(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ModelDownloadException(file + ": cannot be deleted: " + e, e);
        }
    }

    /** Closes a stream from which nothing has come for too long, so that the thread that reads it goes on. */
    private static final class StallGuard implements AutoCloseable {
        private final Thread thread;
        private volatile long lastProgress = System.nanoTime();
        private volatile boolean stalled;

        StallGuard(InputStream stream, Duration timeout) {
            thread = new Thread(() -> watch(stream, timeout), "distilqa-download-watch");
            thread.setDaemon(true);
            thread.start();
        }

        private void watch(InputStream stream, Duration timeout) {
            try {
                while (true) {
                    long left = timeout.toNanos() - (System.nanoTime() - lastProgress);
                    if (left <= 0) {
                        stalled = true;
                        stream.close();
                        return;
                    }
                    Thread.sleep(Math.max(1, left / 1_000_000));
                }
            } catch (InterruptedException e) {
                // The download is over.
            } catch (IOException e) {
                LOG.debug("closing a stalled stream failed", e);
            }
        }

        void progressed() {
            lastProgress = System.nanoTime();
        }

        boolean stalled() {
            return stalled;
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
