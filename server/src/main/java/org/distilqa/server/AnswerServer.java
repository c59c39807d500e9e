package org.distilqa.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.WhenFull;
import org.distilqa.search.DocumentAnswerer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;

/**
 * A page to try questions on, at {@code /}, and the same for programs: {@code POST /answer}, {@code /document}, {@code /health}, {@code /metrics} and a
 * description of all of it, {@code /openapi.json}. Safe for use by many threads.
 * <pre>{@code
 * try (AnswerServer server =
 *         AnswerServer.open(QuestionAnswerer.builder().model("bundled"), ServerOptions.defaults().withPort(0))) {
 *     System.out.println(server.uri());
 *     server.awaitClose();
 * }
 * }</pre>
 */
public final class AnswerServer implements AutoCloseable {
    /** How long the last responses may take to be sent. */
    private static final Duration TIME_TO_SEND = Duration.ofSeconds(2);

    private final ServerOptions options;
    private final QuestionAnswerer answerer;
    private final Optional<DocumentAnswerer> documents;
    private final Optional<SearchEndpoint> search;
    private final Metrics metrics;
    private final Admission admission;
    private final Javalin http;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Set once, before anybody has this server; Javalin forgets it when it stops. */
    private int port;

    private AnswerServer(
            ServerOptions options,
            InetAddress address,
            QuestionAnswerer answerer,
            Optional<DocumentCollection> collection,
            Metrics metrics) {
        this.options = options;
        this.answerer = answerer;
        this.metrics = metrics;
        this.admission = new Admission(options.maxRequests());
        this.documents = collection.map(searched -> searched.open().apply(answerer));
        this.search =
                collection.map(searched -> new SearchEndpoint(answerer, searched, documents.get(), admission, options));
        this.http = Javalin.create(config -> configure(config, address));
    }

    /**
     * Opens a question answerer and listens. The server sets the limits of its options, refuses what finds the answerer's queue full,
     * and has a listener of its own for the metrics.
     *
     * @param answerer all other settings of the answerer; the server closes what is opened with them
     * @param options where to listen, and the limits
     * @return the server, which answers
     * @throws InvalidConfigurationException if it cannot listen there
     * @throws org.distilqa.QuestionAnsweringException if the answerer cannot be opened
     */
    public static AnswerServer open(QuestionAnswerer.Builder answerer, ServerOptions options) {
        return open(answerer, options, Optional.empty());
    }

    /**
     * As {@link #open(QuestionAnswerer.Builder, ServerOptions)}, with documents to search: {@code POST /search}, and a box on the page.
     *
     * @param answerer all other settings of the answerer
     * @param options where to listen, and the limits
     * @param collection the documents; opened before the server listens
     * @return the server, which answers
     * @throws InvalidConfigurationException if it cannot listen there
     * @throws org.distilqa.QuestionAnsweringException if the answerer or the collection cannot be opened
     */
    public static AnswerServer open(
            QuestionAnswerer.Builder answerer, ServerOptions options, DocumentCollection collection) {
        return open(answerer, options, Optional.of(collection));
    }

    private static AnswerServer open(
            QuestionAnswerer.Builder answerer, ServerOptions options, Optional<DocumentCollection> collection) {
        InetAddress address = address(options.host());
        Metrics metrics = new Metrics();
        QuestionAnswerer open = null;
        try {
            open = answerer.maxContextLength(options.maxContextLength())
                    .maxQuestionLength(AnswerEndpoint.MAX_QUESTION_LENGTH)
                    .whenFull(WhenFull.REJECT)
                    .listener(metrics.listener())
                    .build();
            AnswerServer server = new AnswerServer(options, address, open, collection, metrics);
            server.start(address);
            return server;
        } catch (RuntimeException e) {
            if (open != null) {
                open.close();
            }
            metrics.close();
            throw e;
        }
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new InvalidConfigurationException(host + " is no address to listen at: it is not known", e);
        }
    }

    private void start(InetAddress address) {
        try {
            port = http.start(address.getHostAddress(), options.port()).port();
        } catch (JavalinBindException e) {
            documents.ifPresent(DocumentAnswerer::close);
            throw new InvalidConfigurationException(
                    "cannot listen at port " + options.port() + " of " + options.host() + ": "
                            + rootCause(e).getMessage()
                            + ". Another program may have the port, or another machine the address",
                    e);
        }
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private void configure(JavalinConfig config, InetAddress address) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.prefer405over404 = true;
        config.jetty.modifyServer(AnswerServer::configure);
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        config.requestLogger.http(metrics::record);

        RoutesConfig routes = config.routes;
        Addressee addressee = Addressee.of(address, options.allowedHosts());
        routes.before(context -> {
            PageFile.protect(context);
            addressee.check(context);
        });
        PageFile.addTo(routes);
        routes.get("/health", context -> new Health(answerer, admission).send(context));
        routes.get("/metrics", metrics::send);
        routes.get("/settings", this::sendSettings);
        routes.post("/answer", new AnswerEndpoint(answerer, admission, options)::answer);
        routes.post("/document", new DocumentEndpoint(admission, options)::read);
        search.ifPresent(endpoint -> routes.post("/search", endpoint::answer));
        Failures.addTo(routes);
    }

    private static void configure(Server server) {
        server.setHandler(new GracefulHandler());
        server.setStopTimeout(TIME_TO_SEND.toMillis());
        server.setErrorHandler(Failures::handleBeforeRouting);
    }

    private void sendSettings(Context context) {
        ObjectNode settings = Json.object()
                .put("device", answerer.device().nameAndPrecision())
                .put("maxContextLength", options.maxContextLength())
                .put("maxQuestionLength", AnswerEndpoint.MAX_QUESTION_LENGTH)
                .put("maxFileSize", DocumentEndpoint.MAX_BYTES)
                .put("timeoutMillis", options.timeout().toMillis());
        search.ifPresent(endpoint -> settings.set("collection", endpoint.description()));
        context.contentType("application/json").result(settings.toString());
    }

    /**
     * Where the page is.
     *
     * @return an address for a browser on this machine
     */
    public URI uri() {
        InetAddress address = address(options.host());
        String name = address.isLoopbackAddress() || address.isAnyLocalAddress() ? "localhost" : options.host();
        return URI.create("http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port);
    }

    /**
     * The port that the server listens at.
     *
     * @return the port of the options, or the one that was free
     */
    public int port() {
        return port;
    }

    /** Every method and path that there is something at, for tests. */
    List<String> routes() {
        return http.unsafe.internalRouter.allHttpHandlers().stream()
                .map(route -> route.endpoint)
                .filter(route -> route.method.isHttpMethod())
                .map(route -> route.method.name() + " " + route.path)
                .toList();
    }

    /**
     * Waits until the server is closed.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    /**
     * Takes no new requests (status 503), waits for those under way within the options' {@code closeTimeout}, lets the others fail, and
     * closes the answerer. Returns when all of that is done, whichever thread began it.
     */
    @Override
    public void close() {
        if (!admission.close()) {
            awaitOtherClose();
            return;
        }
        try {
            admission.awaitEmpty(options.closeTimeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            answerer.close();
            http.stop();
            documents.ifPresent(DocumentAnswerer::close);
            metrics.close();
            closed.countDown();
        }
    }

    private void awaitOtherClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
