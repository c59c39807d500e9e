/**
 * What happens inside a {@link org.distilqa.QuestionAnswerer}, as Micrometer's meters.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"
}) // Micrometer's jars have a module's name, and no descriptor.
module org.distilqa.micrometer {
    requires transitive micrometer.core;
    requires transitive org.distilqa.core;

    exports org.distilqa.micrometer;
}
