package org.distilqa.model;

import java.nio.file.Path;
import java.util.Map;

/** The options of an environment that a test makes up. */
final class TestHubOptions {
    private TestHubOptions() {}

    static HubOptions from(Map<String, String> environment, Path userHome) {
        return new HubEnvironment(environment, () -> userHome, false).options();
    }
}
