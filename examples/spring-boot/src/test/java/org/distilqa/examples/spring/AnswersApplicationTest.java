package org.distilqa.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.distilqa.DeviceException;
import org.distilqa.DeviceLostException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootVersion;

/** The service over HTTP, as its callers see it. */
@Timeout(120)
class AnswersApplicationTest {
    private static final String QUESTION = """
            {"question": "Who built the mill?", "context": "The mill was built by Ada Quill in 1912."}""";

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService("distilqa.max-pending-windows=2", "distilqa.batch-size=1");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void release() {
        service.device().recover();
        service.device().release();
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }

    private static void assertProblem(HttpResponse<String> response, int status, String detail) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(response).get("status").asInt()).isEqualTo(status);
        assertThat(json(response).get("detail").asText()).contains(detail);
    }

    private static double metric(String name, String statistic, String... tags) throws Exception {
        String query = tags.length == 0 ? "" : "?tag=" + String.join("&tag=", tags);
        JsonNode metric = json(service.get("/actuator/metrics/" + name + query));
        for (JsonNode measurement : metric.get("measurements")) {
            if (measurement.get("statistic").asText().equals(statistic)) {
                return measurement.get("value").asDouble();
            }
        }
        throw new AssertionError(name + " has no " + statistic + ": " + metric);
    }

    @Test
    void theseTestsRunWithTheVersionOfSpringBootThatTheyAreMeantFor() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("distilqa.spring-boot"));
    }

    @Test
    void answersAQuestion() throws Exception {
        HttpResponse<String> response = service.ask(QUESTION).join();
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answers = json(response);
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).get("text").asText()).isEqualTo("Ada Quill");
        assertThat(answers.get(0).get("start").asInt()).isEqualTo(22);
        assertThat(answers.get(0).get("end").asInt()).isEqualTo(31);
        assertThat(answers.get(0).get("score").asDouble()).isBetween(0.5, 1.0);
    }

    @Test
    void givesSeveralAnswers() throws Exception {
        assertThat(json(service.ask(QUESTION.replace("}", ", \"topK\": 3}")).join()))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"context\": \"The mill.\"}",
                "{\"question\": \" \", \"context\": \"The mill.\"}",
                "{\"question\": \"Who?\", \"context\": \"\"}",
                "{\"question\": \"Who?\", \"context\": \"The mill.\", \"topK\": 0}",
                "{\"question\": \"Who?\", \"context\": \"The mill.\", \"timeoutMillis\": -1}",
                "{\"question\": \"Who?\", \"context\": "
            })
    void tellsTheCallerOfHisOwnMistake(String body) throws Exception {
        assertProblem(service.ask(body).join(), 400, "");
    }

    @Test
    void tellsTheCallerWhatWasWrong() throws Exception {
        String tooLong = "{\"question\": \"Who?\", \"context\": \"" + "a".repeat(200_001) + "\"}";
        assertProblem(service.ask(tooLong).join(), 400, "200001");
    }

    @Test
    void refusesAtOnceWhenTooMuchWaits() throws Exception {
        service.device().hold();
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        waiting.add(service.ask(QUESTION));
        service.device().awaitHeld();
        for (int queued = 1; queued <= 2; queued++) {
            waiting.add(service.ask(QUESTION));
            while (metric("distilqa.queue", "VALUE") < queued) {
                Thread.sleep(5);
            }
        }
        HttpResponse<String> refused = service.ask(QUESTION).join();
        assertProblem(refused, 429, "maxPendingWindows");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        service.device().release();
        for (CompletableFuture<HttpResponse<String>> answered : waiting) {
            assertThat(answered.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void givesUpWhenTheCallersTimeIsOver() throws Exception {
        service.device().hold();
        assertProblem(
                service.ask(QUESTION.replace("}", ", \"timeoutMillis\": 50}")).join(), 504, "PT0.05S");
    }

    @Test
    void isUnavailableWhileTheDeviceFails() throws Exception {
        service.device().failWith(() -> new DeviceException("out of memory at 0x7f00"));
        HttpResponse<String> failed = service.ask(QUESTION).join();
        assertProblem(failed, 503, "the service cannot answer");
        assertThat(failed.body()).doesNotContain("0x7f00");
        service.device().recover();
        assertThat(service.ask(QUESTION).join().statusCode()).isEqualTo(200);
    }

    @Test
    void tellsItsHealthWithTheDevice() throws Exception {
        HttpResponse<String> health = service.get("/actuator/health");
        assertThat(health.statusCode()).isEqualTo(200);
        JsonNode component = json(health).get("components").get("distilqa");
        assertThat(component.get("status").asText()).isEqualTo("UP");
        assertThat(component.get("details").get("devices").get(0).get("name").asText())
                .isEqualTo("cpu");
    }

    @Test
    void countsAndMeasuresWhatItDoes() throws Exception {
        service.ask("{\"question\": \"\", \"context\": \"The mill.\"}").join();
        double before = metric("distilqa.requests", "COUNT", "outcome:answered");
        service.ask(QUESTION).join();
        assertThat(metric("distilqa.requests", "COUNT", "outcome:answered")).isEqualTo(before + 1);
        assertThat(metric("distilqa.batch.windows", "TOTAL", "device:cpu")).isPositive();
        assertThat(service.get("/actuator/prometheus").body())
                .containsPattern("distilqa_requests_seconds_count\\{outcome=\"answered\",?} [1-9]")
                .containsPattern("distilqa_queue_windows 0\\.0");
    }

    @Test
    void isDownWhenItsOnlyDeviceIsLost() throws Exception {
        try (RunningService broken = new RunningService()) {
            broken.device().failWith(() -> new DeviceLostException("the cable was pulled"));
            assertProblem(broken.ask(QUESTION).join(), 503, "the service cannot answer");
            broken.device().recover();
            assertProblem(broken.ask(QUESTION).join(), 503, "the service cannot answer");
            HttpResponse<String> health = broken.get("/actuator/health");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(json(health)
                            .at("/components/distilqa/details/explanation")
                            .asText())
                    .isEqualTo("no device is left: the cable was pulled");
        }
    }

    @Test
    void isDownWhenTheAnswererWasClosed() throws Exception {
        try (RunningService closed = new RunningService()) {
            closed.answerer().close();
            assertProblem(closed.ask(QUESTION).join(), 503, "the service cannot answer");
            assertThat(closed.get("/actuator/health").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void answersWhatIsUnderWayBeforeItEndsAndTakesNothingNew() throws Exception {
        // No time to close the answerer: it must not be closed while a request is under way.
        RunningService ending = new RunningService("distilqa.close-timeout=0s");
        ending.device().hold();
        CompletableFuture<HttpResponse<String>> underWay = ending.ask(QUESTION);
        ending.device().awaitHeld();
        // Not in the pool that is common to all: it may have one thread, which the HTTP client of JDK 25 waits for.
        CompletableFuture<Void> end = CompletableFuture.runAsync(ending::close, task -> new Thread(task).start());
        while (ending.takesConnections()) {
            Thread.sleep(5);
        }
        assertThat(underWay).isNotDone();
        assertThat(end).isNotDone();
        ending.device().release();
        assertThat(underWay.join().statusCode()).isEqualTo(200);
        end.join();
    }
}
