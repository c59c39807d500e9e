package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code serve} in a process of its own, from its start to the signal that ends it. */
@Timeout(300)
class ServeCommandTest {
    private static final Pattern ADDRESS = Pattern.compile("distilqa: (http://localhost:\\d+) \\(Ctrl\\+C stops it\\)");

    /** What a process has that was ended by SIGTERM. */
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path directory;

    private static Process serve(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DistilQa.class.getName(),
                "serve",
                "--device",
                "cpu",
                "--port",
                "0"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    /** Reads what the process says until it says where it listens. */
    private static URI address(BufferedReader err, List<String> said) throws IOException {
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            said.add(line);
            Matcher matcher = ADDRESS.matcher(line);
            if (matcher.matches()) {
                return URI.create(matcher.group(1));
            }
        }
        throw new AssertionError("it ended: " + said);
    }

    private static JsonNode post(URI address, String path, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        return new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body());
    }

    @Test
    void answersUntilItIsTerminated() throws Exception {
        Process process = serve();
        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            List<String> said = new ArrayList<>();
            URI address = address(err, said);
            assertThat(said).anyMatch(line -> line.contains("answering with the bundled model"));
            String json = "{\"question\": \"Who built the mill?\", \"context\": \"The mill was built by Ada Quill in"
                    + " 1912.\"}";
            assertThat(post(address, "/answer", json).at("/answers/0/text").asText())
                    .isEqualTo("Ada Quill");
            // Process.destroy() would close what the process still says.
            process.toHandle().destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(TERMINATED);
            assertThat(err.lines()).isEmpty();
            assertThat(process.inputReader().lines()).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void searchesAFolder() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("papers"));
        Files.writeString(folder.resolve("mill.txt"), "The mill was built by Ada Quill in 1912.");
        Process process = serve(
                "--docs",
                folder.toString(),
                "--index",
                directory.resolve("index").toString());
        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            List<String> said = new ArrayList<>();
            URI address = address(err, said);
            assertThat(said).anyMatch(line -> line.contains("1 files new"));
            JsonNode answer = post(address, "/search", "{\"question\": \"Who built the mill?\"}")
                    .at("/answers/0");
            assertThat(answer.get("text").asText()).isEqualTo("Ada Quill");
            assertThat(answer.get("document").asText()).isEqualTo("mill.txt");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String failure(String... arguments) {
        List<String> all = new ArrayList<>(List.of("serve", "--device", "cpu"));
        all.addAll(List.of(arguments));
        CommandRun run = CommandRun.run(all.toArray(String[]::new));
        String message = run.err();
        assertThat(run.status()).as(message).isEqualTo(1);
        assertThat(message.lines()).as(message).hasSize(1);
        return message;
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(failure("--port", "" + taken.getLocalPort()))
                    .contains("cannot listen at port " + taken.getLocalPort() + " of 127.0.0.1")
                    .contains("Another program may have the port");
        }
        assertThat(failure("--host", "no-such-host.invalid")).contains("is no address to listen at");
        assertThat(failure("--docs", directory.resolve("nowhere").toString())).contains("there is no such folder");
    }
}
