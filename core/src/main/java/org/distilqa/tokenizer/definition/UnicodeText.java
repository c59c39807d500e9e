package org.distilqa.tokenizer.definition;

/** Strings of Java, which are UTF-16 units in any order, as text. */
public final class UnicodeText {
    private static final char REPLACEMENT = '\uFFFD';

    private UnicodeText() {}

    /**
     * A text with the replacement character, U+FFFD, for each half of a surrogate pair that stands alone, which is no
     * character. No place in the text changes.
     *
     * @param text any string
     * @return the text; the string itself if there is none
     */
    public static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (!Character.isSurrogate(unit)) {
                continue;
            }
            if (Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            if (repaired == null) {
                repaired = new StringBuilder(text);
            }
            repaired.setCharAt(i, REPLACEMENT);
        }
        return repaired == null ? text : repaired.toString();
    }
}
