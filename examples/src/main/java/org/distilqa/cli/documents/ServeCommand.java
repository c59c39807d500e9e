package org.distilqa.cli.documents;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.distilqa.cli.options.DeviceChoice;
import org.distilqa.cli.options.ModelOptions;
import org.distilqa.cli.options.Seconds;
import org.distilqa.server.AnswerServer;
import org.distilqa.server.DocumentCollection;
import org.distilqa.server.ServerOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers questions over HTTP until it is stopped. */
@Command(
        name = "serve",
        description = "Serves a page to try questions on, and an endpoint for programs, until it is stopped (Ctrl+C).")
public final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DeviceChoice device;

    @Option(
            names = "--docs",
            paramLabel = "DIR|INDEX",
            description = DocumentFolder.DESCRIPTION + " The page has a search box over it then.")
    private Path docs;

    @Mixin
    private DocumentFolder folder;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port to listen at; 0 for one that is free (default: 8080).")
    private Integer port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "The address to listen at (default: 127.0.0.1, this machine alone). Whoever reaches another one may ask.")
    private String host;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description =
                    "Another name that requests may be addressed to, such as a proxy's. May be given several times.")
    private List<String> allowedHosts = List.of();

    @Option(
            names = "--max-context-length",
            paramLabel = "N",
            description = "The longest text, in characters (default: 2000000).")
    private Integer maxContextLength;

    @Option(
            names = "--max-requests",
            paramLabel = "N",
            description = "How many requests are taken on at a time (default: 32).")
    private Integer maxRequests;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            converter = Seconds.class,
            description = "The longest a request may take (default: 60).")
    private Duration timeout;

    ServeCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        try (AnswerServer server = open()) {
            // The signal that ends the process: what is under way is answered first.
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "distilqa-close"));
            model.sayIfNotChosen();
            spec.commandLine().getErr().println("distilqa: " + server.uri() + " (Ctrl+C stops it)");
            server.awaitClose();
        }
        return 0;
    }

    private AnswerServer open() {
        ServerOptions options = options();
        if (docs == null) {
            return AnswerServer.open(device.builder(model), options);
        }
        DocumentFolder.require(docs);
        return AnswerServer.open(
                device.builder(model), options, new DocumentCollection(docs, answerer -> folder.open(docs, answerer)));
    }

    private ServerOptions options() {
        ServerOptions options = ServerOptions.defaults();
        options = port == null ? options : options.withPort(port);
        options = host == null ? options : options.withHost(host);
        options = maxContextLength == null ? options : options.withMaxContextLength(maxContextLength);
        options = maxRequests == null ? options : options.withMaxRequests(maxRequests);
        options = timeout == null ? options : options.withTimeout(timeout);
        for (String name : allowedHosts) {
            options = options.withAllowedHost(name);
        }
        return options;
    }
}
