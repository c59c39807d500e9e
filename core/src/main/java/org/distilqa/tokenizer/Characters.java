package org.distilqa.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Hugging Face's tokenizers know of Unicode's characters, read from {@code characters.txt}, which says how it came
 * about. The JDK knows other things of hundreds of characters, and each JDK its own, so it is not asked.
 */
final class Characters {
    /** What {@code clean_text} removes: control and format characters, private use, NUL and the replacement character. */
    static final int CONTROL = 1;

    static final int WHITE_SPACE = 1 << 1;
    static final int PUNCTUATION = 1 << 2;

    /** The general category Mn: what {@code strip_accents} removes. */
    static final int NONSPACING_MARK = 1 << 3;

    /** What a regular expression's {@code \w} matches. */
    static final int WORD = 1 << 4;

    /** Has a lower case of its own. */
    static final int HAS_LOWER_CASE = 1 << 5;

    /** Is decomposed by the normalization form D; Hangul syllables, which are decomposed by rule, have it not. */
    static final int DECOMPOSES = 1 << 6;

    /** How far left the rank of the combining class stands in a character's properties. */
    private static final int CLASS_SHIFT = 8;

    /** Has a combining class other than 0: marks of different classes are put in order by the normalization form D. */
    static final int COMBINES = 0xFF << CLASS_SHIFT;

    private static final String RESOURCE = "characters.txt";

    /** Characters with a smaller number are in a table; of the others few ranges have properties. */
    private static final int DENSE = 0x20000;

    private static final char[] PROPERTIES = new char[DENSE];
    private static final List<int[]> BEYOND = new ArrayList<>();

    /** What characters become. */
    private static final Map<Integer, int[]> LOWER_CASES = new HashMap<>();

    private static final Map<Integer, int[]> DECOMPOSITIONS = new HashMap<>();

    // Hangul syllables, The Unicode Standard, section 3.12.
    private static final int SYLLABLES = 0xAC00;
    private static final int LEADING = 0x1100;
    private static final int VOWELS = 0x1161;
    private static final int VOWEL_COUNT = 21;
    private static final int TRAILING = 0x11A7;
    private static final int TRAILING_COUNT = 28;
    private static final int SYLLABLE_COUNT = 19 * VOWEL_COUNT * TRAILING_COUNT;

    static {
        read();
    }

    private Characters() {}

    /** The properties of a code point, of the constants of this class. */
    static int properties(int character) {
        return character < DENSE ? PROPERTIES[character] : beyond(character);
    }

    private static int beyond(int character) {
        int properties = 0;
        for (int[] range : BEYOND) {
            if (character >= range[0] && character <= range[1]) {
                properties |= range[2];
            }
        }
        return properties;
    }

    static boolean is(int character, int property) {
        return (properties(character) & property) != 0;
    }

    /** What {@code handle_chinese_chars} sets apart: the blocks of CJK ideographs that BERT's first code lists. */
    static boolean isChinese(int character) {
        return character >= 0x3400
                && (character <= 0x4DBF
                        || character >= 0x4E00 && character <= 0x9FFF
                        || character >= 0xF900 && character <= 0xFAFF
                        || character >= 0x20000 && character <= 0x2A6DF
                        || character >= 0x2A700 && character <= 0x2B81F
                        || character >= 0x2B920 && character <= 0x2CEAF
                        || character >= 0x2F800 && character <= 0x2FA1F);
    }

    /** The lower case of a code point that {@link #HAS_LOWER_CASE}. */
    static int[] lowerCase(int character) {
        return LOWER_CASES.get(character);
    }

    /** The rank of the combining class among all that occur, from the properties of a code point; 0 of what does not combine. */
    static int combiningClass(int properties) {
        return properties >>> CLASS_SHIFT;
    }

    /** The full canonical decomposition of a code point that {@link #DECOMPOSES}. */
    static int[] decomposition(int character) {
        return DECOMPOSITIONS.get(character);
    }

    static boolean isHangulSyllable(int character) {
        return character >= SYLLABLES && character < SYLLABLES + SYLLABLE_COUNT;
    }

    /** The two or three letters of a Hangul syllable. */
    static int[] hangulLetters(int syllable) {
        int index = syllable - SYLLABLES;
        int leading = LEADING + index / (VOWEL_COUNT * TRAILING_COUNT);
        int vowel = VOWELS + index % (VOWEL_COUNT * TRAILING_COUNT) / TRAILING_COUNT;
        int trailing = index % TRAILING_COUNT;
        return trailing == 0 ? new int[] {leading, vowel} : new int[] {leading, vowel, TRAILING + trailing};
    }

    private static void read() {
        try (InputStream in = Characters.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(
                        "distilqa-core is not whole: " + RESOURCE + " is missing beside " + Characters.class.getName());
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    int colon = line.indexOf(':');
                    for (String entry : line.substring(colon + 2).split(" ")) {
                        add(line.substring(0, colon), entry);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " beside " + Characters.class.getName() + " cannot be read", e);
        }
    }

    private static void add(String property, String entry) {
        switch (property) {
            case "control" -> mark(entry, CONTROL);
            case "white-space" -> mark(entry, WHITE_SPACE);
            case "punctuation" -> mark(entry, PUNCTUATION);
            case "nonspacing-mark" -> mark(entry, NONSPACING_MARK);
            case "word" -> mark(entry, WORD);
            case "lower-case" -> map(entry, HAS_LOWER_CASE, LOWER_CASES);
            case "decomposition" -> map(entry, DECOMPOSES, DECOMPOSITIONS);
            default -> {
                String rank = property.substring("combining-class ".length());
                mark(entry, Integer.parseInt(rank, 16) << CLASS_SHIFT);
            }
        }
    }

    private static void mark(String range, int property) {
        mark(first(range), last(range), 1, property);
    }

    private static void mark(int first, int last, int step, int property) {
        for (int character = first; character <= Math.min(last, DENSE - 1); character += step) {
            PROPERTIES[character] |= (char) property;
        }
        if (last >= DENSE) {
            int[] before = BEYOND.isEmpty() ? new int[3] : BEYOND.get(BEYOND.size() - 1);
            if (before[1] == first - 1 && before[2] == property) {
                before[1] = last;
            } else {
                BEYOND.add(new int[] {Math.max(first, DENSE), last, property});
            }
        }
    }

    /** An entry such as {@code c0>41,300} or {@code 100-12e/2>101}. */
    private static void map(String entry, int property, Map<Integer, int[]> mappings) {
        int arrow = entry.indexOf('>');
        int slash = entry.indexOf('/');
        int step = slash < 0 ? 1 : Integer.parseInt(entry.substring(slash + 1, arrow), 16);
        String range = entry.substring(0, slash < 0 ? arrow : slash);
        int first = first(range);
        String[] numbers = entry.substring(arrow + 1).split(",");
        int[] target = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            target[i] = Integer.parseInt(numbers[i], 16);
        }
        mark(first, last(range), step, property);
        for (int character = first; character <= last(range); character += step) {
            mappings.put(character, character == first ? target : new int[] {target[0] + character - first});
        }
    }

    private static int first(String range) {
        int dash = range.indexOf('-');
        return Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
    }

    private static int last(String range) {
        return Integer.parseInt(range.substring(range.indexOf('-') + 1), 16);
    }
}
