package org.distilqa.internal;

import java.util.function.Function;

/** Refuses settings that are out of their range, all in the same words. */
public final class Ranges {
    private Ranges() {}

    /**
     * Checks a setting.
     *
     * @param name the setting
     * @param value what it is
     * @param least the least that it may be
     * @param most the most that it may be
     * @param failure makes what is thrown if it is not between them, of the message
     * @return the value
     */
    public static int require(
            String name, int value, int least, int most, Function<String, ? extends RuntimeException> failure) {
        return (int) require(name, (long) value, least, most, failure);
    }

    /**
     * Checks a setting.
     *
     * @param name the setting
     * @param value what it is
     * @param least the least that it may be
     * @param most the most that it may be
     * @param failure makes what is thrown if it is not between them, of the message
     * @return the value
     */
    public static long require(
            String name, long value, long least, long most, Function<String, ? extends RuntimeException> failure) {
        if (value < least || value > most) {
            throw failure.apply(name + " is " + value + "; it must be from " + least + " to " + most);
        }
        return value;
    }
}
