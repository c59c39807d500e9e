package org.distilqa.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many there are to be, from one on. */
public final class Count implements ITypeConverter<Integer> {
    Count() {}

    @Override
    public Integer convert(String text) {
        int count;
        try {
            count = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
        if (count < 1) {
            throw new TypeConversionException(text + " is not at least 1");
        }
        return count;
    }
}
