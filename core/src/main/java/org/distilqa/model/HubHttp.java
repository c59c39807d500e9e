package org.distilqa.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLSocketFactory;
import org.distilqa.ModelDownloadException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.http.HttpConnection;
import org.distilqa.http.ProxyServer;
import org.distilqa.http.TrustedCertificates;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP as the hub needs it: redirects are followed by hand, so that the token goes to the hub alone; what can pass is tried
 * again, with growing delays; a download goes on where it was cut; an interrupt ends it.
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
    private SSLSocketFactory tls;

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
    }

    /**
     * The headers that tell what a file of the hub is. The hub redirects to where the file lies; the answer that has its
     * checksum is the hub's own, before that.
     *
     * @param patient whether to try again what may pass
     */
    Map<String, String> head(URI uri, boolean patient) {
        for (int failures = 1; ; failures++) {
            try (HttpConnection response = follow(
                    uri, "HEAD", 0, redirect -> redirect.field("X-Linked-Etag").isPresent())) {
                return response.fields();
            } catch (PassingException e) {
                if (!patient) {
                    throw e;
                }
                waitBeforeRetry(e, failures);
            } catch (IOException e) {
                throw failure(uri, e);
            }
        }
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
        try (HttpConnection response = follow(uri, "GET", have, redirect -> false)) {
            if (response.status() == RANGE_NOT_SATISFIABLE) {
                truncate(file);
                throw new PassingException(
                        shown(uri) + ": the server has not the rest of the file that was begun", null);
            }
            if (response.status() != PARTIAL_CONTENT || !startsAt(response, have)) {
                truncate(file);
                have = 0;
                if (response.status() == PARTIAL_CONTENT) {
                    throw new PassingException(
                            shown(uri) + ": the server gave another part than it was asked for", null);
                }
            }
            long length = response.length();
            long expected = total >= 0 ? total : length < 0 ? -1 : have + length;
            copy(uri, response.body(), file, name, have, expected);
        } catch (IOException e) {
            throw failure(uri, e);
        }
    }

    private static boolean startsAt(HttpConnection response, long position) {
        return response.field("Content-Range").orElse("").startsWith("bytes " + position + "-");
    }

    private void copy(URI uri, InputStream body, Path file, String name, long have, long expected) {
        long position = have;
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int count = read(uri, body, buffer, position); count >= 0; count = read(uri, body, buffer, position)) {
                out.write(buffer, 0, count);
                position += count;
                if (expected >= 0 && position > expected) {
                    throw new PassingException(shown(uri) + ": the server sent more than " + expected + " bytes", null);
                }
                options.progress().update(name, position, expected);
            }
        } catch (IOException e) {
            throwIfInterrupted(uri, e);
            throw new ModelDownloadException(file + ": cannot be written: " + e + "; is there room on the disk?", e);
        }
        if (expected >= 0 && position < expected) {
            throw new PassingException(
                    shown(uri) + ": the connection was cut after " + position + " of " + expected + " bytes", null);
        }
        if (expected < 0) {
            options.progress().update(name, position, position);
        }
    }

    private int read(URI uri, InputStream body, byte[] buffer, long position) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throwIfInterrupted(uri, e);
            String stalled = e instanceof SocketTimeoutException ? ": nothing came for " + options.timeout() : "";
            throw new PassingException(
                    shown(uri) + ": the connection was cut after " + position + " bytes" + stalled, e);
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
            throw new OperationInterruptedException("interrupted while downloading", e);
        }
    }

    private interface Stop {
        boolean at(HttpConnection redirect);
    }

    /**
     * Sends a request and follows redirects; the token goes to the hub's own host alone.
     *
     * @param from the first byte that is wanted
     * @return a response that is a success, one that the stop is at, or one that has not the bytes that are wanted
     */
    private HttpConnection follow(URI start, String method, long from, Stop stop) throws IOException {
        URI uri = start;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            Optional<ProxyServer> proxy = options.proxies().proxy(uri);
            HttpConnection response = send(uri, method, from, proxy);
            int status = response.status();
            boolean isRedirect = status / 100 == 3;
            if (status / 100 == 2 || status == RANGE_NOT_SATISFIABLE && from > 0 || isRedirect && stop.at(response)) {
                return response;
            }
            response.close();
            if (!isRedirect) {
                throw refusal(uri, response, proxy);
            }
            uri = target(uri, response);
        }
        throw new ModelDownloadException(start + ": more than " + MAX_REDIRECTS + " redirects, the last to " + uri);
    }

    private static URI target(URI uri, HttpConnection response) {
        String location = response.field("Location")
                .orElseThrow(() -> new ModelDownloadException(
                        shown(uri) + ": the server answered " + response.status() + " without saying where to go"));
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

    private HttpConnection send(URI uri, String method, long from, Optional<ProxyServer> proxy) {
        Map<String, String> fields =
                new TreeMap<>(Map.of("Accept-Encoding", "identity", "User-Agent", HttpConnection.USER_AGENT));
        if (from > 0) {
            fields.put("Range", "bytes=" + from + "-");
        }
        if (sameHost(uri, options.endpoint())) {
            options.token().ifPresent(token -> fields.put("Authorization", "Bearer " + token));
        }
        Duration timeout = method.equals("HEAD") ? options.etagTimeout() : options.timeout();
        try {
            return HttpConnection.send(uri, method, fields, proxy, this::encryption, timeout);
        } catch (HttpConnection.TunnelException e) {
            throw proxyRefusal(uri, proxy.orElseThrow(), e.status(), Duration.ZERO);
        } catch (UnknownHostException | ConnectException e) {
            throwIfInterrupted(uri, e);
            // Most often there is no network at all, and a person waits.
            String target = proxy.map(there -> "the proxy " + there).orElse(uri.getHost());
            throw new PassingException(
                    shown(uri) + ": there is no connection to " + target + " (" + e.getMessage() + ")",
                    e,
                    Duration.ZERO,
                    MAX_FAILURES_TO_CONNECT);
        } catch (IOException e) {
            throw failure(uri, e);
        }
    }

    /** Made when it is needed: a bundle of certificates takes a while to read. */
    private synchronized SSLSocketFactory encryption() {
        if (tls == null) {
            tls = TrustedCertificates.socketFactory(options.certificates());
        }
        return tls;
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

    private static void throwIfInterrupted(URI uri, IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            throw new OperationInterruptedException(shown(uri) + ": interrupted while downloading", e);
        }
    }

    private static RuntimeException failure(URI uri, IOException e) {
        throwIfInterrupted(uri, e);
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return untrusted(uri, cause);
            }
        }
        return new PassingException(shown(uri) + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
    }

    /** Asking again would show the same certificate. */
    private static ModelDownloadException untrusted(URI uri, Throwable cause) {
        return new ModelDownloadException(
                shown(uri) + ": the certificate of " + uri.getHost() + " is not trusted: " + cause.getMessage()
                        + "; if it is your organisation's own, or that of a proxy which looks into what passes, name the"
                        + " file with the certificate of its authority (PEM) in SSL_CERT_FILE or REQUESTS_CA_BUNDLE, or"
                        + " start Java with -Djavax.net.ssl.trustStore=FILE",
                cause);
    }

    private static ModelDownloadException proxyRefusal(URI uri, ProxyServer proxy, int status, Duration retryAfter) {
        String begin = shown(uri) + ": the proxy " + proxy;
        if (status == HttpConnection.PROXY_AUTHENTICATION_REQUIRED) {
            return new ModelDownloadException(begin
                    + (proxy.credentials().isPresent()
                            ? " does not accept the user and the password that it was given (407)"
                            : " asks for a user and a password (407): give its address as "
                                    + "http://user:password@host:port, in HTTPS_PROXY or by HubOptions.withProxy"));
        }
        String message = begin + " does not connect to " + uri.getHost() + " (" + status + ")";
        return PASSING.contains(status)
                ? new PassingException(message, null, retryAfter, MAX_FAILURES)
                : new ModelDownloadException(message + "; does it allow this host?");
    }

    private ModelDownloadException refusal(URI uri, HttpConnection response, Optional<ProxyServer> proxy) {
        int status = response.status();
        if (status == HttpConnection.PROXY_AUTHENTICATION_REQUIRED && proxy.isPresent()) {
            return proxyRefusal(uri, proxy.get(), status, Duration.ZERO);
        }
        String through = HttpConnection.isSecure(uri)
                ? ""
                : proxy.map(there -> ", or the proxy " + there + ",").orElse("");
        String answered = shown(uri) + ": the server" + through + " answered " + status;
        if (PASSING.contains(status)) {
            return new PassingException(
                    answered, null, retryAfter(response.field("Retry-After").orElse("0")), MAX_FAILURES);
        }
        String code = response.field("X-Error-Code").orElse("");
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
        String message =
                response.field("X-Error-Message").map(text -> " (" + text + ")").orElse("");
        return new StatusException(status, code, answered + advice + message);
    }

    /** How long the server wants to be left alone: a number of seconds, or a date (RFC 9110, section 10.2.3). */
    private static Duration retryAfter(String value) {
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
}
