package org.distilqa.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.distilqa.server.RunningServer.assertProblem;
import static org.distilqa.server.RunningServer.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.distilqa.DeviceException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files and a collection over HTTP. */
@Timeout(300)
class CollectionTest {
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.ofCollection();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void release() {
        server.recover();
    }

    private static HttpResponse<String> search(String json) {
        return server.post("/search", json).join();
    }

    private static HttpResponse<String> read(String name, byte[] file) {
        return server.post("/document?name=" + name, "application/octet-stream", BodyPublishers.ofByteArray(file))
                .join();
    }

    @Test
    void answersFromTheDocumentThatHasTheAnswer() {
        JsonNode found = json(search("{\"question\": \"Who built the lighthouse?\", \"topK\": 2}"));
        JsonNode best = found.at("/answers/0");
        assertThat(best.get("text").asText()).isEqualTo("Agnes Rowe");
        assertThat(best.get("document").asText()).isEqualTo("lighthouse.md");
        assertThat(best.get("title").asText()).isEqualTo("The lighthouse at Skerry Point");
        assertThat(best.get("line").asInt()).isEqualTo(3);
        assertThat(best.has("page")).isFalse();
        int start = best.get("start").asInt() - best.at("/passage/start").asInt();
        assertThat(best.at("/passage/text").asText().substring(start)).startsWith("Agnes Rowe. It is 41 metres tall.");
        assertThat(found.get("passages").asInt()).isPositive();

        JsonNode mill = json(search("{\"question\": \"When was the mill built?\"}"));
        assertThat(mill.at("/answers/0/text").asText()).contains("1912");
        assertThat(mill.at("/answers/0/document").asText()).isEqualTo("more/mill.txt");
        assertThat(mill.toString())
                .as("where the folder is")
                .doesNotContain("village", System.getProperty("java.io.tmpdir"));
    }

    @Test
    void hasNoAnswerWhereNoDocumentSharesAWord() {
        JsonNode found = json(search("{\"question\": \"Wherefore zygotes?\"}"));
        assertThat(found.get("answers").size()).isZero();
        assertThat(found.get("noAnswerScore").asDouble()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                   | the question is null
            {"question": " "}                                    | the question is empty
            {"question": "Who?", "context": "x"}                 | there is no field "context"
            {"question": "Who?", "topK": 0}                      | topK is 0
            {"question": "Who?", "timeoutMillis": 0}             | the deadline is PT0S
            """)
    void tellsTheCallerOfHisOwnMistake(String body, String detail) {
        assertProblem(search(body), 400, detail);
    }

    @Test
    void refusesAQuestionThatIsTooLong() {
        assertProblem(search("{\"question\": \"" + "a".repeat(10_001) + "\"}"), 400, "maxQuestionLength is 10000");
    }

    @Test
    void givesUpWhenTheCallersTimeIsOver() {
        server.device().hold();
        assertProblem(search("{\"question\": \"Who built the mill?\", \"timeoutMillis\": 50}"), 504, "PT0.05S");
    }

    @Test
    void isUnavailableWhileTheDeviceFails() {
        server.device().failWith(() -> new DeviceException("out of memory at 0x7f00"));
        HttpResponse<String> failed = search("{\"question\": \"Who built the mill?\"}");
        assertProblem(failed, 503, "the server cannot answer");
        assertThat(failed.body()).doesNotContain("0x7f00");
    }

    @Test
    void tellsOfTheCollection() {
        JsonNode collection = json(server.get("/settings")).get("collection");
        assertThat(collection.get("title").asText()).isEqualTo("village");
        assertThat(collection.get("documents").asInt()).isEqualTo(3);
        assertThat(collection.get("passages").asInt()).isEqualTo(3);
    }

    @Test
    void describesTheFieldsThatItTakes() {
        Set<String> taken = new TreeSet<>();
        for (var component : SearchRequest.class.getRecordComponents()) {
            taken.add(component.getName());
        }
        assertThat(server.description().properties("SearchRequest")).isEqualTo(taken);
        assertThat(server.server().routes()).contains("POST /search");
    }

    @Test
    void readsAFile() {
        JsonNode read = json(read("a%20b.md", "# Mill\n\nBuilt by *Ada*.".getBytes(StandardCharsets.UTF_8)));
        assertThat(read.get("name").asText()).isEqualTo("a b.md");
        assertThat(read.get("title").asText()).isEqualTo("Mill");
        assertThat(read.get("text").asText()).isEqualTo("Mill\n\nBuilt by Ada.");
        assertThat(read.has("guessedEncoding")).isFalse();
        JsonNode guessed = json(read("m.txt", "M\u00fchle".getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(guessed.get("text").asText()).isEqualTo("M\u00fchle");
        assertThat(guessed.get("guessedEncoding").asText()).isEqualToIgnoringCase("windows-1252");
    }

    @Test
    void readsAPdf() {
        JsonNode read = json(read("mill.pdf", pdf("The mill was built by Ada Quill.")));
        assertThat(read.get("text").asText().strip()).isEqualTo("The mill was built by Ada Quill.");
    }

    /** The least that is a PDF of one page; readers find the objects themselves where the table of them is wrong. */
    private static byte[] pdf(String text) {
        String content = "BT /F1 12 Tf 72 720 Td (" + text + ") Tj ET";
        return ("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                        + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
                        + "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n4 0 obj<</Length "
                        + content.length() + ">>stream\n" + content
                        + "\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void refusesWhatIsNoDocument() {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
        assertProblem(read("a.png", png), 422, "a.png: is a PNG image");
        assertProblem(
                server.post("/document", "application/octet-stream", BodyPublishers.ofString("x"))
                        .join(),
                400,
                "name");
        assertProblem(
                server.post("/document?name=a", "text/plain", BodyPublishers.ofString("x"))
                        .join(),
                415,
                "text/plain");
        assertProblem(read("a.txt", new byte[DocumentEndpoint.MAX_BYTES + 1]), 413, "the body has 33554433 bytes");
        assertProblem(
                read("a.txt", "a ".repeat(1_000_001).getBytes(StandardCharsets.UTF_8)),
                422,
                "maxContextLength is 2000000");
    }

    /** The name of a file is no place on the server. */
    @Test
    void readsNoFileOfItsOwn() {
        JsonNode read = json(read("..%2F..%2F..%2Fetc%2Fpasswd", "Ada".getBytes(StandardCharsets.UTF_8)));
        assertThat(read.get("text").asText()).isEqualTo("Ada");
    }
}
