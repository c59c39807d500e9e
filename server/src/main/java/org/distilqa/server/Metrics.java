package org.distilqa.server;

import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.micrometer.QuestionAnswererMetrics;

/** What happens inside, in the text format of Prometheus: requests over HTTP, the answerer, the JVM. */
final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final QuestionAnswererMetrics answerer = new QuestionAnswererMetrics(registry);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    Metrics() {
        garbageCollection.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    QuestionAnswererListener listener() {
        return answerer;
    }

    /** Called when a response has been made. */
    void record(Context context, Float milliseconds) {
        Endpoint matched = context.endpoints().matchedHttpEndpoint();
        Timer.builder("http.server.requests")
                .description("Requests over HTTP")
                .tag("method", matched == null ? "UNKNOWN" : matched.method.name())
                // A path of the caller's own would make a meter of its own.
                .tag("uri", matched == null ? "UNKNOWN" : matched.path)
                .tag("status", Integer.toString(context.statusCode()))
                .register(registry)
                .record((long) (milliseconds * 1e6), TimeUnit.NANOSECONDS);
    }

    void send(Context context) {
        context.contentType("text/plain; version=0.0.4; charset=utf-8").result(registry.scrape());
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
