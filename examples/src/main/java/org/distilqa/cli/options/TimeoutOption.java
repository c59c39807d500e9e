package org.distilqa.cli.options;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option {@code --timeout} of the commands that answer one question. */
public final class TimeoutOption {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            converter = Seconds.class,
            description = "The longest that answering may take, once the model is loaded (default: no limit).")
    private Duration timeout;

    TimeoutOption() {}

    /**
     * The longest time.
     *
     * @return at least a second; empty if there is no limit
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }
}
