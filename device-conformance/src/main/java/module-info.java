/**
 * The tests that every device passes.
 */
module org.distilqa.device.conformance {
    requires com.fasterxml.jackson.databind;
    requires org.assertj.core;
    requires transitive org.distilqa.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;

    exports org.distilqa.device.conformance;

    opens org.distilqa.device.conformance to
            org.junit.platform.commons;
}
