package org.distilqa.tokenizer;

/**
 * The tokens of a text: for each its id, where it stands in the text, and which word it belongs to. The arrays have one
 * element per token and are not copied; treat them as read-only.
 *
 * @param ids the token's id in the vocabulary
 * @param starts where the token starts in the text, in UTF-16 units as {@link String#substring(int, int)} counts them
 * @param ends where it ends, exclusive
 * @param words the number of the pre-tokenizer's word that the token is a part of, from 0, never decreasing
 */
public record TokenizedText(int[] ids, int[] starts, int[] ends, int[] words) {

    /**
     * Checks that the arrays are of one length.
     *
     * @param ids the token's id in the vocabulary
     * @param starts where the token starts in the text
     * @param ends where it ends
     * @param words the number of the pre-tokenizer's word that the token is a part of
     * @throws IllegalArgumentException if they are not
     */
    public TokenizedText {
        if (starts.length != ids.length || ends.length != ids.length || words.length != ids.length) {
            throw new IllegalArgumentException("arrays of unequal lengths");
        }
    }

    /**
     * How many tokens the text has.
     *
     * @return at least 0
     */
    public int size() {
        return ids.length;
    }
}
