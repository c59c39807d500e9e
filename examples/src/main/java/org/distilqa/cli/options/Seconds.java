package org.distilqa.cli.options;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time in whole seconds, from one on. */
public final class Seconds implements ITypeConverter<Duration> {
    Seconds() {}

    @Override
    public Duration convert(String text) {
        long seconds;
        try {
            seconds = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number of seconds");
        }
        if (seconds < 1) {
            throw new TypeConversionException(text + " is not at least 1 second");
        }
        return Duration.ofSeconds(seconds);
    }
}
