package org.distilqa.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.distilqa.ClosedException;
import org.distilqa.InvalidModelException;
import org.distilqa.json.JsonTree;
import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.TokenizerProvider;
import org.distilqa.tokenizer.Tokenizers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceTokenizerTest {
    private static final List<String> VOCABULARY = List.of(
            "[PAD]",
            "[UNK]",
            "[CLS]",
            "[SEP]",
            "[MASK]",
            "the",
            "cafe",
            "open",
            "##ed",
            "zoe",
            "in",
            "sao",
            "!",
            "北",
            "京",
            "The",
            "##s",
            "\u0645\u0631\u062d\u0628\u0627",
            "a",
            "Zoë",
            "##ll",
            "we",
            "it",
            "'",
            "s");

    @TempDir
    private Path directory;

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(TokenizerProvider.class).stream().map(ServiceLoader.Provider::type))
                .contains(HuggingFaceTokenizerProvider.class);
    }

    @Test
    void splitsLowerCasesAndStripsAccentsAsBertDoes() throws IOException {
        try (Tokenizer tokenizer = fromVocabulary("{\"do_lower_case\": true}")) {
            assertThat(tokens(tokenizer, "The Café opened in São!"))
                    .containsExactly("the", "cafe", "open", "##ed", "in", "sao", "!");
        }
    }

    @Test
    void keepsCaseAndAccentsOfACasedVocabulary() throws IOException {
        try (Tokenizer tokenizer = fromVocabulary("{\"do_lower_case\": false}")) {
            assertThat(tokens(tokenizer, "The the Zoë ZOË")).containsExactly("The", "the", "Zoë", "[UNK]");
        }
    }

    @Test
    void lowerCasesWithoutATokenizerConfig() throws IOException {
        write(definition());
        try (Tokenizer tokenizer = open()) {
            assertThat(tokens(tokenizer, "THE")).containsExactly("the");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The café opened in São!",
                "😀 the 😀😀 café 𝒳 opened",
                "cafe\u0301 the, in the a\u0301\u0302 we",
                "北京店 opened. 京",
                "\u0645\u0631\u062d\u0628\u0627 the",
                "line\r\n\tthe\r\nin the\u00a0café\u3000it",
                "the \u200bcafé\u0000the \ufeffin",
                "👩‍👩‍👧‍👦 the 🇧🇷 in",
                "[SEP] the [CLS] in [MASK]",
                "we'll it's",
                "",
                "   "
            })
    void givesOffsetsInUtf16UnitsThatCutTheTextExactly(String text) throws IOException {
        try (Tokenizer tokenizer = fromVocabulary("{\"do_lower_case\": true}")) {
            TokenizedText tokenized = tokenizer.tokenize(text);
            int known = 0;
            int end = 0;
            int word = -1;
            for (int i = 0; i < tokenized.size(); i++) {
                assertThat(tokenized.starts()[i]).isBetween(end, text.length());
                end = tokenized.ends()[i];
                assertThat(end).isBetween(tokenized.starts()[i] + 1, text.length());
                String token = VOCABULARY.get(tokenized.ids()[i]).replace("##", "");
                String piece = text.substring(tokenized.starts()[i], end);
                if (!token.equals("[UNK]")) {
                    assertThat(plain(piece)).isEqualTo(plain(token));
                    known++;
                }
                assertThat(tokenized.words()[i]).isBetween(word, word + 1);
                word = tokenized.words()[i];
            }
            assertThat(known > 0).isEqualTo(!text.isBlank());
        }
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{Mn}", "")
                .toLowerCase(Locale.ROOT);
    }

    @Test
    void findsWordsAfterTextBeyondTheBasicPlane() throws IOException {
        assertFinds("the", "the", "\ud83d\ude00\ud83d\ude00 the \ud835\udcb3 caf\u00e9");
        assertFinds("cafe", "caf\u00e9", "\ud83d\ude00\ud83d\ude00 the \ud835\udcb3 caf\u00e9");
    }

    @Test
    void takesHalfASurrogatePairForAnUnknownCharacter() throws IOException {
        assertFinds("cafe", "caf\u00e9", "the \ud83d caf\u00e9 \udc00 in\ud83d");
    }

    private void assertFinds(String token, String written, String text) throws IOException {
        try (Tokenizer tokenizer = fromVocabulary("{}")) {
            TokenizedText tokenized = tokenizer.tokenize(text);
            int found = index(tokenized.ids(), VOCABULARY.indexOf(token));
            assertThat(text.substring(tokenized.starts()[found], tokenized.ends()[found]))
                    .isEqualTo(written);
        }
    }

    @Test
    void numbersWordsAsThePreTokenizerSplitsThem() throws IOException {
        try (Tokenizer tokenizer = fromVocabulary("{}")) {
            TokenizedText tokenized = tokenizer.tokenize("opened it's");
            assertThat(tokens(tokenizer, "opened it's")).containsExactly("open", "##ed", "it", "'", "s");
            assertThat(tokenized.words()).containsExactly(0, 0, 1, 2, 3);
        }
    }

    @Test
    void knowsTheSpecialTokensAndTheSizeOfTheVocabulary() throws IOException {
        try (Tokenizer tokenizer = fromVocabulary("{}")) {
            assertThat(tokenizer.classToken()).isEqualTo(2);
            assertThat(tokenizer.separatorToken()).isEqualTo(3);
            assertThat(tokenizer.vocabularySize()).isEqualTo(VOCABULARY.size());
        }
    }

    @Test
    void ignoresTruncationAndPadding() throws IOException {
        ObjectNode definition = definition();
        definition
                .putObject("truncation")
                .put("max_length", 4)
                .put("strategy", "LongestFirst")
                .put("stride", 0)
                .put("direction", "Right");
        ObjectNode padding = definition.putObject("padding");
        padding.putObject("strategy").put("Fixed", 16);
        padding.put("direction", "Right")
                .put("pad_to_multiple_of", 8)
                .put("pad_id", 0)
                .put("pad_type_id", 0)
                .put("pad_token", "[PAD]");
        ((ObjectNode) definition.path("model").path("vocab")).put("extra", VOCABULARY.size());
        write(definition);
        try (Tokenizer tokenizer = open()) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(VOCABULARY.size() + 1);
            assertThat(tokenizer.tokenize("the ".repeat(10)).size()).isEqualTo(10);
            assertThat(tokenizer.tokenize("the").size()).isEqualTo(1);
        }
    }

    @Test
    void letsTheTokenizerConfigDecideAboutLowerCase() throws IOException {
        write(definition());
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
        try (Tokenizer tokenizer = open()) {
            assertThat(tokenizer.tokenize("The").ids()).containsExactly(VOCABULARY.indexOf("The"));
        }
    }

    @Test
    void letsTheTokenizerConfigDecideAboutAccents() throws IOException {
        write(definition());
        try (Tokenizer tokenizer = open()) {
            assertThat(tokens(tokenizer, "tĥe")).containsExactly("the");
        }
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"strip_accents\": false}");
        try (Tokenizer tokenizer = open()) {
            assertThat(tokens(tokenizer, "tĥe")).containsExactly("[UNK]");
        }
    }

    @Test
    void letsTheTokenizerConfigDecideAboutChineseCharacters() throws IOException {
        write(definition());
        try (Tokenizer tokenizer = open()) {
            assertThat(tokens(tokenizer, "the中")).containsExactly("the", "[UNK]");
        }
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"tokenize_chinese_chars\": false}");
        try (Tokenizer tokenizer = open()) {
            assertThat(tokens(tokenizer, "the中")).containsExactly("[UNK]");
        }
    }

    @Test
    void givesTokenTypesUnlessTheConfigLeavesThemOut() throws IOException {
        try (Tokenizer tokenizer = fromVocabulary("{}")) {
            assertThat(tokenizer.givesTokenTypes()).isTrue();
        }
        try (Tokenizer tokenizer = fromVocabulary("{\"model_input_names\": [\"input_ids\", \"attention_mask\"]}")) {
            assertThat(tokenizer.givesTokenTypes()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483647", "4294967295", "4294967296", "-1", "\"7\""})
    void refusesATokenIdThatIsOutOfRange(String id) throws IOException {
        String json = JsonTree.write(definition());
        Path file = directory.resolve("tokenizer.json");
        Files.writeString(file, json.replace("\"vocab\":{", "\"vocab\":{\"odd\":" + id + ","));
        assertThatThrownBy(this::open)
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(file + ": has the token id " + id);
    }

    @Test
    void saysWhichDefinitionCannotSplitAText() throws IOException {
        String json = JsonTree.write(definition());
        Path file = directory.resolve("tokenizer.json");
        Files.writeString(file, json.replace("\"unk_token\":\"[UNK]\"", "\"unk_token\":\"[no such]\""));
        try (Tokenizer tokenizer = open()) {
            assertThat(tokens(tokenizer, "the")).containsExactly("the");
            assertThatThrownBy(() -> tokenizer.tokenize("qqq"))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageStartingWith(file + ": cannot split a text into tokens: ");
        }
    }

    @Test
    void readsSpecialTokensInATextAsTheirCharacters() throws IOException {
        ObjectNode definition = definition();
        added(definition, "[ENT]", true);
        write(definition);
        try (Tokenizer tokenizer = open()) {
            assertThat(tokens(tokenizer, "the [SEP] a [ENT] [CLS][UNK]"))
                    .startsWith("the", "[UNK]", "[UNK]", "[UNK]", "a", "[UNK]", "[UNK]", "[UNK]")
                    .doesNotContain("[SEP]", "[CLS]");
            assertThat(tokenizer.vocabularySize()).isEqualTo(VOCABULARY.size() + 1);
            assertThat(tokenizer.classToken()).isEqualTo(2);
        }
    }

    @Test
    void readsSpecialTokensAsTextWhereNothingSplitsThem() throws IOException {
        ObjectNode definition = definition();
        definition.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        ((ObjectNode) definition.path("normalizer")).put("lowercase", false);
        write(definition);
        try (Tokenizer tokenizer = open()) {
            assertThat(tokens(tokenizer, "the [SEP] a [CLS]")).containsExactly("the", "[UNK]", "a", "[UNK]");
        }
    }

    @Test
    void readsSpecialTokensAsTextInAUnigramModel() throws IOException {
        ObjectNode definition = definition();
        definition.putNull("normalizer").putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        ArrayNode pieces = definition
                .putObject("model")
                .put("type", "Unigram")
                .put("unk_id", 1)
                .putArray("vocab");
        for (String piece : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "S", "E", "P", "[", "]")) {
            pieces.addArray().add(piece).add(-1.5);
        }
        write(definition);
        try (Tokenizer tokenizer = open()) {
            assertThat(tokenizer.tokenize("[SEP] S").ids()).containsExactly(8, 5, 6, 7, 9, 5);
            assertThat(tokenizer.separatorToken()).isEqualTo(3);
        }
    }

    @Test
    void readsSpecialTokensAsTextInABytePairModelAndKeepsWhatItMerges() throws IOException {
        ObjectNode definition = definition();
        definition.putNull("normalizer").putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        definition.putArray("added_tokens");
        added(definition, "[SEP]", true);
        added(definition, "ab", true);
        ObjectNode model = definition.putObject("model").put("type", "BPE").put("unk_token", "u");
        model.putArray("merges").add("a b");
        ObjectNode vocabulary = model.putObject("vocab");
        List.of("u", "a", "[CLS]", "[SEP]", "b", "ab", "[", "]", "S", "E", "P")
                .forEach(token -> vocabulary.put(token, vocabulary.size()));
        write(definition);
        try (Tokenizer tokenizer = open()) {
            assertThat(tokenizer.tokenize("[SEP]").ids()).containsExactly(6, 8, 9, 10, 7);
            assertThat(tokenizer.tokenize("b?").ids()).containsExactly(4, 0);
        }
    }

    @Test
    void findsAddedTokensThatAreNotSpecialAsTheirFlagsSay() throws IOException {
        ObjectNode definition = definition();
        added(definition, "Quill Mill", false).put("single_word", true).put("lstrip", true);
        write(definition);
        try (Tokenizer tokenizer = open()) {
            TokenizedText tokens = tokenizer.tokenize("the  quill mill quill mills");
            assertThat(tokens.ids()).startsWith(5, VOCABULARY.size());
            assertThat(tokens.starts()).startsWith(0, 3);
            assertThat(Arrays.stream(tokens.ids()).filter(id -> id == VOCABULARY.size()))
                    .hasSize(1);
        }
    }

    @Test
    void findsAddedTokensOfTheConfig() throws IOException {
        write(definition());
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"added_tokens_decoder\": {\"" + VOCABULARY.size() + "\": {\"content\": \"quillmill\"}}}");
        try (Tokenizer tokenizer = open()) {
            assertThat(tokenizer.tokenize("the quillmill").ids()).containsExactly(5, VOCABULARY.size());
            assertThat(tokenizer.vocabularySize()).isEqualTo(VOCABULARY.size() + 1);
        }
    }

    @Test
    void leavesAVocabularyAloneToCore() throws IOException {
        Files.write(directory.resolve("vocab.txt"), VOCABULARY);
        assertThat(new HuggingFaceTokenizerProvider().supports(ModelFiles.of(directory)))
                .isFalse();
    }

    @Test
    void isAskedForTokenizersThatAreNotOfBertsKind() throws IOException {
        write(definition());
        try (Tokenizer tokenizer = Tokenizers.open(ModelFiles.of(directory))) {
            assertThat(tokenizer).isNotInstanceOf(HuggingFaceTokenizer.class);
        }
        ObjectNode definition = definition();
        definition.putObject("pre_tokenizer").put("type", "Whitespace");
        write(definition);
        try (Tokenizer tokenizer = Tokenizers.open(ModelFiles.of(directory))) {
            assertThat(tokenizer).isInstanceOf(HuggingFaceTokenizer.class);
        }
    }

    @Test
    void tokenizesABook() throws IOException {
        try (Tokenizer tokenizer = fromVocabulary("{}")) {
            String text = "The café opened in São! 😀 ".repeat(50_000);
            TokenizedText tokenized = tokenizer.tokenize(text);
            assertThat(tokenized.size()).isEqualTo(50_000 * 8);
            assertThat(tokenized.ends()[tokenized.size() - 1]).isEqualTo(text.length() - 1);
        }
    }

    @Test
    void servesManyThreads() throws Exception {
        try (Tokenizer tokenizer = fromVocabulary("{}")) {
            ExecutorService executor = Executors.newFixedThreadPool(8);
            try {
                int[] expected = tokenizer.tokenize("the café opened").ids();
                List<Callable<Void>> tasks = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    tasks.add(() -> {
                        for (int round = 0; round < 500; round++) {
                            assertThat(tokenizer.tokenize("the café opened").ids())
                                    .containsExactly(expected);
                        }
                        return null;
                    });
                }
                for (Future<Void> result : executor.invokeAll(tasks)) {
                    result.get();
                }
            } finally {
                executor.shutdownNow();
            }
        }
    }

    @Test
    void closesOnceAndRefusesToTokenizeAfterwards() throws IOException {
        Tokenizer tokenizer = fromVocabulary("{}");
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.tokenize("the")).isInstanceOf(ClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{}", "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}}", "nonsense"
            })
    void refusesATokenizerJsonThatIsNone(String json) throws IOException {
        Path file = directory.resolve("tokenizer.json");
        Files.writeString(file, json);
        assertThatThrownBy(this::open).isInstanceOf(InvalidModelException.class).hasMessageStartingWith(file + ": ");
    }

    static List<Arguments> beyondBounds() {
        String replace = "{'type': 'Replace', 'pattern': {'String': 'a'}, 'content': '%s'}";
        String twice = replace.formatted("aa");
        byte[] compiled = new byte[4 + 8 + 300];
        Arrays.fill(compiled, 12, compiled.length, (byte) 'a');
        compiled[0] = 8;
        return List.of(
                Arguments.of("normalizer", replace.formatted("a".repeat(65)), "make a text 65 times longer"),
                Arguments.of("normalizer", replace.formatted("a".repeat(4001)), "has a string of 4001 characters"),
                Arguments.of(
                        "normalizer",
                        "{'type': 'Sequence', 'normalizers': [" + (twice + ",").repeat(40) + twice + "]}",
                        "times longer; at most 64"),
                Arguments.of(
                        "normalizer",
                        "{'type': 'Replace', 'pattern': {'Regex': 'x*'}, 'content': '" + "a".repeat(64) + "'}",
                        "make a text 65 times longer"),
                Arguments.of(
                        "pre_tokenizer",
                        "{'type': 'Split', 'pattern': {'Regex': '(a+)+$'}, 'behavior': 'Isolated', 'invert': false}",
                        "the regular expression (a+)+$, which repeats what has a repetition"),
                Arguments.of(
                        "normalizer",
                        "{'type': 'Prepend', 'prepend': '" + "a".repeat(64) + "'}",
                        "make a text 65 times longer"),
                Arguments.of(
                        "normalizer",
                        "{'type': 'Precompiled', 'precompiled_charsmap': '"
                                + Base64.getEncoder().encodeToString(compiled) + "'}",
                        "has a replacement of more than 256 bytes"),
                Arguments.of(
                        "post_processor",
                        "{'type': 'TemplateProcessing', 'single': ["
                                + "{'Sequence': {'id': 'A', 'type_id': 0}},".repeat(999)
                                + "{'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [], 'special_tokens': {}}",
                        "puts a text 1000 times"),
                Arguments.of(
                        "model",
                        "{'type': 'WordPiece', 'unk_token': '[UNK]', 'continuing_subword_prefix': '##',"
                                + " 'max_input_chars_per_word': 1001, 'vocab': {'[UNK]': 0}}",
                        "max_input_chars_per_word is 1001"),
                Arguments.of(
                        "model",
                        "{'type': 'WordPiece', 'unk_token': '[UNK]', 'continuing_subword_prefix': '" + "#".repeat(4001)
                                + "', 'max_input_chars_per_word': 100, 'vocab': {'[UNK]': 0}}",
                        "the model has a string of 4001 characters"),
                Arguments.of(
                        "model",
                        "{'type': 'Unigram', 'unk_id': 0, 'vocab': [['" + "a".repeat(1001) + "', 0.0]]}",
                        "has a token of 1001 characters"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("beyondBounds")
    void refusesADefinitionThatAsksForTooMuch(String part, String json, String message) throws IOException {
        ObjectNode definition = definition();
        definition.set(part, JsonTree.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
        write(definition);
        assertThatThrownBy(this::open)
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(directory.resolve("tokenizer.json") + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void refusesMoreAddedTokensThanAnybodyHas() throws IOException {
        ObjectNode definition = definition();
        for (int i = 0; i < 100_000; i++) {
            added(definition, "added" + i, false);
        }
        write(definition);
        assertThatThrownBy(this::open)
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("has more than 100000 added tokens");
    }

    /** Those of SentencePiece models. */
    @Test
    void takesANormalizerThatMakesATextALittleLonger() throws IOException {
        ObjectNode definition = definition();
        definition.set(
                "normalizer",
                JsonTree.read(("{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Lowercase\"},"
                                + " {\"type\": \"Replace\", \"pattern\": {\"Regex\": \" {2,}\"}, \"content\": \" \"},"
                                + " {\"type\": \"Prepend\", \"prepend\": \"t\"}]}")
                        .getBytes(StandardCharsets.UTF_8)));
        write(definition);
        try (Tokenizer tokenizer = open()) {
            assertThat(tokens(tokenizer, "HE   in")).containsExactly("the", "in");
        }
    }

    private Tokenizer fromVocabulary(String config) throws IOException {
        write(definition());
        Files.writeString(directory.resolve("tokenizer_config.json"), config);
        return open();
    }

    private void write(ObjectNode definition) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), JsonTree.write(definition));
    }

    /** A definition of BERT's kind, which any other kind is a change of. */
    private static ObjectNode definition() {
        ObjectNode definition = JsonNodeFactory.instance.objectNode();
        definition.put("version", "1.0");
        for (String special : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
            added(definition, special, true);
        }
        definition
                .putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .put("lowercase", true)
                .putNull("strip_accents");
        definition.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode around = definition.putObject("post_processor").put("type", "BertProcessing");
        around.putArray("cls").add("[CLS]").add(2);
        around.putArray("sep").add("[SEP]").add(3);
        ObjectNode vocabulary = definition
                .putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100)
                .putObject("vocab");
        VOCABULARY.forEach(token -> vocabulary.put(token, vocabulary.size()));
        return definition;
    }

    private static ObjectNode added(ObjectNode definition, String content, boolean special) {
        int known = VOCABULARY.indexOf(content);
        return definition
                .withArray("added_tokens")
                .addObject()
                .put("id", known < 0 ? VOCABULARY.size() : known)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", !special)
                .put("special", special);
    }

    private Tokenizer open() {
        return new HuggingFaceTokenizerProvider().open(ModelFiles.of(directory));
    }

    private static List<String> tokens(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.tokenize(text).ids())
                .mapToObj(VOCABULARY::get)
                .toList();
    }

    private static int index(int[] values, int value) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == value) {
                return i;
            }
        }
        throw new AssertionError("no " + value);
    }
}
