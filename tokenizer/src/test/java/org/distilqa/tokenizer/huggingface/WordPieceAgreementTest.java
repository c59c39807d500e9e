package org.distilqa.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.distilqa.json.JsonTree;
import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Core's WordPiece beside the native library's, on random texts, vocabularies and settings. */
class WordPieceAgreementTest {
    /** How many texts are compared; {@code -Ddistilqa.fuzz=1000000} for a million. */
    private static final int TEXTS = Integer.getInteger("distilqa.fuzz", 20_000);

    private static final long SEED = Long.getLong("distilqa.fuzz.seed", 20261126);
    private static final int TEXTS_PER_TOKENIZER = 250;
    private static final int SINGLE_WORD = 1;
    private static final int LEFT_STRIP = 2;
    private static final int RIGHT_STRIP = 4;
    private static final List<String> ADDED = List.of(
            "quill",
            "new york",
            "É",
            "中文",
            "<x>",
            "ﬁ",
            "the mill",
            "Ada",
            "a",
            " ",
            "  b",
            "İ",
            "1912",
            "e\u0301",
            "가",
            "😀",
            "😀\u200d",
            "_",
            "-",
            "York 1912");

    @TempDir
    private Path directory;

    @Test
    void givesTheTokensOfTheNativeLibrary() throws IOException {
        Random random = new Random(SEED);
        OddTexts texts = new OddTexts(random);
        for (int done = 0; done < TEXTS; done += TEXTS_PER_TOKENIZER) {
            String definition = definition(random, texts);
            Files.writeString(directory.resolve("tokenizer.json"), definition);
            ModelFiles files = ModelFiles.of(directory);
            try (Tokenizer core = Tokenizers.open(files);
                    Tokenizer library = new HuggingFaceTokenizerProvider().open(files)) {
                assertThat(core).isNotInstanceOf(HuggingFaceTokenizer.class);
                assertThat(core.vocabularySize()).isEqualTo(library.vocabularySize());
                assertThat(core.classToken()).isEqualTo(library.classToken());
                assertThat(core.separatorToken()).isEqualTo(library.separatorToken());
                for (int i = 0; i < TEXTS_PER_TOKENIZER; i++) {
                    requireEqual(core, library, texts.next(), definition);
                }
                requireEqual(core, library, texts.nextLong(), definition);
            }
        }
    }

    private static void requireEqual(Tokenizer core, Tokenizer library, String text, String definition) {
        List<String> ours = tokens(core.tokenize(text));
        List<String> theirs = tokens(library.tokenize(text));
        int same = 0;
        while (same < Math.min(ours.size(), theirs.size()) && ours.get(same).equals(theirs.get(same))) {
            same++;
        }
        assertThat(ours.subList(same, Math.min(ours.size(), same + 3)))
                .as(
                        "of token %d on, %s with %s",
                        same, escaped(text), definition.substring(0, definition.indexOf("\"vocab\"")))
                .isEqualTo(theirs.subList(same, Math.min(theirs.size(), same + 3)));
    }

    private static List<String> tokens(TokenizedText text) {
        return IntStream.range(0, text.size())
                .mapToObj(i -> text.ids()[i] + " at " + text.starts()[i] + ".." + text.ends()[i] + " of word "
                        + text.words()[i])
                .toList();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(unit -> escaped.append(String.format("\\u%04x", unit)));
        return escaped.toString();
    }

    private static String definition(Random random, OddTexts texts) {
        ObjectNode definition = JsonNodeFactory.instance.objectNode();
        definition.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = definition.putArray("added_tokens");
        ObjectNode normalizer = definition.putObject("normalizer").put("type", "BertNormalizer");
        normalizer
                .put("clean_text", random.nextInt(4) > 0)
                .put("handle_chinese_chars", random.nextInt(4) > 0)
                .put("lowercase", random.nextBoolean());
        Boolean[] accents = {null, true, false};
        normalizer.put("strip_accents", accents[random.nextInt(3)]);
        definition.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        definition
                .putObject("post_processor")
                .put("type", "BertProcessing")
                .<ObjectNode>set("sep", definition.arrayNode().add("[SEP]").add(3))
                .set("cls", definition.arrayNode().add("[CLS]").add(2));
        definition.putNull("decoder");
        String prefix = List.of("##", "##", "##", "x", "").get(random.nextInt(5));
        ObjectNode model = definition.putObject("model").put("type", "WordPiece");
        model.put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", prefix)
                .put("max_input_chars_per_word", random.nextInt(4) == 0 ? 1 + random.nextInt(20) : 100);
        Set<String> vocabulary = vocabulary(random, texts, prefix);
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(token -> ids.put(token, ids.size()));
        added(random, added, ids);
        return JsonTree.write(definition);
    }

    /** Pieces of odd texts, as they stand and normalized in some ways, so that many words are known. */
    private static Set<String> vocabulary(Random random, OddTexts texts, String prefix) {
        Set<String> vocabulary = new LinkedHashSet<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        while (vocabulary.size() < 3000) {
            int[] text = texts.next()
                    .codePoints()
                    .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                    .toArray();
            if (text.length > 0) {
                int from = random.nextInt(text.length);
                int length = Math.min(text.length - from, 1 + random.nextInt(3));
                String piece = new String(text, from, length);
                String variant = switch (random.nextInt(3)) {
                    case 0 -> piece;
                    case 1 -> piece.toLowerCase(Locale.ROOT);
                    default ->
                        Normalizer.normalize(piece, Normalizer.Form.NFD)
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("\\p{Mn}", "");
                };
                vocabulary.add(random.nextInt(3) == 0 ? variant : prefix + variant);
            }
        }
        for (int c = '!'; c <= '~'; c++) {
            vocabulary.add(Character.toString(c));
            vocabulary.add(prefix + Character.toString(c));
        }
        vocabulary.remove("");
        return vocabulary;
    }

    private static void added(Random random, ArrayNode added, ObjectNode ids) {
        for (String special : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
            added(added, special, ids.path(special).intValue(), 0, false, true);
        }
        int next = ids.size();
        List<String> contents = new ArrayList<>(ADDED);
        Collections.shuffle(contents, random);
        for (String content : contents.subList(0, random.nextInt(3) * random.nextInt(4))) {
            int id = ids.has(content) ? ids.path(content).intValue() : next++;
            // The library ends the process where a token takes white space before it that the last token took already.
            int flags = random.nextInt(8) & (content.startsWith(" ") ? ~LEFT_STRIP : -1);
            added(added, content, id, flags, random.nextBoolean(), random.nextInt(6) == 0);
        }
    }

    private static void added(ArrayNode added, String content, int id, int flags, boolean normalized, boolean special) {
        added.addObject()
                .put("id", id)
                .put("content", content)
                .put("single_word", (flags & SINGLE_WORD) != 0)
                .put("lstrip", (flags & LEFT_STRIP) != 0)
                .put("rstrip", (flags & RIGHT_STRIP) != 0)
                .put("normalized", normalized)
                .put("special", special);
    }
}
