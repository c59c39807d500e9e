package org.distilqa.tokenizer.huggingface;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.distilqa.json.JsonTree;

/**
 * Finds out what the native library knows of each character, by trying all of them, and writes it down in the form of core's
 * {@code characters.txt}. A byte-level model without merges gives back every byte of a normalized text as a token, so its
 * tokens show what a normalizer made of a character.
 */
final class CharacterProbe {
    private static final int BATCH = 512;

    /** For a token that is to be a word of its own, the library looks at all that stands before it. */
    private static final int SMALL_BATCH = 32;

    /** Stands between characters of one text: a starter that nothing normalizes, so that they do not meet. */
    private static final int SEPARATOR = '|';

    private static final String LOWER_CASE = "{\"type\":\"Lowercase\"}";
    private static final String DECOMPOSE = "{\"type\":\"NFD\"}";
    private static final String CLEAN =
            "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":false,\"strip_accents\":false,\"lowercase\":false}";
    private static final String STRIP =
            "{\"type\":\"BertNormalizer\",\"clean_text\":false,\"handle_chinese_chars\":false,\"strip_accents\":true,\"lowercase\":false}";
    private static final String BYTES =
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":false}";
    private static final String BERT_BYTES =
            "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"BertPreTokenizer\"}," + BYTES + "]}";
    private static final String ADDED =
            "[{\"id\":256,\"content\":\"ZZZ\",\"single_word\":true,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,\"special\":false}]";

    private CharacterProbe() {}

    /** The text of {@code characters.txt}. */
    static String characters() {
        StringBuilder file = new StringBuilder(HEADER);
        Map<Integer, int[]> decompositions = mappings(DECOMPOSE);
        write(file, "control", removed(CLEAN));
        BitSet whiteSpace = new BitSet();
        BitSet punctuation = new BitSet();
        splits(whiteSpace, punctuation);
        write(file, "white-space", whiteSpace);
        write(file, "punctuation", punctuation);
        BitSet marks = removed(STRIP);
        decompositions.keySet().forEach(marks::clear);
        write(file, "nonspacing-mark", marks);
        write(file, "word", wordCharacters());
        combiningClasses(decompositions).forEach((name, members) -> write(file, name, members));
        write(file, "lower-case", mappings(LOWER_CASE));
        decompositions.keySet().removeIf(c -> c >= 0xAC00 && c <= 0xD7A3);
        write(file, "decomposition", decompositions);
        return file.toString();
    }

    private static final String HEADER = """
            # What Hugging Face's tokenizers know of Unicode's characters: theirs are tables of several versions of Unicode,
            # none of them a JDK's. Made by trying every character; a test does so again and compares:
            #     mvn verify -pl tokenizer -am -Dtest=CharactersTest -Dsurefire.failIfNoSpecifiedTests=false \\
            #         -Ddistilqa.characters=core/src/main/resources/org/distilqa/tokenizer/characters.txt
            # All numbers are hexadecimal. 41-5a is a range, 41-5a>61 maps it to the one that begins with 61, 100-12e/2>101 only
            # every second character of it. A combining class is given as its rank among all. Hangul syllables, which are
            # decomposed by rule, are left out.
            """;

    private static String definition(String normalizer, String preTokenizer, String addedTokens) {
        ObjectNode vocabulary = JsonNodeFactory.instance.objectNode();
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean itself = value > ' ' && value < 0x7f || value > 0xa0 && value != 0xad;
            vocabulary.put(Character.toString(itself ? value : next++), value);
        }
        return "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":" + addedTokens
                + ",\"normalizer\":" + normalizer + ",\"pre_tokenizer\":" + preTokenizer
                + ",\"post_processor\":null,\"decoder\":null,\"model\":{\"type\":\"BPE\",\"dropout\":null,"
                + "\"unk_token\":null,\"continuing_subword_prefix\":null,\"end_of_word_suffix\":null,"
                + "\"fuse_unk\":false,\"byte_fallback\":false,\"vocab\":" + JsonTree.write(vocabulary)
                + ",\"merges\":[]}}";
    }

    private static List<Integer> all() {
        List<Integer> characters = new ArrayList<>();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if ((c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) && c != SEPARATOR) {
                characters.add(c);
            }
        }
        return characters;
    }

    /** What a normalizer makes of each character. */
    private static void normalized(String normalizer, BiConsumer<Integer, String> result) {
        List<Integer> characters = all();
        try (Binding binding = new Binding(definition(normalizer, BYTES, "[]"))) {
            for (int from = 0; from < characters.size(); from += BATCH) {
                List<Integer> batch = characters.subList(from, Math.min(characters.size(), from + BATCH));
                StringBuilder text = new StringBuilder();
                batch.forEach(c -> text.appendCodePoint(c).appendCodePoint(SEPARATOR));
                String[] results = normalized(binding, text.toString()).split("\\|", -1);
                if (results.length != batch.size() + 1) {
                    throw new AssertionError("a character became the separator");
                }
                for (int i = 0; i < batch.size(); i++) {
                    result.accept(batch.get(i), results[i]);
                }
            }
        }
    }

    private static String normalized(Binding binding, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long value : binding.encode(text).ids()) {
            bytes.write((int) value);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Map<Integer, int[]> mappings(String normalizer) {
        Map<Integer, int[]> mappings = new TreeMap<>();
        normalized(normalizer, (c, result) -> {
            if (!result.equals(Character.toString(c))) {
                mappings.put(c, result.codePoints().toArray());
            }
        });
        return mappings;
    }

    private static BitSet removed(String normalizer) {
        BitSet removed = new BitSet();
        normalized(normalizer, (c, result) -> {
            if (result.isEmpty()) {
                removed.set(c);
            }
        });
        return removed;
    }

    /** BERT's words of "a?b": one, two if the character is white space, three if it is punctuation. */
    private static void splits(BitSet whiteSpace, BitSet punctuation) {
        List<Integer> characters = new ArrayList<>(all());
        characters.add(SEPARATOR);
        try (Binding binding = new Binding(definition("null", BERT_BYTES, "[]"))) {
            for (int from = 0; from < characters.size(); from += BATCH) {
                List<Integer> batch = characters.subList(from, Math.min(characters.size(), from + BATCH));
                StringBuilder text = new StringBuilder();
                batch.forEach(c -> text.append('a').appendCodePoint(c).append("b "));
                List<String> words = words(binding.encode(text.toString()));
                int at = 0;
                for (int c : batch) {
                    if (!words.get(at).equals("a")) {
                        at++;
                    } else if (words.get(at + 1).equals("b")) {
                        whiteSpace.set(c);
                        at += 2;
                    } else {
                        punctuation.set(c);
                        at += 3;
                    }
                }
                if (at != words.size()) {
                    throw new AssertionError("the words do not fit the characters");
                }
            }
        }
    }

    private static List<String> words(Binding.Encoded encoded) {
        List<String> words = new ArrayList<>();
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.ids().length; i++) {
            word.write((int) encoded.ids()[i]);
            if (i + 1 == encoded.ids().length || encoded.words()[i + 1] != encoded.words()[i]) {
                words.add(word.toString(StandardCharsets.UTF_8));
                word.reset();
            }
        }
        return words;
    }

    /** The characters that an added token, of which only whole words count, cannot follow. */
    private static BitSet wordCharacters() {
        BitSet characters = new BitSet();
        try (Binding binding = new Binding(definition("null", BYTES, ADDED))) {
            List<Integer> all = new ArrayList<>(all());
            all.add(SEPARATOR);
            for (int from = 0; from < all.size(); from += SMALL_BATCH) {
                List<Integer> batch = all.subList(from, Math.min(all.size(), from + SMALL_BATCH));
                StringBuilder text = new StringBuilder();
                batch.forEach(c -> text.append("\r\n").appendCodePoint(c).append("ZZZ"));
                long[] ids = binding.encode(text.toString()).ids();
                int at = 0;
                for (int c : batch) {
                    at += 2 + Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
                    if (ids[at] == 256) {
                        at++;
                    } else {
                        characters.set(c);
                        at += 3;
                    }
                }
                if (at != ids.length) {
                    throw new AssertionError("the tokens do not fit the characters");
                }
            }
        }
        return characters;
    }

    /** Two marks change places where the first one's class is the higher. */
    private static Map<String, BitSet> combiningClasses(Map<Integer, int[]> decompositions) {
        try (Binding binding = new Binding(definition(DECOMPOSE, BYTES, "[]"))) {
            List<BitSet> classes = new ArrayList<>();
            int lowest = 0x334; // A tilde overlay, of class 1.
            int highest = 0x345; // Greek's iota below, of class 240.
            for (int c : all()) {
                if (!decompositions.containsKey(c)
                        && (swaps(binding, c, lowest) || swaps(binding, highest, c) || c == highest)) {
                    insert(binding, classes, c);
                }
            }
            Map<String, BitSet> named = new TreeMap<>();
            for (int i = 0; i < classes.size(); i++) {
                named.put(String.format("combining-class %02x", i + 1), classes.get(i));
            }
            return named;
        }
    }

    private static boolean swaps(Binding binding, int first, int second) {
        String text = new StringBuilder("|")
                .appendCodePoint(first)
                .appendCodePoint(second)
                .toString();
        return !normalized(binding, text).equals(text);
    }

    private static void insert(Binding binding, List<BitSet> classes, int c) {
        int at = 0;
        while (at < classes.size() && swaps(binding, c, classes.get(at).nextSetBit(0))) {
            at++;
        }
        if (at == classes.size() || swaps(binding, classes.get(at).nextSetBit(0), c)) {
            classes.add(at, new BitSet());
        }
        classes.get(at).set(c);
    }

    private static void write(StringBuilder file, String name, BitSet members) {
        List<String> entries = new ArrayList<>();
        for (int from = members.nextSetBit(0); from >= 0; from = members.nextSetBit(members.nextClearBit(from))) {
            int to = members.nextClearBit(from) - 1;
            entries.add(from == to ? Integer.toHexString(from) : String.format("%x-%x", from, to));
        }
        write(file, name, entries);
    }

    private static void write(StringBuilder file, String name, Map<Integer, int[]> mappings) {
        List<String> entries = new ArrayList<>();
        List<Integer> sources = new ArrayList<>(mappings.keySet());
        for (int i = 0; i < sources.size(); ) {
            int from = sources.get(i);
            int[] target = mappings.get(from);
            int step = i + 1 < sources.size() ? sources.get(i + 1) - from : 1;
            int last = i;
            while (step <= 2 && last + 1 < sources.size() && follows(sources, mappings, last, step)) {
                last++;
            }
            entries.add(entry(from, sources.get(last), step, target));
            i = last + 1;
        }
        write(file, name, entries);
    }

    private static boolean follows(List<Integer> sources, Map<Integer, int[]> mappings, int i, int step) {
        int[] target = mappings.get(sources.get(i));
        int[] next = mappings.get(sources.get(i + 1));
        return sources.get(i + 1) - sources.get(i) == step
                && target.length == 1
                && next.length == 1
                && next[0] - target[0] == step;
    }

    private static String entry(int from, int to, int step, int[] target) {
        StringBuilder entry = new StringBuilder(Integer.toHexString(from));
        if (from != to) {
            entry.append('-').append(Integer.toHexString(to));
            if (step == 2) {
                entry.append("/2");
            }
        }
        for (int i = 0; i < target.length; i++) {
            entry.append(i == 0 ? '>' : ',').append(Integer.toHexString(target[i]));
        }
        return entry.toString();
    }

    private static void write(StringBuilder file, String name, List<String> entries) {
        StringBuilder line = new StringBuilder(name).append(':');
        for (String entry : entries) {
            if (line.length() + entry.length() > 127) {
                file.append(line).append('\n');
                line.setLength(0);
                line.append(name).append(':');
            }
            line.append(' ').append(entry);
        }
        file.append(line).append('\n');
    }
}
