package org.distilqa.window;

/** The ligatures of Latin letters that Unicode has as characters, U+FB00 to U+FB06, and their letters. */
final class Ligatures {
    private static final char FIRST = '\uFB00';
    private static final String[] LETTERS = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

    private Ligatures() {}

    static boolean is(char unit) {
        return unit >= FIRST && unit < FIRST + LETTERS.length;
    }

    static String letters(char ligature) {
        return LETTERS[ligature - FIRST];
    }

    /** A text with letters for ligatures. */
    static String spelledOut(String text) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (is(unit)) {
                letters.append(letters(unit));
            } else {
                letters.append(unit);
            }
        }
        return letters.toString();
    }
}
