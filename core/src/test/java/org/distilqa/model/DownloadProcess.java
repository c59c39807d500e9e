package org.distilqa.model;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Downloads a model in a process of its own: the arguments are the hub's address and the cache's directory. */
final class DownloadProcess {
    private DownloadProcess() {}

    public static void main(String[] arguments) {
        HubOptions options = HubOptions.fromEnvironment()
                .withEndpoint(URI.create(arguments[0]))
                .withCache(Path.of(arguments[1]))
                .withPatience(Duration.ofSeconds(20), Duration.ofMillis(20));
        System.out.println(new ModelHub(options).download(FakeHub.ID, "main"));
    }

    static Process start(URI hub, Path cache) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DownloadProcess.class.getName(),
                        hub.toString(),
                        cache.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
