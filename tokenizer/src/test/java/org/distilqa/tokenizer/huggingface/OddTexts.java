package org.distilqa.tokenizer.huggingface;

import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/** Random texts of characters that tokenizers treat in different ways, and of some that nobody expects. */
final class OddTexts {
    private static final String WORDS = "the mill of ada quill was built in new york 1912 istanbul cafe";
    private static final int[] ODD = {
        0, 1, 9, 0xA, 0xB, 0xC, 0xD, 0x1C, 0x1F, 0x7F, 0x85, 0xA0, 0xAD, 0x130, 0x131, 0x17F, 0x1E9E, 0xDF, 0x34F,
        0x344, 0x37E, 0x387, 0x3A3, 0x3C2, 0x61C, 0x958, 0xF73, 0xF75, 0xF81, 0x1680, 0x180E, 0x1FEF, 0x2000, 0x200B,
        0x200C, 0x200D, 0x200E, 0x2028, 0x2029, 0x202E, 0x202F, 0x2060, 0x2126, 0x212A, 0x212B, 0x2329, 0x3000, 0x302E,
        0x302F, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0xFB00, 0xFB01, 0xFB06, 0xFB1D, 0xFDFA, 0xFE0F, 0xFEFF, 0xFFFD,
        0xFFFE, 0xFFFF, 0x110BD, 0x1D15E, 0x1D165, 0x1D16D, 0x1F1E6, 0x1F3FD, 0x1F468, 0x1F600, 0x20000, 0x2A6D6,
        0x2B820, 0x2F800, 0x2FA1D, 0xE0001, 0xE0061, 0xE0100, 0xF0000, 0x10FFFD, 0x10FFFF
    };

    private final Random random;
    private final List<IntSupplier> kinds;

    OddTexts(Random random) {
        this.random = random;
        this.kinds = List.of(
                () -> between('a', 'z'),
                () -> between('A', 'Z'),
                () -> between(' ', '~'),
                () -> WORDS.charAt(random.nextInt(WORDS.length())),
                () -> between(0xA0, 0x24F),
                () -> between(0x300, 0x36F),
                () -> between(0x370, 0x5FF),
                () -> between(0x590, 0x6FF),
                () -> between(0x900, 0xFFF),
                () -> between(0x1100, 0x11FF),
                () -> between(0x1A80, 0x20FF),
                () -> between(0x3000, 0x33FF),
                () -> between(0x4E00, 0x4F00),
                () -> between(0xAC00, 0xD7FF),
                () -> between(0xF900, 0xFAFF),
                () -> between(0x10A00, 0x1FFFF),
                () -> between(0, 0xFFFF),
                () -> between(0, Character.MAX_CODE_POINT),
                () -> ODD[random.nextInt(ODD.length)]);
    }

    private int between(int first, int last) {
        return first + random.nextInt(last - first + 1);
    }

    /** Now and then one of many kinds, more often one of few, as real texts are. */
    String next() {
        int length = random.nextInt(20) == 0 ? random.nextInt(300) : random.nextInt(24);
        int spaces = random.nextInt(12);
        IntSupplier first = kinds.get(random.nextInt(kinds.size()));
        IntSupplier second = kinds.get(random.nextInt(kinds.size()));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int choice = random.nextInt(12);
            if (choice < spaces / 4) {
                text.append(' ');
            } else if (choice < 7) {
                text.appendCodePoint(first.getAsInt());
            } else if (choice < 11) {
                text.appendCodePoint(second.getAsInt());
            } else {
                text.appendCodePoint(kinds.get(random.nextInt(kinds.size())).getAsInt());
            }
        }
        return text.toString();
    }
}
