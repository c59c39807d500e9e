package org.distilqa.tokenizer;

/**
 * BERT's clean-up of a text before it is split, as Hugging Face's {@code BertNormalizer} does it, in its order: white space
 * becomes spaces and control characters go, Chinese characters get spaces around them, accents go, capitals become small.
 *
 * @param cleanText whether white space and control characters are cleaned
 * @param separateChinese whether Chinese characters are set apart
 * @param stripAccents whether the text is decomposed (Unicode's normalization form D) and nonspacing marks go
 * @param lowerCase whether capitals become small
 */
record BertNormalizer(boolean cleanText, boolean separateChinese, boolean stripAccents, boolean lowerCase) {
    private static final int ASCII = 128;

    /** Normalizes a part of a well-formed text, and appends it. */
    void normalize(String text, int from, int to, NormalizedText normalized) {
        CombiningRun run = new CombiningRun(this, normalized);
        int end;
        for (int start = from; start < to; start = end) {
            char unit = text.charAt(start);
            if (unit < ASCII) {
                end = start + 1;
                ascii(unit, start, run, normalized);
            } else {
                int character = text.codePointAt(start);
                end = start + Character.charCount(character);
                other(character, start, end, run, normalized);
            }
        }
        run.finish();
    }

    /** ASCII is decomposed already, and its characters are no marks. */
    private void ascii(char unit, int start, CombiningRun run, NormalizedText normalized) {
        boolean control = unit < ' ' || unit == 0x7F;
        if (control && cleanText) {
            if (!Characters.is(unit, Characters.CONTROL)) {
                run.finish();
                normalized.append(' ', start, start + 1);
            }
            return;
        }
        run.finish();
        boolean capital = lowerCase && unit >= 'A' && unit <= 'Z';
        normalized.append(capital ? (char) (unit + 'a' - 'A') : unit, start, start + 1);
    }

    private void other(int character, int start, int end, CombiningRun run, NormalizedText normalized) {
        int properties = Characters.properties(character);
        if (cleanText && (properties & Characters.CONTROL) != 0) {
            return;
        }
        if (cleanText && (properties & Characters.WHITE_SPACE) != 0) {
            run.finish();
            normalized.append(' ', start, end);
        } else if (separateChinese && Characters.isChinese(character)) {
            run.finish();
            normalized.append(' ', start, end);
            // No Chinese character is a mark, so that none waits in the run.
            accented(character, properties, start, end, run, normalized);
            normalized.append(' ', start, end);
        } else {
            accented(character, properties, start, end, run, normalized);
        }
    }

    private void accented(
            int character, int properties, int start, int end, CombiningRun run, NormalizedText normalized) {
        if (stripAccents) {
            run.add(character, properties, start, end);
        } else {
            cased(character, start, end, normalized);
        }
    }

    /** Appends a character that is left, small if that is wanted. */
    void cased(int character, int start, int end, NormalizedText normalized) {
        if (lowerCase && Characters.is(character, Characters.HAS_LOWER_CASE)) {
            for (int small : Characters.lowerCase(character)) {
                normalized.appendCodePoint(small, start, end);
            }
        } else {
            normalized.appendCodePoint(character, start, end);
        }
    }

    /** The normalized form of a text. */
    String normalize(String text) {
        NormalizedText normalized = new NormalizedText();
        normalize(text, 0, text.length(), normalized);
        return normalized.toString();
    }
}
