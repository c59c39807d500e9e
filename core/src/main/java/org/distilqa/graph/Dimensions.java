package org.distilqa.graph;

import org.distilqa.InvalidModelException;

/** What is asked of the dimensions of a network, by the names that its configuration gives them. */
final class Dimensions {
    private static final int MAX_WIDTH = 1 << 20;

    private Dimensions() {}

    static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new InvalidModelException(name + " is " + value + "; it must be at least 1");
        }
    }

    /** Checks that a row is not too wide to count its elements, threefold. */
    static void requireWidth(String name, int value) {
        requirePositive(name, value);
        if (value > MAX_WIDTH) {
            throw new InvalidModelException(name + " is " + value + "; at most " + MAX_WIDTH + " can be handled");
        }
    }

    static void requireDivides(String name, int value, String dividedName, int divided) {
        requirePositive(name, value);
        if (divided % value != 0) {
            throw new InvalidModelException(
                    dividedName + " is " + divided + ", which " + name + ", " + value + ", does not divide");
        }
    }
}
