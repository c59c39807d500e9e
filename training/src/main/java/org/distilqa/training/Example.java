package org.distilqa.training;

/**
 * A question with the text that answers it.
 *
 * @param question the question
 * @param context the text
 * @param start where the answer begins, in UTF-16 units
 * @param end where it ends
 */
record Example(String question, String context, int start, int end) {
    String answer() {
        return context.substring(start, end);
    }
}
