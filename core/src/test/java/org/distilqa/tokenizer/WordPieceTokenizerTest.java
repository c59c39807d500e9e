package org.distilqa.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.distilqa.ClosedException;
import org.distilqa.InvalidModelException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordPieceTokenizerTest {
    private static final int UNKNOWN = 1;
    private static final List<String> VOCABULARY = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cafe", "open", "##ed", "[", "]", "sep", "a", "##b",
            "京", "é");
    private static final int MILLION = 1_000_000;

    /** What would take hours if the time were more than proportional to the length. */
    private static final int HANGS = 60;

    @TempDir
    private Path directory;

    /** See {@code src/test/golden/make_wordpiece.py}. */
    @Test
    void givesWhatHuggingFacesTokenizersGiveForOddTextsInAllSettings() throws IOException {
        JsonNode expected;
        try (InputStream in = getClass().getResourceAsStream("wordpiece.json")) {
            expected = new ObjectMapper().readTree(in);
        }
        List<String> vocabulary = StreamSupport.stream(
                        expected.path("vocabulary").spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
        List<Tokenizer> tokenizers = new ArrayList<>();
        for (JsonNode setting : expected.path("settings")) {
            tokenizers.add(tokenizer(vocabulary, setting));
        }
        assertThat(tokenizers).hasSize(26);
        assertThat(expected.path("cases").size()).isGreaterThan(300);
        for (JsonNode oddText : expected.path("cases")) {
            String text = oddText.path("text").textValue();
            assertThat(oddText.path("results").findValues("settings").stream()
                            .flatMap(settings -> StreamSupport.stream(settings.spliterator(), false)))
                    .as("all settings, each once, of %s", escaped(text))
                    .doesNotHaveDuplicates()
                    .hasSameSizeAs(tokenizers);
            for (JsonNode result : oddText.path("results")) {
                for (JsonNode setting : result.path("settings")) {
                    TokenizedText tokens = tokenizers.get(setting.intValue()).tokenize(text);
                    int[][] columns = {tokens.ids(), tokens.starts(), tokens.ends(), tokens.words()};
                    assertThat(Arrays.deepToString(columns))
                            .as(
                                    "%s with %s",
                                    escaped(text), expected.path("settings").get(setting.intValue()))
                            .isEqualTo(result.path("tokens").toString().replace(",", ", "));
                }
            }
        }
    }

    private Tokenizer tokenizer(List<String> vocabulary, JsonNode setting) {
        ObjectNode definition = TokenizerFolder.bert(vocabulary);
        ObjectNode normalizer = (ObjectNode) definition.path("normalizer");
        for (String name : List.of("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")) {
            normalizer.set(name, setting.path(name));
        }
        ((ObjectNode) definition.path("model"))
                .put("continuing_subword_prefix", setting.path("prefix").textValue())
                .put("max_input_chars_per_word", setting.path("longest").intValue());
        return new TokenizerFolder(directory).writeDefinition(definition).open();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(unit -> escaped.append(String.format("\\u%04x", unit)));
        return escaped.toString();
    }

    @Tag("large")
    @Test
    @Timeout(value = HANGS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void readsAMillionLettersWithoutASpace() {
        TokenizedText tokens = open().tokenize("x".repeat(MILLION));
        assertThat(tokens.ids()).containsExactly(UNKNOWN);
        assertThat(tokens.starts()).containsExactly(0);
        assertThat(tokens.ends()).containsExactly(MILLION);
    }

    @Tag("large")
    @Test
    @Timeout(value = HANGS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void splitsAMillionLettersWithoutASpaceWhereNoWordIsTooLong() {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        ((ObjectNode) definition.path("model")).put("max_input_chars_per_word", Integer.MAX_VALUE);
        Tokenizer tokenizer =
                new TokenizerFolder(directory).writeDefinition(definition).open();
        TokenizedText tokens = tokenizer.tokenize("a" + "b".repeat(MILLION));
        assertThat(tokens.size()).isEqualTo(MILLION + 1);
        assertThat(tokens.ends()[MILLION]).isEqualTo(MILLION + 1);
    }

    @Tag("large")
    @Test
    @Timeout(value = HANGS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void readsAMillionChineseCharacters() {
        TokenizedText tokens = open().tokenize("京".repeat(MILLION));
        assertThat(tokens.size()).isEqualTo(MILLION);
        assertThat(tokens.words()[MILLION - 1]).isEqualTo(MILLION - 1);
        assertThat(tokens.ends()[MILLION - 1]).isEqualTo(MILLION);
    }

    @Tag("large")
    @Test
    @Timeout(value = HANGS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void putsAMillionAccentsOnOneLetterInOrder() {
        // The accent below has a lower class than the one above: the whole run is out of order.
        TokenizedText tokens = open().tokenize("the a" + "\u0301\u0323".repeat(MILLION / 2) + " open");
        assertThat(tokens.ids()).containsExactly(5, 12, 7);
        assertThat(tokens.starts()).containsExactly(0, 4, MILLION + 6);
        assertThat(tokens.ends()).containsExactly(3, 5, MILLION + 10);
    }

    @Tag("large")
    @Test
    @Timeout(value = HANGS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void findsAddedTokensInAMillionCharacters() {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        definition
                .withArray("added_tokens")
                .addObject()
                .put("id", VOCABULARY.size())
                .put("content", "ab")
                .put("single_word", true)
                .put("lstrip", true)
                .put("normalized", false);
        Tokenizer tokenizer =
                new TokenizerFolder(directory).writeDefinition(definition).open();
        assertThat(tokenizer.tokenize("ab".repeat(MILLION / 2)).ids()).containsExactly(UNKNOWN);
        TokenizedText tokens = tokenizer.tokenize(" ".repeat(MILLION) + "ab");
        assertThat(tokens.ids()).containsExactly(VOCABULARY.size());
        assertThat(tokens.starts()).containsExactly(0);
    }

    @Test
    void readsSpecialTokensInATextAsTheirCharacters() {
        TokenizedText tokens = open().tokenize("The [SEP] a");
        assertThat(tokens.ids()).containsExactly(5, 9, 11, 10, 12);
        assertThat(tokens.starts()).containsExactly(0, 4, 5, 8, 10);
        assertThat(tokens.words()).containsExactly(0, 1, 2, 3, 4);
    }

    /** A text is normalized in parts of 4,096 units and what is left of a word. */
    @ParameterizedTest
    @ValueSource(ints = {4090, 4091, 4092, 4093, 4094, 4095, 4096, 4097})
    void findsAWordWhereverItStandsInALongText(int start) {
        TokenizedText tokens = open().tokenize(" ".repeat(start) + "opened the");
        assertThat(tokens.ids()).containsExactly(7, 8, 5);
        assertThat(tokens.starts()).containsExactly(start, start + 4, start + 7);
        assertThat(tokens.ends()).containsExactly(start + 4, start + 6, start + 10);
        assertThat(tokens.words()).containsExactly(0, 0, 1);
    }

    /** U+000B is white space, but removed first, as control characters are: it ends no word. */
    @ParameterizedTest
    @ValueSource(ints = {4091, 4092, 4093})
    void findsAWordAroundARemovedCharacterWhereverItStandsInALongText(int start) {
        TokenizedText tokens = open().tokenize(" ".repeat(start) + "open\u000bed");
        assertThat(tokens.ids()).containsExactly(7, 8);
        assertThat(tokens.starts()).containsExactly(start, start + 5);
        assertThat(tokens.ends()).containsExactly(start + 4, start + 7);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsChineseCharactersInALongTextAloneOrAsOneWordAsADefinitionSays(boolean apart) {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        ((ObjectNode) definition.path("normalizer")).put("handle_chinese_chars", apart);
        Tokenizer tokenizer =
                new TokenizerFolder(directory).writeDefinition(definition).open();
        TokenizedText tokens = tokenizer.tokenize(" ".repeat(4094) + "京京京京");
        if (apart) {
            assertThat(tokens.ids()).containsExactly(14, 14, 14, 14);
            assertThat(tokens.words()).containsExactly(0, 1, 2, 3);
        } else {
            assertThat(tokens.ids()).containsExactly(UNKNOWN);
            assertThat(tokens.ends()).containsExactly(4098);
        }
    }

    @Test
    void countsAnAddedTokenAsAWord() {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        int first = VOCABULARY.size();
        definition
                .withArray("added_tokens")
                .addObject()
                .put("id", first)
                .put("content", "Ada")
                .put("normalized", false);
        definition.withArray("added_tokens").addObject().put("id", first + 1).put("content", "quill");
        Tokenizer tokenizer =
                new TokenizerFolder(directory).writeDefinition(definition).open();
        TokenizedText tokens = tokenizer.tokenize("the AdaQuillAda opened");
        assertThat(tokens.ids()).containsExactly(5, first, first + 1, first, 7, 8);
        assertThat(tokens.words()).containsExactly(0, 1, 2, 3, 4, 4);
        assertThat(tokens.starts()).containsExactly(0, 4, 7, 12, 16, 20);
    }

    @Test
    void refusesAfterClosing() {
        Tokenizer tokenizer = open();
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.tokenize("the")).isInstanceOf(ClosedException.class);
    }

    @Test
    void saysThatAVocabularyWithoutItsUnknownTokenCannotSplitAText() {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        ((ObjectNode) definition.path("model")).put("unk_token", "[no such]");
        Tokenizer tokenizer =
                new TokenizerFolder(directory).writeDefinition(definition).open();
        assertThat(tokenizer.tokenize("the").ids()).containsExactly(5);
        assertThatThrownBy(() -> tokenizer.tokenize("qqq"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(directory.resolve("tokenizer.json") + ": cannot split a text into tokens: ");
    }

    @Test
    void servesManyThreads() throws Exception {
        Tokenizer tokenizer = open();
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            List<Callable<int[]>> tasks = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                tasks.add(() -> tokenizer.tokenize("the café opened").ids());
            }
            for (Future<int[]> result : executor.invokeAll(tasks)) {
                assertThat(result.get()).containsExactly(5, 6, 7, 8);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private Tokenizer open() {
        return new TokenizerFolder(directory).writeVocabulary(VOCABULARY).open();
    }
}
