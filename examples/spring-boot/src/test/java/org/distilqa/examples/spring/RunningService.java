package org.distilqa.examples.spring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.conformance.FaultInjectingDevice;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The application, listening at a port of its own, on a device that can be made to hang and to fail. */
final class RunningService implements AutoCloseable {
    private final FaultInjectingDevice device = new FaultInjectingDevice(
            "cpu", Devices.open("cpu", DeviceOptions.none().with("threads", "1")));
    private final HttpClient client = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext context;
    private final int port;

    RunningService(String... properties) {
        SpringApplication application = new SpringApplication(AnswersApplication.class);
        application.addInitializers(
                context -> ((GenericApplicationContext) context).registerBean(Device.class, () -> device));
        // However busy the machine is, only a deadline of the caller's own passes.
        List<String> arguments =
                new ArrayList<>(List.of("--server.port=0", "--spring.main.banner-mode=off", "--answers.deadline=5m"));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        context = application.run(arguments.toArray(String[]::new));
        port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    FaultInjectingDevice device() {
        return device;
    }

    QuestionAnswerer answerer() {
        return context.getBean(QuestionAnswerer.class);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> ask(String json) {
        return client.sendAsync(
                request("/answers")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    boolean takesConnections() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends the application, as a signal to its process does. */
    @Override
    public void close() {
        context.close();
    }
}
