package org.distilqa.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.distilqa.tokenizer.definition.AddedToken;

/**
 * Finds added tokens in a text as Hugging Face's tokenizers do: from left to right, of those that begin at one place the
 * longest, none within another. The time is proportional to the text's length times that of the longest token.
 */
final class AddedTokenMatcher {
    private final WordPieces contents;
    private final Map<Integer, AddedToken> tokens = new HashMap<>();

    /** What is done with the parts of a text, which are told in order and cover it. */
    interface Parts {
        /** A part without an added token. */
        void text(int from, int to);

        /** A part that is an added token, with the white space that belongs to it. */
        void token(AddedToken token, int from, int to);
    }

    /**
     * A matcher.
     *
     * @param tokens the tokens; of those with one content the first counts
     * @param content what of a token is looked for, given its content; a token of which nothing is left is never found
     */
    AddedTokenMatcher(List<AddedToken> tokens, UnaryOperator<String> content) {
        contents = new WordPieces(tokens.size());
        for (AddedToken token : tokens) {
            String text = content.apply(token.content());
            if (!text.isEmpty() && contents.id(text) == WordPieces.NONE) {
                contents.put(text, this.tokens.size());
                this.tokens.put(this.tokens.size(), token);
            }
        }
    }

    boolean isEmpty() {
        return tokens.isEmpty();
    }

    void split(CharSequence text, Parts parts) {
        int told = 0;
        for (int i = 0; i < text.length(); ) {
            int end = longest(text, i);
            if (end < 0) {
                i++;
                continue;
            }
            AddedToken token = tokens.get(id(text, i, end));
            if (!token.singleWord() || !isWordAt(text, i - 1) && !isWordAt(text, end)) {
                int from = token.leftStrip() ? whiteSpaceBefore(text, told, i) : i;
                int to = token.rightStrip() ? whiteSpaceAfter(text, end) : end;
                if (told < from) {
                    parts.text(told, from);
                }
                if (from < to) { // Else it is white space that belonged to the token before.
                    parts.token(token, from, to);
                    told = to;
                }
            }
            i = end;
        }
        if (told < text.length()) {
            parts.text(told, text.length());
        }
    }

    /** The end of the longest token that begins at a place, or -1. */
    private int longest(CharSequence text, int from) {
        int end = -1;
        int node = contents.next(WordPieces.ROOT, text.charAt(from));
        for (int i = from + 1; node != WordPieces.NONE; i++) {
            if (contents.id(node) != WordPieces.NONE) {
                end = i;
            }
            node = i < text.length() ? contents.next(node, text.charAt(i)) : WordPieces.NONE;
        }
        return end;
    }

    private int id(CharSequence text, int from, int to) {
        return contents.id(text.subSequence(from, to).toString());
    }

    /** Whether the character that a unit is a part of belongs to words. */
    private static boolean isWordAt(CharSequence text, int unit) {
        if (unit < 0 || unit >= text.length()) {
            return false;
        }
        boolean low = Character.isLowSurrogate(text.charAt(unit));
        return Characters.is(Character.codePointAt(text, low ? unit - 1 : unit), Characters.WORD);
    }

    private static int whiteSpaceBefore(CharSequence text, int from, int end) {
        int start = Math.max(from, end);
        while (start > from && isWhiteSpace(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private static int whiteSpaceAfter(CharSequence text, int start) {
        int end = start;
        while (end < text.length() && isWhiteSpace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** No white space is beyond the basic plane. */
    private static boolean isWhiteSpace(char unit) {
        return Characters.is(unit, Characters.WHITE_SPACE);
    }
}
