package org.distilqa.window;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/**
 * Characters that show nothing and stand within words of texts that come out of PDFs and web pages: the soft hyphen, the
 * zero-width space, the zero-width joiner and non-joiner, the word joiner and the byte-order mark.
 *
 * <p>The two joiners and the space mean something in scripts whose letters join (Arabic, those of India) or whose words are
 * not set apart (Thai, Khmer), and a joiner makes one of several emoji; beside such characters they stay.
 */
final class InvisibleCharacters {
    private static final char SOFT_HYPHEN = '\u00AD';
    private static final char ZERO_WIDTH_SPACE = '\u200B';
    private static final char ZERO_WIDTH_JOINER = '\u200D';
    private static final char WORD_JOINER = '\u2060';
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final char EMOJI_SELECTOR = '\uFE0F';

    /** Scripts whose letters stand apart and whose words have spaces between them. */
    private static final Set<UnicodeScript> PLAIN_SCRIPTS = EnumSet.of(
            UnicodeScript.LATIN,
            UnicodeScript.GREEK,
            UnicodeScript.CYRILLIC,
            UnicodeScript.ARMENIAN,
            UnicodeScript.GEORGIAN,
            UnicodeScript.HEBREW,
            UnicodeScript.COMMON,
            UnicodeScript.INHERITED);

    private InvisibleCharacters() {}

    /** Whether at a place of a text stands such a character, and nothing beside it needs it. */
    static boolean isIdleAt(String text, int i) {
        char unit = text.charAt(i);
        if (unit < SOFT_HYPHEN) {
            return false;
        }
        if (unit == SOFT_HYPHEN || unit == WORD_JOINER || unit == BYTE_ORDER_MARK) {
            return true;
        }
        return unit >= ZERO_WIDTH_SPACE
                && unit <= ZERO_WIDTH_JOINER
                && (i == 0 || !needsJoining(text.codePointBefore(i)))
                && (i + 1 == text.length() || !needsJoining(text.codePointAt(i + 1)));
    }

    private static boolean needsJoining(int character) {
        return character == EMOJI_SELECTOR
                || isPictograph(character)
                || !PLAIN_SCRIPTS.contains(UnicodeScript.of(character));
    }

    /** Emoji are symbols; newer ones than the JDK knows are in the planes' block for them. */
    private static boolean isPictograph(int character) {
        int type = Character.getType(character);
        return type == Character.OTHER_SYMBOL
                || type == Character.MATH_SYMBOL
                || type == Character.MODIFIER_SYMBOL
                || character >= 0x1F000 && character <= 0x1FAFF;
    }
}
