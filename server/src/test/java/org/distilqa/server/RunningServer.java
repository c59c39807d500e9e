package org.distilqa.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.conformance.FaultInjectingDevice;
import org.distilqa.search.DocumentAnswerer;

/**
 * A server at a port of its own, on a device that can be made to hang and to fail, and a client of it that compares every response with
 * the description.
 */
final class RunningServer implements AutoCloseable {
    /** However busy the machine is, only a deadline of the caller's own passes. */
    static final Duration AMPLE = Duration.ofMinutes(5);

    private final FaultInjectingDevice device = new FaultInjectingDevice(
            "cpu", Devices.open("cpu", DeviceOptions.none().with("threads", "1")));
    private final HttpClient client = HttpClient.newHttpClient();
    private final OpenApi description = new OpenApi();
    private final AnswerServer server;

    RunningServer() {
        this(options -> options, builder -> builder);
    }

    RunningServer(UnaryOperator<ServerOptions> options, UnaryOperator<QuestionAnswerer.Builder> builder) {
        server = AnswerServer.open(
                builder.apply(QuestionAnswerer.builder().model("bundled").device(device)),
                options.apply(
                        ServerOptions.defaults().withPort(0).withTimeout(AMPLE).withCloseTimeout(AMPLE)));
    }

    /** With three documents in a folder "village", indexed in memory. */
    static RunningServer ofCollection() {
        try {
            Path folder = Files.createTempDirectory("server").resolve("village");
            Files.createDirectories(folder.resolve("more"));
            Files.writeString(folder.resolve("lighthouse.md"), """
                    # The lighthouse at Skerry Point

                    The **lighthouse** was built between 1886 and 1889 by the engineer *Agnes Rowe*. It is 41 metres tall.
                    """);
            Files.writeString(
                    folder.resolve("more/mill.txt"), "The mill is old.\r\n\r\nIt was built by Ada Quill in 1912.\r\n");
            Files.writeString(
                    folder.resolve("bridge.html"),
                    "<title>The bridge</title><p>The bridge was built by Bea Stone in 1921.</p>");
            return new RunningServer(new DocumentCollection(folder, answerer -> {
                DocumentAnswerer documents = DocumentAnswerer.builder(answerer).build();
                documents.indexFolder(folder);
                return documents;
            }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RunningServer(DocumentCollection collection) {
        server = AnswerServer.open(
                QuestionAnswerer.builder().model("bundled").device(device),
                ServerOptions.defaults().withPort(0).withTimeout(AMPLE),
                collection);
    }

    FaultInjectingDevice device() {
        return device;
    }

    AnswerServer server() {
        return server;
    }

    OpenApi description() {
        return description;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofString()).thenApply(response -> {
            try {
                description.check(response);
                return response;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    HttpResponse<String> get(String path) {
        return send(request(path).build()).join();
    }

    CompletableFuture<HttpResponse<String>> post(String path, String json) {
        return post(path, "application/json", BodyPublishers.ofString(json));
    }

    CompletableFuture<HttpResponse<String>> post(String path, String contentType, BodyPublisher body) {
        return send(request(path).header("Content-Type", contentType).POST(body).build());
    }

    /** Asks {@code /answer}. */
    CompletableFuture<HttpResponse<String>> ask(String json) {
        return post("/answer", json);
    }

    static String question(String question, String context) {
        return asked(question, context).toString();
    }

    static ObjectNode asked(String question, String context) {
        return new ObjectMapper().createObjectNode().put("question", question).put("context", context);
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return new ObjectMapper().readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    static void assertProblem(HttpResponse<String> response, int status, String detail) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(type(response)).startsWith("application/problem+json");
        assertThat(json(response).get("status").asInt()).isEqualTo(status);
        assertThat(json(response).get("title").asText()).isNotBlank();
        assertThat(json(response).get("detail").asText()).contains(detail);
        assertThat(json(response).get("instance").asText())
                .isEqualTo(response.request().uri().getPath());
    }

    static String type(HttpResponse<String> response) {
        return response.headers().firstValue("Content-Type").orElseThrow().replace(" ", "");
    }

    /** Sends the lines of a request as they are, and gives all that comes back until the connection ends. */
    String raw(String... lines) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Lets the device work again, whatever was done to it. */
    void recover() {
        device.recover();
        device.release();
    }

    boolean takesConnections() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        device.release();
        server.close();
    }
}
