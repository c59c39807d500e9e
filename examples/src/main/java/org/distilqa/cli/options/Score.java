package org.distilqa.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a score, which is from 0 to 1. */
public final class Score implements ITypeConverter<Double> {
    Score() {}

    @Override
    public Double convert(String text) {
        double score;
        try {
            score = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a number");
        }
        if (!(score >= 0 && score <= 1)) {
            throw new TypeConversionException(text + " is not from 0 to 1");
        }
        return score;
    }
}
