package org.distilqa.training;

/**
 * A noun phrase of a sentence, as indices of its words.
 *
 * @param preposition the index of the preposition before it, or -1
 * @param from its first word
 * @param to one past its last word
 */
record Phrase(int preposition, int from, int to) {
    /** Where the phrase begins with its preposition. */
    int begin() {
        return preposition < 0 ? from : preposition;
    }
}
