package org.distilqa.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as RFC 9112 has them, and as it has them not. */
@Timeout(60)
class HttpConnectionTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private ServerSocket server;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        executor.shutdownNow();
        server.close();
    }

    /** Has the server give an answer to the next connection, whatever it asks, and close it. */
    private Future<String> answer(String answer) {
        return executor.submit(() -> {
            try (Socket socket = server.accept()) {
                StringBuilder request = new StringBuilder();
                while (request.indexOf("\r\n\r\n") < 0) {
                    request.append((char) socket.getInputStream().read());
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                return request.toString();
            }
        });
    }

    private HttpConnection get(String path) throws IOException {
        return send("GET", path, Duration.ofSeconds(50));
    }

    private HttpConnection send(String method, String path, Duration timeout) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
        return HttpConnection.send(
                uri,
                method,
                Map.of("User-Agent", "test"),
                Optional.empty(),
                () -> TrustedCertificates.socketFactory(List.of()),
                timeout);
    }

    private static String text(HttpConnection connection) throws IOException {
        try (connection) {
            return new String(connection.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void sendsWhatARequestNeeds() throws Exception {
        Future<String> request = answer(OK + "Content-Length: 0\r\n\r\n");
        assertThat(text(get("/a%20b?c=d%26"))).isEmpty();
        assertThat(request.get())
                .startsWith("GET /a%20b?c=d%26 HTTP/1.1\r\n")
                .contains("\r\nHost: 127.0.0.1:" + server.getLocalPort() + "\r\n")
                .contains("\r\nConnection: close\r\n")
                .contains("\r\nUser-Agent: test\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OK + "Content-Length: 5\r\n\r\nhelloand more",
                OK + "content-length:5\r\n\r\nhello",
                OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;name=value\r\nlo\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: Chunked\r\nContent-Length: 3\r\n\r\n005\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
                OK + "\r\nhello",
                "HTTP/1.0 200 OK\r\n\r\nhello",
                "HTTP/1.1 200\n\nhello",
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + "\r\nhello"
            })
    void readsABodyHoweverItsEndIsTold(String answer) throws Exception {
        answer(answer);
        HttpConnection connection = get("/");
        assertThat(connection.status()).isEqualTo(200);
        assertThat(text(connection)).isEqualTo("hello");
    }

    @Test
    void comparesNamesOfFieldsWithoutCaseAndTakesTheFirst() throws Exception {
        answer(OK + "x-LINKED-etag:  a \r\nX-Linked-ETag: b\r\nnonsense\r\nContent-Length: 7\r\n\r\n");
        try (HttpConnection connection = send("HEAD", "/", Duration.ofSeconds(50))) {
            assertThat(connection.field("X-Linked-Etag")).contains("a");
            assertThat(connection.field("nonsense")).isEmpty();
            assertThat(connection.length()).isEqualTo(7);
            assertThat(connection.body().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OK + "Content-Length: 6\r\n\r\nhello",
                OK + "Transfer-Encoding: chunked\r\n\r\n6\r\nhello",
                OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
            })
    void noticesABodyThatIsCutShort(String answer) throws Exception {
        answer(answer);
        assertThatThrownBy(() -> text(get("/"))).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OK + "Transfer-Encoding: chunked\r\n\r\nhello\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: gzip\r\n\r\nhello",
                OK + "Content-Length: many\r\n\r\nhello",
                OK + "Content-Length: -5\r\n\r\nhello",
                "HTTP/2 200\r\n\r\nhello",
                "HTTP/1.1 2000 OK\r\n\r\nhello",
                "220 mail.example ESMTP\r\n\r\n"
            })
    void refusesWhatIsNoAnswerOfHttp(String answer) throws Exception {
        answer(answer);
        assertThatThrownBy(() -> text(get("/"))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void refusesAHeadWithoutEnd() throws Exception {
        answer(OK + "X: " + "y".repeat(70_000));
        assertThatThrownBy(() -> get("/")).isInstanceOf(ProtocolException.class).hasMessageContaining("65536 bytes");
    }

    @Test
    void givesUpOnAServerThatIsSilent() {
        CountDownLatch never = new CountDownLatch(1);
        executor.submit(() -> {
            try (Socket socket = server.accept()) {
                never.await();
                return socket;
            }
        });
        assertThatThrownBy(() -> send("GET", "/", Duration.ofMillis(100))).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void anInterruptEndsTheWaitingForBytes() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        executor.submit(() -> {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write((OK + "Content-Length: 2\r\n\r\nx").getBytes(StandardCharsets.UTF_8));
                new CountDownLatch(1).await();
                return socket;
            }
        });
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread reader = new Thread(() -> {
            try (HttpConnection connection = send("GET", "/", Duration.ofHours(1));
                    InputStream body = connection.body()) {
                body.read();
                reading.countDown();
                body.read();
            } catch (IOException e) {
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        reader.start();
        reading.await();
        reader.interrupt();
        reader.join();
        assertThat(interrupted).isTrue();
    }
}
