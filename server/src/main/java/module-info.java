/**
 * A page to try questions on, and an HTTP endpoint for programs, around a {@link org.distilqa.QuestionAnswerer}.
 */
@SuppressWarnings({"requires-automatic"}) // Micrometer's jars have a module's name, and no descriptor.
module org.distilqa.server {
    requires com.fasterxml.jackson.databind;
    requires io.javalin;
    requires jakarta.servlet;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires transitive org.distilqa.core;
    requires org.distilqa.micrometer;
    requires transitive org.distilqa.search;
    requires org.eclipse.jetty.server;
    requires org.slf4j;

    exports org.distilqa.server;
}
