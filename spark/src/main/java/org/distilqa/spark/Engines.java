package org.distilqa.spark;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;

/**
 * The engines of this JVM, which is an executor, or in local mode the driver. They are closed when the JVM ends and, in local mode,
 * with the application. Safe for use by many threads.
 */
final class Engines {
    private static final Map<EngineOptions, Engine> OPEN = new HashMap<>();
    private static final Set<SparkContext> WATCHED = Collections.newSetFromMap(new WeakHashMap<>());

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Engines::closeAll, "distilqa-closing"));
    }

    private Engines() {}

    /** The engine of these options, the same for all tasks. */
    static synchronized Engine of(EngineOptions options) {
        return OPEN.computeIfAbsent(options, Engine::new);
    }

    /** Has the engines closed at an application's end where its tasks run in this JVM. */
    static synchronized void closeWith(SparkContext application) {
        if (application.isLocal() && WATCHED.add(application)) {
            application.addSparkListener(new SparkListener() {
                @Override
                public void onApplicationEnd(SparkListenerApplicationEnd end) {
                    closeAll();
                }
            });
        }
    }

    private static void closeAll() {
        List<Engine> engines;
        synchronized (Engines.class) {
            engines = List.copyOf(OPEN.values());
            OPEN.clear();
        }
        engines.forEach(Engine::close);
    }
}
