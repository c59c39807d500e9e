package org.distilqa.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.distilqa.server.RunningServer.asked;
import static org.distilqa.server.RunningServer.assertProblem;
import static org.distilqa.server.RunningServer.json;
import static org.distilqa.server.RunningServer.question;
import static org.distilqa.server.RunningServer.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.distilqa.Answer;
import org.distilqa.DeviceException;
import org.distilqa.DeviceLostException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server over HTTP, as its callers see it. */
@Timeout(300)
class AnswerServerTest {
    private static final String MILL = "The mill was built by Ada Quill in 1912.";
    private static final String QUESTION = question("Who built the mill?", MILL);
    private static final int MOST_CHARACTERS = 20_000;

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = new RunningServer(
                options -> options.withMaxContextLength(MOST_CHARACTERS).withMaxRequests(4),
                builder -> builder.maxPendingWindows(2).batchSize(1));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void release() {
        server.recover();
    }

    private static List<Answer> answers(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<Answer> answers = new ArrayList<>();
        for (JsonNode answer : json(response).get("answers")) {
            answers.add(new Answer(
                    answer.get("text").asText(),
                    answer.get("start").asInt(),
                    answer.get("end").asInt(),
                    answer.get("score").asDouble()));
        }
        return answers;
    }

    @Test
    void answersAsTheQuestionAnswererItselfDoes() {
        List<QuestionRequest> requests = List.of(
                QuestionRequest.of("Who built the mill?", MILL),
                QuestionRequest.of("When was the mill built?", MILL).withTopK(5),
                QuestionRequest.of("Who owns the mill?", MILL).withHandleImpossibleAnswer(true),
                QuestionRequest.of(
                        "Wer baute die M\u00fchle?",
                        "\ud83c\udfed Die M\u00fchle \"Zur Au\" baute Ada\n\tQuill \ud83d\ude42 1912."),
                QuestionRequest.of("Who built the mill?", "Nothing happened that day. ".repeat(300) + MILL)
                        .withTopK(3));
        try (QuestionAnswerer answerer =
                QuestionAnswerer.builder().model("bundled").device("cpu").build()) {
            for (QuestionRequest request : requests) {
                ObjectNode body = asked(request.question(), request.context())
                        .put("topK", request.options().topK())
                        .put("handleImpossibleAnswer", request.options().handleImpossibleAnswer());
                HttpResponse<String> response = server.ask(body.toString()).join();
                Prediction expected = answerer.predict(request);
                assertThat(answers(response)).isEqualTo(expected.answers());
                assertThat(json(response).get("noAnswerScore").asDouble()).isEqualTo(expected.noAnswerScore());
                assertThat(json(response).get("windows").asInt()).isEqualTo(expected.windows());
                assertThat(json(response).get("questionCut").asBoolean()).isFalse();
                assertThat(json(response).get("device").asText()).isEqualTo("cpu");
            }
        }
    }

    @Test
    void readsJsonInEveryEncodingThatItMayHave() {
        HttpResponse<String> response = server.post(
                        "/answer",
                        "application/json; charset=utf-16",
                        BodyPublishers.ofByteArray(QUESTION.getBytes(StandardCharsets.UTF_16BE)))
                .join();
        assertThat(answers(response).get(0).text()).isEqualTo("Ada Quill");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"context": "The mill."}                                            | the question is null
            {"question": " ", "context": "The mill."}                           | the question is empty
            {"question": "Who?"}                                                | the context is null
            {"question": "Who?", "context": ""}                                 | the context is empty
            {"question": "Who?", "context": "The mill.", "topK": 0}             | topK is 0
            {"question": "Who?", "context": "The mill.", "topK": 10001}         | topK is 10001
            {"question": "Who?", "context": "The mill.", "topK": 1.5}           | the field "topK" is not a whole number
            {"question": "Who?", "context": "The mill.", "topK": "2"}           | the field "topK" is not a whole number
            {"question": "Who?", "context": "The mill.", "topK": 99999999999}   | out of range of int
            {"question": "Who?", "context": "The mill.", "timeoutMillis": -1}   | the deadline is PT-0.001S
            {"question": "Who?", "context": "The mill.", "topk": 2}             | there is no field "topk" at line 1, column
            {"question": "Who?", "question": "Why?", "context": "The mill."}    | Duplicate field 'question'
            {"question": 5, "context": "The mill."}                             | the field "question" is not a string
            {"question": ["Who?"], "context": "The mill."}                      | the field "question" is not a string
            {"question": "Who?", "context": "The mill.", "handleImpossibleAnswer": 1} | is not true or false
            {"question": "Who?", "context":                                     | the body is not JSON at line 1
            [1]                                                                 | the body is not one JSON object
            null                                                                | the body is null
            {"question": "Who?", "context": "The mill."} {}                     | the body is not one JSON object
            """)
    void tellsTheCallerOfHisOwnMistake(String body, String detail) {
        HttpResponse<String> response = server.ask(body).join();
        assertProblem(response, 400, detail);
        assertThat(response.body()).doesNotContain("org.distilqa", "java.lang", "com.fasterxml");
    }

    @Test
    void refusesAnEmptyBody() {
        assertProblem(server.ask("").join(), 400, "the body");
    }

    @Test
    void refusesAContextThatIsTooLong() {
        assertProblem(
                server.ask(question("Who?", "a".repeat(MOST_CHARACTERS + 1))).join(),
                400,
                "the context has 20001 characters");
        assertThat(answers(server.ask(question("Who?", "a ".repeat(MOST_CHARACTERS / 2)))
                        .join()))
                .hasSize(1);
    }

    /** Each character as six bytes. */
    @Test
    void takesTheLongestContextHoweverItIsWritten() {
        String escaped = "{\"question\": \"Who built the mill?\", \"context\": \""
                + MILL.chars().mapToObj(c -> String.format("\\u%04x", c)).reduce("", String::concat)
                + "\\u0020".repeat(MOST_CHARACTERS - MILL.length()) + "\"}";
        assertThat(answers(server.ask(escaped).join()).get(0).text()).isEqualTo("Ada Quill");
    }

    @Test
    void refusesABodyThatSaysThatItIsTooLarge() {
        String tooLarge = question("Who?", "a".repeat(5_000_000));
        assertProblem(
                server.ask(tooLarge).join(), 413, "the body has " + tooLarge.length() + " bytes; it may have 184096");
    }

    @Test
    void refusesABodyThatDoesNotSayHowLargeItIsOnceItIsTooLarge() {
        byte[] tooLarge = question("Who?", "a".repeat(5_000_000)).getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response = server.post(
                        "/answer",
                        "application/json",
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge)))
                .join();
        assertProblem(response, 413, "the body has more than 184096 bytes");
    }

    @Test
    void refusesATooLargeBodyBeforeItIsSentToWhoeverAsksFirst() throws Exception {
        String response = server.raw(
                "POST /answer HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Content-Length: 999999999999",
                "Expect: 100-continue",
                "Connection: close");
        assertThat(response).startsWith("HTTP/1.1 413 ").doesNotContain("100 Continue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
    void refusesWhatAFormOfAnotherPageCanSend(String contentType) {
        assertProblem(
                server.post("/answer", contentType, BodyPublishers.ofString(QUESTION))
                        .join(),
                415,
                "Content-Type is " + contentType);
    }

    @Test
    void tellsWhatThereIsNot() {
        assertProblem(server.get("/answers"), 404, "there is nothing at /answers");
        HttpResponse<String> get = server.get("/answer");
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        assertProblem(get, 405, "GET is not for /answer; POST is");
    }

    @Test
    void refusesAtOnceWhenTooMuchWaits() throws Exception {
        server.device().hold();
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        waiting.add(server.ask(QUESTION));
        server.device().awaitHeld();
        for (int queued = 1; queued <= 2; queued++) {
            waiting.add(server.ask(QUESTION));
            awaitMetric("distilqa_queue_windows " + queued + ".0");
        }
        HttpResponse<String> refused = server.ask(QUESTION).join();
        assertProblem(refused, 429, "maxPendingWindows");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        server.device().release();
        for (CompletableFuture<HttpResponse<String>> answered : waiting) {
            assertThat(answers(answered.join()).get(0).text()).isEqualTo("Ada Quill");
        }
    }

    private static void awaitMetric(String line) throws InterruptedException {
        while (!server.get("/metrics").body().contains(line)) {
            Thread.sleep(5);
        }
    }

    @Test
    void refusesMoreRequestsThanItTakesOnAtATime() throws Exception {
        try (RunningServer small = new RunningServer(options -> options.withMaxRequests(1), builder -> builder)) {
            small.device().hold();
            CompletableFuture<HttpResponse<String>> first = small.ask(QUESTION);
            small.device().awaitHeld();
            HttpResponse<String> refused = small.ask(QUESTION).join();
            assertProblem(refused, 429, "there are 1 requests under way");
            assertThat(small.get("/health").statusCode()).isEqualTo(200);
            small.device().release();
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(small.ask(QUESTION).join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void givesUpWhenTheCallersTimeIsOver() {
        server.device().hold();
        String hurried =
                asked("Who built the mill?", MILL).put("timeoutMillis", 50).toString();
        assertProblem(server.ask(hurried).join(), 504, "PT0.05S");
    }

    @Test
    void givesUpWhenTheServersTimeIsOverHoweverLongTheCallerWantsToWait() {
        try (RunningServer hurried =
                new RunningServer(options -> options.withTimeout(Duration.ofMillis(60)), builder -> builder)) {
            hurried.device().hold();
            String patient = asked("Who built the mill?", MILL)
                    .put("timeoutMillis", Long.MAX_VALUE / 2)
                    .toString();
            assertProblem(hurried.ask(patient).join(), 504, "PT0.06S");
        }
    }

    @Test
    void isUnavailableWhileTheDeviceFails() {
        server.device().failWith(() -> new DeviceException("out of memory at 0x7f00"));
        HttpResponse<String> failed = server.ask(QUESTION).join();
        assertProblem(failed, 503, "the server cannot answer");
        assertThat(failed.body()).doesNotContain("0x7f00");
        server.device().recover();
        assertThat(server.ask(QUESTION).join().statusCode()).isEqualTo(200);
    }

    @Test
    void tellsThatItFailedAndNoMoreWhenItHasAFault() {
        server.device().failWith(() -> new IllegalStateException("a fault at 0x7f00"));
        HttpResponse<String> failed = server.ask(QUESTION).join();
        assertThat(failed.statusCode()).isIn(500, 503);
        assertThat(failed.body()).doesNotContain("0x7f00");
    }

    @Test
    void tellsItsHealthWithTheDevice() {
        HttpResponse<String> health = server.get("/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(json(health).get("status").asText()).isEqualTo("UP");
        assertThat(json(health).at("/devices/0/name").asText()).isEqualTo("cpu");
        assertThat(json(health).at("/devices/0/facts").size()).isPositive();
    }

    @Test
    void isDownWhenItsOnlyDeviceIsLost() {
        try (RunningServer broken = new RunningServer()) {
            broken.device().failWith(() -> new DeviceLostException("the cable was pulled"));
            assertProblem(broken.ask(QUESTION).join(), 503, "the server cannot answer");
            HttpResponse<String> health = broken.get("/health");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(json(health).get("status").asText()).isEqualTo("DOWN");
            assertThat(json(health).get("explanation").asText()).contains("the cable was pulled");
        }
    }

    @Test
    void countsAndMeasuresWhatItDoes() {
        server.ask(QUESTION).join();
        server.ask("{").join();
        server.get("/no/such/path/of/a/caller");
        HttpResponse<String> metrics = server.get("/metrics");
        assertThat(type(metrics)).isEqualTo("text/plain;version=0.0.4;charset=utf-8");
        assertThat(metrics.body())
                .containsPattern("distilqa_requests_seconds_count\\{outcome=\"answered\"} [1-9]")
                .containsPattern(
                        "http_server_requests_seconds_count\\{method=\"POST\",status=\"200\",uri=\"/answer\"} [1-9]")
                .containsPattern(
                        "http_server_requests_seconds_count\\{method=\"POST\",status=\"400\",uri=\"/answer\"} [1-9]")
                .containsPattern(
                        "http_server_requests_seconds_count\\{method=\"UNKNOWN\",status=\"404\",uri=\"UNKNOWN\"} [1-9]")
                .contains("jvm_memory_used_bytes", "distilqa_queue_windows 0.0")
                .doesNotContain("/no/such/path");
    }

    @Test
    void answersWhatIsUnderWayBeforeItEndsAndRefusesWhatIsNew() throws Exception {
        RunningServer ending = new RunningServer();
        ending.device().hold();
        CompletableFuture<HttpResponse<String>> underWay = ending.ask(QUESTION);
        ending.device().awaitHeld();
        CompletableFuture<Void> end =
                CompletableFuture.runAsync(ending.server()::close, AnswerServerTest::inItsOwnThread);
        while (ending.get("/health").statusCode() == 200) {
            Thread.sleep(5);
        }
        HttpResponse<String> refused = ending.ask(QUESTION).join();
        assertProblem(refused, 503, "the server is closing");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(underWay).isNotDone();
        assertThat(end).isNotDone();
        ending.device().release();
        assertThat(answers(underWay.join()).get(0).text()).isEqualTo("Ada Quill");
        end.join();
        assertThat(ending.takesConnections()).isFalse();
        ending.server().awaitClose();
        ending.close();
    }

    @Test
    void letsWhatTakesTooLongFailWhenItEnds() throws Exception {
        RunningServer ending = new RunningServer(
                options -> options.withCloseTimeout(Duration.ofMillis(50)),
                builder -> builder.closeTimeout(Duration.ofMillis(50)));
        ending.device().hold();
        CompletableFuture<HttpResponse<String>> underWay = ending.ask(QUESTION);
        ending.device().awaitHeld();
        ending.server().close();
        assertProblem(underWay.join(), 503, "the server cannot answer");
        ending.close();
    }

    // ---- Who may ask

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:9999", "127.0.0.1", "127.1.2.3:80", "[::1]:8080", "app.localhost"})
    void answersToTheNamesOfThisMachine(String host) throws Exception {
        assertThat(server.raw("GET /health HTTP/1.1", "Host: " + host, "Connection: close"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "0.0.0.0", "10.0.0.1"})
    void refusesANameThatSomebodyElseLetsPointHere(String host) throws Exception {
        for (String path : List.of("/", "/health", "/no-such-path")) {
            assertThat(server.raw("GET " + path + " HTTP/1.1", "Host: " + host, "Connection: close"))
                    .startsWith("HTTP/1.1 421 ")
                    .contains("application/problem+json")
                    .contains("is not a name of this server");
        }
    }

    @Test
    void answersToANameThatItWasTold() throws Exception {
        try (RunningServer named = new RunningServer(options -> options.withAllowedHost("QA.example"), b -> b)) {
            assertThat(named.raw("GET /health HTTP/1.1", "Host: qa.example:80", "Connection: close"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(named.raw("GET /health HTTP/1.1", "Host: qb.example", "Connection: close"))
                    .startsWith("HTTP/1.1 421 ");
            HttpResponse<String> response = named.send(named.request("/answer")
                            .header("Content-Type", "application/json")
                            .header("Origin", "https://qa.example")
                            .POST(BodyPublishers.ofString(QUESTION))
                            .build())
                    .join();
            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost.evil.example", "file://"})
    void refusesThePagesOfOthers(String origin) {
        HttpResponse<String> response = server.send(server.request("/answer")
                        .header("Content-Type", "application/json")
                        .header("Origin", origin)
                        .POST(BodyPublishers.ofString(QUESTION))
                        .build())
                .join();
        assertProblem(response, 403, "comes from a page of " + origin);
        assertThat(response.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }

    @Test
    void allowsNoOtherPageToAskByAPreflight() throws Exception {
        String response = server.raw(
                "OPTIONS /answer HTTP/1.1",
                "Host: localhost",
                "Origin: https://evil.example",
                "Access-Control-Request-Method: POST",
                "Connection: close");
        assertThat(response).startsWith("HTTP/1.1 403 ").doesNotContainIgnoringCase("access-control");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../../../etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/page.css/../../../etc/passwd",
                "/..%2f..%2fetc/passwd",
                "/org/distilqa/server/page.html",
                "//etc/passwd",
                "/page.html%00",
                "/page.css;x=1/../../etc/passwd",
                "file:///etc/passwd"
            })
    void hasNoPathThatLeadsToAFile(String path) throws Exception {
        String response = server.raw("GET " + path + " HTTP/1.1", "Host: localhost", "Connection: close");
        assertThat(response).containsPattern("^HTTP/1.1 (400|404|421) ").contains("application/problem+json");
        assertThat(response).doesNotContain("root:");
    }

    @Test
    void tellsOfARequestThatCannotBeReadInTheSameWay() throws Exception {
        assertThat(server.raw("GET / HTTP/1.1", "Host: localhost", "X: " + "x".repeat(100_000), "Connection: close"))
                .startsWith("HTTP/1.1 431 ")
                .contains("application/problem+json");
        assertThat(server.raw("NONSENSE")).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
    }

    @Test
    void givesThePageAndWhatItNeedsWithHeadersThatKeepOthersOut() {
        for (String path : List.of("/", "/page.css", "/page.js", "/icon.svg", "/health", "/no-such-path")) {
            HttpResponse<String> response = server.get(path);
            assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(response.headers().firstValue("Server")).isEmpty();
        }
        HttpResponse<String> page = server.get("/");
        assertThat(type(page)).isEqualTo("text/html;charset=utf-8");
        assertThat(page.body()).doesNotContain("<style", " style=", "onclick").doesNotContain("http://", "https://");
    }

    @Test
    void sendsThePageOnceToABrowserThatKeepsIt() {
        String tag = server.get("/page.js").headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again = server.send(
                        server.request("/page.js").header("If-None-Match", tag).build())
                .join();
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    // ---- The description

    @Test
    void describesEveryRouteAndNoOther() {
        Set<String> pages = Set.of("GET /", "GET /page.css", "GET /page.js", "GET /icon.svg");
        Set<String> routes = new TreeSet<>(server.server().routes());
        assertThat(routes).containsAll(pages);
        routes.removeAll(pages);
        // With documents alone; CollectionTest asks there.
        routes.add("POST /search");
        assertThat(server.description().operations()).isEqualTo(routes);
        assertThat(json(server.get("/openapi.json")).at("/openapi").asText()).isEqualTo("3.1.0");
    }

    /** And so do the docs. */
    @Test
    void theDocsNameEveryOperationStatusAndField() throws IOException {
        String docs = Files.readString(Path.of("../docs/serve.md"));
        assertThat(server.description().operations())
                .isNotEmpty()
                .allSatisfy(operation -> assertThat(docs).contains("`" + operation));
        assertThat(server.description().statuses())
                .isNotEmpty()
                .allSatisfy(status -> assertThat(docs).containsPattern("\\| (\\d+, )*" + status + "(, \\d+)* \\|"));
        assertThat(server.description().properties("AnswerRequest"))
                .isNotEmpty()
                .allSatisfy(field -> assertThat(docs).contains("| `" + field + "` |"));
    }

    @Test
    void describesTheFieldsThatItTakes() {
        Set<String> taken = new TreeSet<>();
        for (var component : AnswerRequest.class.getRecordComponents()) {
            taken.add(component.getName());
        }
        assertThat(server.description().properties("AnswerRequest")).isEqualTo(taken);
    }

    @Test
    void describesTheLimitsThatItHasByDefault() {
        ServerOptions defaults = ServerOptions.defaults();
        assertThat(server.description()
                        .schema("AnswerRequest")
                        .at("/properties/context/description")
                        .asText())
                .contains(String.format("%,d by default", defaults.maxContextLength()));
        assertThat(defaults.timeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(server.description()
                        .schema("AnswerRequest")
                        .at("/properties/question/maxLength")
                        .asInt())
                .isEqualTo(AnswerEndpoint.MAX_QUESTION_LENGTH);
        JsonNode settings = json(server.get("/settings"));
        assertThat(settings.get("maxContextLength").asInt()).isEqualTo(MOST_CHARACTERS);
        assertThat(settings.get("timeoutMillis").asLong()).isEqualTo(RunningServer.AMPLE.toMillis());
    }

    // ---- What cannot be opened

    @Test
    void saysSoWhenThePortIsTaken() {
        ServerOptions taken = ServerOptions.defaults().withPort(server.server().port());
        assertThatThrownBy(() -> AnswerServer.open(
                        QuestionAnswerer.builder().model("bundled").device("cpu"), taken))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("cannot listen at port " + taken.port() + " of 127.0.0.1");
    }

    @Test
    void saysSoWhenTheHostIsNotKnown() {
        ServerOptions unknown = ServerOptions.defaults().withHost("no-such-host.invalid");
        assertThatThrownBy(() -> AnswerServer.open(QuestionAnswerer.builder().model("bundled"), unknown))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("no-such-host.invalid is no address to listen at");
    }

    @Test
    void refusesSettingsThatCannotBeUsed() {
        ServerOptions defaults = ServerOptions.defaults();
        assertThatThrownBy(() -> defaults.withPort(65_536)).hasMessageContaining("port is 65536");
        assertThatThrownBy(() -> defaults.withMaxRequests(0)).hasMessageContaining("maxRequests is 0");
        assertThatThrownBy(() -> defaults.withMaxContextLength(0)).hasMessageContaining("maxContextLength is 0");
        assertThatThrownBy(() -> defaults.withTimeout(Duration.ZERO)).hasMessageContaining("timeout is PT0S");
        assertThatThrownBy(() -> defaults.withHost(" ")).hasMessageContaining("host is empty");
        assertThatThrownBy(() -> defaults.withAllowedHost("")).hasMessageContaining("allowedHost is empty");
        assertThatThrownBy(() -> defaults.withCloseTimeout(Duration.ofSeconds(-1)))
                .hasMessageContaining("closeTimeout is PT-1S");
    }

    /** The pool that is common to all may have one thread, which others wait for: the HTTP client of JDK 25 does. */
    private static void inItsOwnThread(Runnable task) {
        new Thread(task).start();
    }
}
