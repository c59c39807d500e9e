package org.distilqa.training;

/**
 * A word or a punctuation mark of a sentence.
 *
 * @param text its text
 * @param start where it begins in the sentence
 * @param tag its part of speech
 */
record Word(String text, int start, Tag tag) {
    int end() {
        return start + text.length();
    }

    boolean is(String other) {
        return text.equalsIgnoreCase(other);
    }

    boolean isCapitalised() {
        return Character.isUpperCase(text.charAt(0));
    }
}
