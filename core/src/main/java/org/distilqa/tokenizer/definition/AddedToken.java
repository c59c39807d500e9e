package org.distilqa.tokenizer.definition;

/**
 * A token that was added to a vocabulary, and is looked for in a text before the text is split into words.
 *
 * @param id its id
 * @param content its text
 * @param singleWord whether it counts only where no letter, digit, mark or underscore stands before or after it
 * @param leftStrip whether white space before it belongs to it
 * @param rightStrip whether white space after it belongs to it
 * @param normalized whether it is looked for in the normalized text, normalized itself, and not in the text as it stands
 * @param special whether it means something to the model alone, as {@code [SEP]} does, and is never found in a text
 */
public record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean leftStrip,
        boolean rightStrip,
        boolean normalized,
        boolean special) {

    /**
     * This token with another id.
     *
     * @param other the id
     * @return a changed copy
     */
    public AddedToken withId(int other) {
        return new AddedToken(other, content, singleWord, leftStrip, rightStrip, normalized, special);
    }
}
