package org.distilqa.window;

import java.util.Arrays;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;

/**
 * A text as a person reads it, and the places in the text that its parts come from. What PDFs leave in a text goes, whichever
 * tokenizer follows:
 *
 * <ul>
 *   <li>{@link Ligatures} of Latin letters are read as their letters.
 *   <li>Soft hyphens, and characters without width that no script needs where they stand ({@link InvisibleCharacters}), are
 *       left out.
 *   <li>A word that is hyphenated over a line's end is read as one word; {@link LineEndHyphen} says when it is one.
 * </ul>
 *
 * A text without any of these is read as it is, at the cost of one look at each character.
 */
public final class ReadableText {
    private final String source;
    private final StringBuilder read = new StringBuilder();

    /**
     * The text is read in stretches. Of each, where it starts in what is read, and where in the source; a stretch is as long
     * here as there, or it is a ligature.
     */
    private int[] readStarts = new int[16];

    private int[] sourceStarts = new int[16];
    private int stretches;

    /** Up to where the source was taken over. */
    private int taken;

    private ReadableText(String source) {
        this.source = source;
    }

    /**
     * The tokens of a text as it is read, at their places in the text as it stands. A token that ends within a ligature ends
     * after it, and one that starts within it starts before it.
     *
     * @param tokenizer splits what is read
     * @param text the text
     * @return the tokens
     */
    public static TokenizedText tokenize(Tokenizer tokenizer, String text) {
        ReadableText readable = new ReadableText(text);
        readable.read(tokenizer);
        if (readable.stretches == 0) {
            return tokenizer.tokenize(text);
        }
        return readable.placed(tokenizer.tokenize(readable.read.toString()));
    }

    private void read(Tokenizer tokenizer) {
        for (int i = 0; i < source.length(); i++) {
            char unit = source.charAt(i);
            if (Ligatures.is(unit)) {
                replace(i, i + 1, Ligatures.letters(unit));
            } else if (LineEndHyphen.is(unit)) {
                int end = LineEndHyphen.end(source, i, tokenizer);
                if (end > i) {
                    replace(i, end, "");
                    i = end - 1;
                }
            } else if (InvisibleCharacters.isIdleAt(source, i)) {
                replace(i, i + 1, "");
            }
        }
        if (stretches > 0) {
            take(source.length());
        }
    }

    private void replace(int from, int to, String replacement) {
        take(from);
        if (!replacement.isEmpty()) {
            addStretch(from);
            read.append(replacement);
        }
        taken = to;
        if (stretches == 0) { // What is left out stands first: the rest is no longer at its place.
            addStretch(to);
        }
    }

    private void take(int end) {
        if (taken < end) {
            addStretch(taken);
            read.append(source, taken, end);
        }
    }

    private void addStretch(int sourceStart) {
        if (stretches == readStarts.length) {
            readStarts = Arrays.copyOf(readStarts, 2 * stretches);
            sourceStarts = Arrays.copyOf(sourceStarts, 2 * stretches);
        }
        readStarts[stretches] = read.length();
        sourceStarts[stretches++] = sourceStart;
    }

    private TokenizedText placed(TokenizedText tokens) {
        int[] starts = new int[tokens.size()];
        int[] ends = new int[tokens.size()];
        for (int i = 0; i < tokens.size(); i++) {
            int start = tokens.starts()[i];
            int end = tokens.ends()[i];
            starts[i] = start(start);
            ends[i] = start < end ? end(end) : starts[i];
        }
        return new TokenizedText(tokens.ids(), starts, ends, tokens.words());
    }

    /** Where the character that is read at a place starts in the source. */
    private int start(int place) {
        int stretch = stretch(place);
        return isLigature(sourceStarts[stretch])
                ? sourceStarts[stretch]
                : sourceStarts[stretch] + place - readStarts[stretch];
    }

    /** Where the character that is read before a place ends in the source. */
    private int end(int place) {
        int stretch = stretch(place - 1);
        return isLigature(sourceStarts[stretch])
                ? sourceStarts[stretch] + 1
                : sourceStarts[stretch] + place - readStarts[stretch];
    }

    private boolean isLigature(int place) {
        return place < source.length() && Ligatures.is(source.charAt(place));
    }

    /** The last stretch that starts at a place of what is read, or before. */
    private int stretch(int place) {
        int found = Arrays.binarySearch(readStarts, 0, stretches, place);
        if (found < 0) {
            return Math.max(0, -found - 2);
        }
        while (found + 1 < stretches && readStarts[found + 1] == place) {
            found++;
        }
        return found;
    }
}
