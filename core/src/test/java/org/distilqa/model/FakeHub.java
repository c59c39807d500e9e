package org.distilqa.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * A hub on the loopback address, with a second server where large files lie, as the real one has. It answers as the real one
 * does, unless a test has put a fault in the way.
 */
final class FakeHub implements AutoCloseable {
    static final String ID = "org/model";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** A request that came. */
    record Request(
            String server, String method, String path, String range, String authorization, String proxyAuthorization) {}

    /** What happens to the next request for a file's bytes, instead of a good answer. */
    interface Fault {
        void answer(HttpExchange exchange, byte[] content) throws IOException;
    }

    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final Optional<SSLContext> tls;
    private final HttpServer hub;
    private final HttpServer storage;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    volatile String requiredToken = "";
    volatile String commit = COMMIT;

    FakeHub() throws IOException {
        this(Optional.empty());
    }

    /** A hub that is spoken to by TLS, under the name localhost. */
    FakeHub(SSLContext tls) throws IOException {
        this(Optional.of(tls));
    }

    private FakeHub(Optional<SSLContext> tls) throws IOException {
        this.tls = tls;
        hub = server("hub");
        storage = server("storage");
        files.put("config.json", CheckpointFiles.CONFIG.getBytes(StandardCharsets.UTF_8));
        byte[] weights = new byte[300_000];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (byte) (i * 31 + (i >> 8));
        }
        files.put("model.safetensors", weights);
        files.put("vocab.txt", "[PAD]\n[UNK]\n".getBytes(StandardCharsets.UTF_8));
    }

    private HttpServer server(String name) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server = tls.isPresent() ? HttpsServer.create(address, 0) : HttpServer.create(address, 0);
        tls.ifPresent(context -> ((HttpsServer) server).setHttpsConfigurator(new HttpsConfigurator(context)));
        server.setExecutor(executor);
        server.createContext("/", exchange -> {
            requests.add(new Request(
                    name,
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    exchange.getRequestHeaders().getFirst("Range"),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestHeaders().getFirst("Proxy-Authorization")));
            try (exchange) {
                if (name.equals("hub")) {
                    answerAsHub(exchange);
                } else {
                    answerAsStorage(exchange);
                }
            }
        });
        server.start();
        return server;
    }

    URI endpoint() {
        return address(hub);
    }

    private URI address(HttpServer server) {
        String begin = tls.isPresent() ? "https://localhost:" : "http://127.0.0.1:";
        return URI.create(begin + server.getAddress().getPort());
    }

    /** Puts faults in the way of the next requests "HEAD file" or "GET file", in this order. */
    void fail(String methodAndFile, Fault... next) {
        faults.computeIfAbsent(methodAndFile, key -> new ArrayDeque<>()).addAll(List.of(next));
    }

    private synchronized Optional<Fault> fault(String method, String file) {
        return Optional.ofNullable(faults.get(method + " " + file)).map(Deque::poll);
    }

    private void answerAsHub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String file = path.substring(path.lastIndexOf('/') + 1);
        byte[] content = files.get(file);
        Optional<Fault> fault = fault(exchange.getRequestMethod(), file);
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        if (!path.startsWith("/" + ID + "/resolve/")) {
            exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
            exchange.sendResponseHeaders(404, -1);
        } else if (!requiredToken.isEmpty() && !("Bearer " + requiredToken).equals(token)) {
            exchange.sendResponseHeaders(401, -1);
        } else if (path.contains("/no-such-revision/")) {
            exchange.getResponseHeaders().set("X-Error-Code", "RevisionNotFound");
            exchange.sendResponseHeaders(404, -1);
        } else if (content == null) {
            exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
            exchange.getResponseHeaders().set("X-Repo-Commit", commit);
            exchange.sendResponseHeaders(404, -1);
        } else if (fault.isPresent() && exchange.getRequestMethod().equals("HEAD")) {
            fault.get().answer(exchange, content);
        } else {
            exchange.getResponseHeaders().set("X-Repo-Commit", commit);
            if (file.endsWith(".safetensors")) {
                exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + sha256(content) + "\"");
                exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
                exchange.getResponseHeaders().set("Location", address(storage) + "/" + file + "?signature=opensesame");
                if (fault.isPresent()) {
                    synchronized (this) {
                        faults.computeIfAbsent("STORAGE " + file, key -> new ArrayDeque<>())
                                .add(fault.get());
                    }
                }
                exchange.sendResponseHeaders(302, -1);
            } else {
                exchange.getResponseHeaders().set("ETag", "\"" + gitSha1(content) + "\"");
                send(exchange, content, fault);
            }
        }
    }

    private void answerAsStorage(HttpExchange exchange) throws IOException {
        String file = exchange.getRequestURI().getPath().substring(1);
        send(exchange, files.get(file), fault("STORAGE", file));
    }

    private static void send(HttpExchange exchange, byte[] content, Optional<Fault> fault) throws IOException {
        if (fault.isPresent()) {
            fault.get().answer(exchange, content);
        } else {
            sendGood(exchange, content);
        }
    }

    static void sendGood(HttpExchange exchange, byte[] content) throws IOException {
        int from = requestedFrom(exchange);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        exchange.getResponseBody().write(content, from, content.length - from);
    }

    private static int requestedFrom(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    }

    static Fault status(int status, String... headers) {
        return (exchange, content) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Sends the rest that was asked for, but not more than some bytes of it, and closes the connection. */
    static Fault cutAfter(int bytes) {
        return (exchange, content) -> {
            int from = requestedFrom(exchange);
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
            exchange.getResponseBody().write(content, from, Math.min(bytes, content.length - from));
            exchange.getResponseBody().flush();
        };
    }

    /** Sends all bytes from the start, whatever was asked for. */
    static Fault ignoreRange() {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        };
    }

    /** Sends other bytes of the same length. */
    static Fault garbage() {
        return (exchange, content) -> {
            byte[] other = content.clone();
            for (int i = 0; i < other.length; i++) {
                other[i] ^= 0x55;
            }
            sendGood(exchange, other);
        };
    }

    /** Sends a few bytes and then nothing. */
    static Fault stall() {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 1000);
            exchange.getResponseBody().flush();
            sleep(5_000);
        };
    }

    /** Sends a few bytes and then nothing until the hub is closed. */
    static Fault hang(CountDownLatch begun) {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 1000);
            exchange.getResponseBody().flush();
            begun.countDown();
            sleep(Long.MAX_VALUE);
        };
    }

    /** What a network that wants a login answers to everything. */
    static Fault loginPage() {
        return (exchange, content) -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.getResponseHeaders().set("Content-Length", "1234");
            exchange.sendResponseHeaders(200, -1);
        };
    }

    /** Sends a little at a time. */
    static Fault slowly() {
        return (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            OutputStream body = exchange.getResponseBody();
            for (int from = 0; from < content.length; from += 3000) {
                body.write(content, from, Math.min(3000, content.length - from));
                body.flush();
                sleep(50);
            }
        };
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String sha256(byte[] content) {
        return hex("SHA-256", content);
    }

    static String gitSha1(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return hex("SHA-1", all);
    }

    private static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    long count(String method, String file) {
        synchronized (requests) {
            return requests.stream()
                    .filter(request ->
                            request.method().equals(method) && request.path().endsWith("/" + file))
                    .count();
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
        executor.shutdownNow();
    }
}
