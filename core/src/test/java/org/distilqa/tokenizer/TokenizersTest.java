package org.distilqa.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.distilqa.CapturedLog;
import org.distilqa.InvalidModelException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.json.JsonTree;
import org.distilqa.model.ModelFiles;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizersTest {
    private static final List<String> VOCABULARY = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cafe", "open", "##ed", "Zoë", "The", "中", "quill",
            "##mill", "tĥe", "new", "york");
    private static final int ADDED = VOCABULARY.size();

    @TempDir
    private Path directory;

    @Test
    void readsAVocabularyAsBertsWithLowerCaseUnlessTheConfigSaysOtherwise() {
        folder().writeVocabulary(VOCABULARY);
        assertThat(tokens("The Café opened")).containsExactly("the", "cafe", "open", "##ed");
        folder().write("tokenizer_config.json", "{\"do_lower_case\": false}");
        assertThat(tokens("The Zoë ZOË")).containsExactly("The", "Zoë", "[UNK]");
    }

    @Test
    void takesSettingsThatAreNullForUnsaid() {
        folder().writeVocabulary(VOCABULARY)
                .write(
                        "tokenizer_config.json",
                        "{\"do_lower_case\": null, \"strip_accents\": null, \"unk_token\": null, \"cls_token\": null}");
        assertThat(tokens("THE café")).containsExactly("the", "cafe");
    }

    /** As transformers gives a network what {@code model_input_names} lists, by default BERT's three inputs. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | {}",
                "true | {'model_input_names': ['input_ids', 'token_type_ids', 'attention_mask']}",
                "false | {'model_input_names': ['input_ids', 'attention_mask']}",
                "false | {'model_input_names': []}",
                "true | {'model_input_names': null}",
                "false | {'tokenizer_class': 'DistilBertTokenizerFast'}",
                "true | {'tokenizer_class': 'BertTokenizer'}",
                "true | {'tokenizer_class': 'DistilBertTokenizer', 'model_input_names': ['token_type_ids']}"
            },
            quoteCharacter = '"')
    void givesTokenTypesAsTheConfigSays(boolean given, String config) {
        folder().writeVocabulary(VOCABULARY).write("tokenizer_config.json", config.replace('\'', '"'));
        assertThat(folder().open().givesTokenTypes()).isEqualTo(given);
    }

    @Test
    void doesNotCountBlankLinesAtTheEndOfAVocabulary() {
        folder().write("vocab.txt", String.join("\n", VOCABULARY) + "\n\n \n");
        assertThat(folder().open().vocabularySize()).isEqualTo(VOCABULARY.size());
        assertThat(tokens("the")).containsExactly("the");
    }

    @Test
    void countsABlankLineWithinAVocabularyAsAnId() {
        folder().write("vocab.txt", "[UNK]\r\n[CLS]\r\n\r\n[SEP]\r\nthe\r\n");
        assertThat(folder().open().tokenize("the").ids()).containsExactly(4);
        assertThat(folder().open().vocabularySize()).isEqualTo(5);
    }

    @Test
    void takesSpecialTokensOfOtherNamesFromTheConfig() {
        folder().writeVocabulary(List.of("<u>", "<c>", "<s>", "the"))
                .write(
                        "tokenizer_config.json",
                        "{\"unk_token\": \"<u>\", \"cls_token\": {\"content\": \"<c>\"}, \"sep_token\": \"<s>\"}");
        Tokenizer tokenizer = folder().open();
        assertThat(tokenizer.classToken()).isEqualTo(1);
        assertThat(tokenizer.separatorToken()).isEqualTo(2);
        assertThat(tokenizer.tokenize("the x").ids()).containsExactly(3, 0);
    }

    @Test
    void takesSpecialTokensOfOtherNamesFromTheSpecialTokensMap() {
        folder().writeVocabulary(List.of("<unk>", "<s>", "</s>", "the"))
                .write(
                        "special_tokens_map.json",
                        "{\"cls_token\": \"<s>\", \"sep_token\": {\"content\": \"</s>\"}, \"unk_token\": \"<unk>\"}");
        Tokenizer tokenizer = folder().open();
        assertThat(tokenizer.classToken()).isEqualTo(1);
        assertThat(tokenizer.separatorToken()).isEqualTo(2);
        assertThat(tokenizer.tokenize("x").ids()).containsExactly(0);
    }

    @Test
    void prefersTheSpecialTokensMapToAConfigOfTheOlderKindOnly() {
        folder().writeVocabulary(List.of("[UNK]", "<a>", "<b>", "[SEP]"))
                .write("special_tokens_map.json", "{\"cls_token\": \"<a>\"}")
                .write("tokenizer_config.json", "{\"cls_token\": \"<b>\"}");
        assertThat(folder().open().classToken()).isEqualTo(1);
        folder().write("tokenizer_config.json", "{\"cls_token\": \"<b>\", \"added_tokens_decoder\": {}}");
        assertThat(folder().open().classToken()).isEqualTo(2);
    }

    @Test
    void findsAddedTokensOfTheirOwnFile() {
        folder().writeVocabulary(VOCABULARY)
                .write("added_tokens.json", "{\"quillmill\": " + ADDED + ", \"[SEP]\": 3}")
                .write("special_tokens_map.json", "{\"sep_token\": \"[SEP]\"}");
        Tokenizer tokenizer = folder().open();
        assertThat(tokenizer.vocabularySize()).isEqualTo(ADDED + 1);
        TokenizedText tokens = tokenizer.tokenize("the Quillmills [SEP]");
        assertThat(tokens.ids()).startsWith(5, ADDED, 1);
        assertThat(tokens.ids()).doesNotContain(3);
        assertThat(tokens.starts()).startsWith(0, 4, 13);
        assertThat(tokens.words()).startsWith(0, 1, 2);
    }

    @Test
    void findsAddedTokensOfTheConfigAsItsFlagsSay() {
        folder().writeVocabulary(VOCABULARY)
                .write(
                        "tokenizer_config.json",
                        "{\"added_tokens_decoder\": {\"" + ADDED + "\": " + added("New York", "\"normalized\": false")
                                + ", \"" + (ADDED + 1) + "\": " + added("the", "\"single_word\": true") + ", \""
                                + (ADDED + 2) + "\": " + added("<x>", "\"lstrip\": true, \"rstrip\": true") + "}}");
        assertThat(ids("New York new york")).containsExactly(ADDED, 15, 16);
        assertThat(ids("THE theopened"))
                .as("a token of the vocabulary keeps its id")
                .containsExactly(5, 1);
        TokenizedText stripped = folder().open().tokenize("the  <X> new");
        assertThat(stripped.ids()).containsExactly(5, ADDED + 2, 15);
        assertThat(stripped.starts()).containsExactly(0, 3, 9);
        assertThat(stripped.ends()).containsExactly(3, 9, 12);
    }

    @Test
    void givesWhiteSpaceBetweenTwoAddedTokensToTheFirst() {
        folder().writeVocabulary(VOCABULARY)
                .write(
                        "tokenizer_config.json",
                        "{\"added_tokens_decoder\": {\"" + ADDED + "\": " + added("<x>", "\"rstrip\": true") + ", \""
                                + (ADDED + 1) + "\": " + added(" ", "\"lstrip\": true") + "}}");
        TokenizedText tokens = folder().open().tokenize("the<x>   new york");
        assertThat(tokens.ids()).containsExactly(5, ADDED, 15, ADDED + 1, 16);
        assertThat(tokens.starts()).containsExactly(0, 3, 9, 12, 13);
        assertThat(tokens.ends()).containsExactly(3, 9, 12, 13, 17);
    }

    private static String added(String content, String flag) {
        return "{\"content\": \"" + content + "\", \"special\": false, " + flag + "}";
    }

    @Test
    void findsNoSpecialTokenInAText() {
        folder().writeVocabulary(VOCABULARY)
                .write(
                        "tokenizer_config.json",
                        "{\"added_tokens_decoder\": {\"" + ADDED
                                + "\": {\"content\": \"quillmill\", \"special\": true}},"
                                + " \"additional_special_tokens\": [\"york\"]}");
        assertThat(ids("the quillmill [SEP] york")).doesNotContain(ADDED, 3, 16).contains(12, 13);
    }

    @Test
    void findsNoSpecialTokenInATextEvenIfItsDefinitionCallsItOrdinary() {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        definition
                .withArray("added_tokens")
                .addObject()
                .put("id", 3)
                .put("content", "[SEP]")
                .put("special", false);
        folder().writeDefinition(definition);
        assertThat(ids("the [SEP]")).containsExactly(5, 1, 1, 1);
    }

    @Test
    void findsNoTokenInATextThatIsSpecialInOneFileAndOrdinaryInAnother() {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        definition
                .withArray("added_tokens")
                .addObject()
                .put("id", ADDED)
                .put("content", "quillmill")
                .put("special", true);
        folder().writeDefinition(definition)
                .write(
                        "tokenizer_config.json",
                        "{\"added_tokens_decoder\": {\"" + ADDED + "\": " + added("quillmill", "\"rstrip\": true")
                                + "}}");
        assertThat(ids("quillmill the")).containsExactly(12, 13, 5);
    }

    @Test
    void findsNoTokenInATextThatBeginsOrEndsATextElsewhere() {
        folder().writeVocabulary(VOCABULARY)
                .write("special_tokens_map.json", "{\"bos_token\": \"the\", \"eos_token\": {\"content\": \"new\"}}");
        assertThat(ids("the new york")).containsExactly(1, 1, 16);
    }

    @Test
    void prefersTokenizerJsonAndIgnoresItsTruncationAndPadding() {
        List<String> longer = new ArrayList<>(VOCABULARY);
        longer.add("extra");
        ObjectNode definition = TokenizerFolder.bert(longer);
        definition.putObject("truncation").put("max_length", 4).put("strategy", "LongestFirst");
        definition.putObject("padding").put("pad_id", 0).putObject("strategy").put("Fixed", 16);
        folder().writeVocabulary(VOCABULARY).writeDefinition(definition);
        assertThat(folder().open().vocabularySize()).isEqualTo(VOCABULARY.size() + 1);
        assertThat(ids("the ".repeat(10))).hasSize(10);
        assertThat(ids("the")).hasSize(1);
    }

    @Test
    void letsTheConfigDecideAboutTheNormalizerOfTokenizerJson() {
        folder().writeDefinition(TokenizerFolder.bert(VOCABULARY));
        assertThat(tokens("THE the中 tĥe")).containsExactly("the", "the", "中", "the");
        folder().write(
                        "tokenizer_config.json",
                        "{\"do_lower_case\": false, \"tokenize_chinese_chars\": false, \"strip_accents\": false}");
        assertThat(tokens("The the中 tĥe")).containsExactly("The", "[UNK]", "tĥe");
    }

    @Test
    void readsADefinitionThatDoesNotNameItsModelsType() {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        ((ObjectNode) definition.path("model")).remove("type");
        folder().writeDefinition(definition);
        assertThat(tokens("opened")).containsExactly("open", "##ed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"continuing_subword_prefix", "max_input_chars_per_word"})
    void takesAModelWithoutATypeForAnotherKindWhereItLacksWhatBertsHas(String field) {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        ObjectNode model = (ObjectNode) definition.path("model");
        model.remove("type");
        model.remove(field);
        folder().writeDefinition(definition);
        assertThatThrownBy(() -> folder().open()).hasMessageContaining("is not a tokenizer of BERT's kind");
    }

    @Test
    void leavesAFormatThatItDoesNotKnowToOthers() {
        folder().writeDefinition(TokenizerFolder.bert(VOCABULARY).put("version", "2.0"));
        assertThatThrownBy(() -> folder().open()).hasMessageContaining("is not a tokenizer of BERT's kind");
        ObjectNode unsaid = TokenizerFolder.bert(VOCABULARY);
        unsaid.remove("version");
        folder().writeDefinition(unsaid);
        assertThat(tokens("the")).containsExactly("the");
    }

    @Test
    void numbersAddedTokensOfADefinitionAfterItsVocabulary() {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        definition.withArray("added_tokens").addObject().put("id", 5).put("content", "the");
        assertThat(warnings(definition)).isEmpty();
        definition.withArray("added_tokens").addObject().put("id", 99).put("content", "one");
        String another =
                "tokenizer.json: the added token \"one\" should have the id 99, but its place gives it " + ADDED;
        assertThat(warnings(definition)).singleElement(STRING).endsWith(another);
        definition.withArray("added_tokens").addObject().put("id", ADDED + 1).put("content", "two");
        assertThat(warnings(definition)).singleElement(STRING).endsWith(another);
        definition.withArray("added_tokens").addObject().put("id", 7).put("content", "three");
        definition.withArray("added_tokens").addObject().put("id", 0).put("content", "four");
        assertThat(warnings(definition))
                .satisfiesExactly(
                        line -> assertThat(line).endsWith(another),
                        line -> assertThat(line)
                                .endsWith("tokenizer.json: 2 more added tokens have another id than they should"));
        assertThat(ids("one the two three four")).containsExactly(ADDED, 5, ADDED + 1, ADDED + 2, ADDED + 3);
    }

    private List<String> warnings(ObjectNode definition) {
        folder().writeDefinition(definition);
        try (CapturedLog log = new CapturedLog()) {
            folder().open();
            return log.lines("WARN");
        }
    }

    @Test
    void numbersAddedTokensAfterOneOfAVocabularyWithGaps() {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        ((ObjectNode) definition.path("model").path("vocab")).put("mill", 99);
        definition.withArray("added_tokens").addObject().put("id", ADDED + 1).put("content", "one");
        definition.withArray("added_tokens").addObject().put("id", 99).put("content", "mill");
        definition.withArray("added_tokens").addObject().put("id", 100).put("content", "two");
        Tokenizer tokenizer = folder().writeDefinition(definition).open();
        assertThat(tokenizer.tokenize("one mill two").ids()).containsExactly(ADDED + 1, 99, 100);
        assertThat(tokenizer.vocabularySize()).isEqualTo(101);
    }

    private Tokenizer withPostProcessor(String json) throws IOException {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        definition.set("post_processor", new ObjectMapper().readTree(json));
        return folder().writeDefinition(definition).open();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"BertProcessing\", \"cls\": [\"the\", 5], \"sep\": [\"new\", 15]}",
                "{\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"x\"}}, {\"Sequence\": {\"id\": \"A\"}},"
                        + " {\"SpecialToken\": {\"id\": \"y\"}}], \"special_tokens\": {\"x\": {\"ids\": [5]}, \"y\": {\"ids\": [15]}}}",
                "{\"type\": \"Sequence\", \"processors\": [{\"type\": \"ByteLevel\"},"
                        + " {\"type\": \"RobertaProcessing\", \"cls\": [\"the\", 5], \"sep\": [\"new\", 15]}]}"
            })
    void takesWhatADefinitionPutsAroundATextForItsSpecialTokens(String postProcessor) throws IOException {
        Tokenizer tokenizer = withPostProcessor(postProcessor);
        assertThat(tokenizer.classToken()).isEqualTo(5);
        assertThat(tokenizer.separatorToken()).isEqualTo(15);
    }

    @Test
    void takesATokenOfIdZeroForASpecialOne() throws IOException {
        Tokenizer tokenizer =
                withPostProcessor("{\"type\": \"BertProcessing\", \"cls\": [\"[PAD]\", 0], \"sep\": [\"the\", 5]}");
        assertThat(tokenizer.classToken()).isZero();
        assertThat(tokenizer.separatorToken()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{\"type\": \"ByteLevel\"}",
                "{\"type\": \"BertProcessing\", \"cls\": [\"the\", -1], \"sep\": [\"new\", \"15\"]}",
                "{\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"x\"}}, {\"Sequence\": {\"id\": \"A\"}}],"
                        + " \"special_tokens\": {\"x\": {\"ids\": [5]}}}",
                "{\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"x\"}}, {\"Sequence\": {\"id\": \"A\"}},"
                        + " {\"SpecialToken\": {\"id\": \"y\"}}], \"special_tokens\": {\"x\": {\"ids\": [5, 6]}, \"y\": {\"ids\": []}}}",
                "{\"type\": \"Sequence\", \"processors\": [{\"type\": \"ByteLevel\"}]}"
            })
    void takesSpecialTokensByNameWhereADefinitionDoesNotSayWhatStandsAroundAText(String postProcessor)
            throws IOException {
        Tokenizer tokenizer = withPostProcessor(postProcessor);
        assertThat(tokenizer.classToken()).isEqualTo(2);
        assertThat(tokenizer.separatorToken()).isEqualTo(3);
    }

    @Test
    void findsSpecialTokensAlsoAmongThoseThatWereAdded() {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        definition
                .withArray("added_tokens")
                .addObject()
                .put("id", ADDED)
                .put("content", "<start>")
                .put("special", true);
        definition.withArray("added_tokens").addObject().put("id", ADDED + 1).put("content", "");
        Tokenizer tokenizer = folder().writeDefinition(definition)
                .write("tokenizer_config.json", "{\"cls_token\": \"<start>\"}")
                .open();
        assertThat(tokenizer.classToken()).isEqualTo(ADDED);
        assertThat(tokenizer.vocabularySize()).isEqualTo(ADDED + 1);
    }

    @Test
    void takesAWordOfAsManyCharactersAsADefinitionSaysAndByDefaultOfAHundred() {
        List<String> letters = List.of("[UNK]", "[CLS]", "[SEP]", "a", "##a");
        ObjectNode definition = TokenizerFolder.bert(letters);
        ((ObjectNode) definition.path("model")).put("max_input_chars_per_word", 7);
        folder().writeDefinition(definition);
        assertThat(ids("a".repeat(7))).hasSize(7);
        assertThat(ids("a".repeat(8))).containsExactly(0);
        ((ObjectNode) definition.path("model")).remove("max_input_chars_per_word");
        folder().writeDefinition(definition);
        assertThat(ids("a".repeat(100))).hasSize(100);
        assertThat(ids("a".repeat(101) + " a")).containsExactly(0, 3);
    }

    @Test
    void looksForWordsOfTheirOwnBesideCharactersBeyondTheBasicPlane() {
        folder().writeVocabulary(VOCABULARY)
                .write(
                        "tokenizer_config.json",
                        "{\"added_tokens_decoder\": {\"" + ADDED + "\": "
                                + added("xyz", "\"single_word\": true, \"normalized\": false, \"rstrip\": true")
                                + "}}");
        // A letter of mathematics is a part of a word, a face is none.
        assertThat(ids("\ud835\udc9cxyz xyz\ud835\udc9c")).doesNotContain(ADDED);
        TokenizedText tokens = folder().open().tokenize("\ud83d\ude00xyz\ud83d\ude00 xyz  ");
        assertThat(tokens.ids()).containsExactly(1, ADDED, 1, ADDED);
        assertThat(tokens.starts()).containsExactly(0, 2, 5, 8);
        assertThat(tokens.ends()).containsExactly(2, 5, 7, 13);
    }

    @Test
    void findsOfTwoAddedTokensThatAreNormalizedAlikeTheFirst() {
        folder().writeVocabulary(VOCABULARY)
                .write(
                        "tokenizer_config.json",
                        "{\"added_tokens_decoder\": {\"" + ADDED + "\": " + added("Xyz", "\"normalized\": true")
                                + ", \""
                                + (ADDED + 1) + "\": " + added("xyz", "\"normalized\": true") + ", \""
                                + (ADDED + 2) + "\": " + added("\u0301", "\"normalized\": true") + "}}");
        assertThat(ids("xyz the")).containsExactly(ADDED, 5);
    }

    @Test
    void refusesColumnsOfUnequalLengths() {
        int[] two = {1, 2};
        int[] one = {1};
        assertThat(new TokenizedText(two, two, two, two).size()).isEqualTo(2);
        for (int[][] columns :
                new int[][][] {{one, two, two, two}, {two, one, two, two}, {two, two, one, two}, {two, two, two, one}
                }) {
            assertThatThrownBy(() -> new TokenizedText(columns[0], columns[1], columns[2], columns[3]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A provider whose library is missing. */
    public static final class Broken implements TokenizerProvider {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public boolean supports(ModelFiles files) {
            return files.has("broken.json");
        }

        @Override
        public Tokenizer open(ModelFiles files) {
            throw new NoClassDefFoundError("com/sun/jna/Native");
        }
    }

    /** A provider of a tokenizer that knows one token, and of which the JVM itself fails at times. */
    public static final class Working implements TokenizerProvider {
        @Override
        public String name() {
            return "working";
        }

        @Override
        public boolean supports(ModelFiles files) {
            if (files.has("deep.json")) {
                throw new StackOverflowError("too deep");
            }
            return files.has("working.json");
        }

        @Override
        public Tokenizer open(ModelFiles files) {
            return new Tokenizer() {
                @Override
                public TokenizedText tokenize(String text) {
                    return new TokenizedText(new int[] {7}, new int[] {0}, new int[] {text.length()}, new int[] {0});
                }

                @Override
                public int classToken() {
                    return 0;
                }

                @Override
                public int separatorToken() {
                    return 1;
                }

                @Override
                public int vocabularySize() {
                    return 8;
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void asksProvidersForOtherKindsAndSaysWhatOneOfThemLacks() throws Exception {
        withProviders(
                () -> {
                    assertThatThrownBy(() -> folder().open())
                            .isInstanceOf(InvalidModelException.class)
                            .hasMessageStartingWith(directory + ": there is no tokenizer; it needs tokenizer.json");
                    folder().write("broken.json", "{}");
                    assertThatThrownBy(() -> folder().open())
                            .isInstanceOf(QuestionAnsweringException.class)
                            .hasMessageStartingWith(
                                    "the tokenizer broken cannot be used: net.java.dev.jna:jna 5.8 or later");
                },
                Broken.class.getName());
    }

    @Test
    void opensTheTokenizerOfAProviderThatSupportsAModel() throws Exception {
        withProviders(
                () -> {
                    folder().write("working.json", "{}");
                    Tokenizer tokenizer = folder().open();
                    assertThat(tokenizer.tokenize("text").ids()).containsExactly(7);
                    assertThat(tokenizer.givesTokenTypes())
                            .as("a tokenizer that does not say")
                            .isTrue();
                },
                Broken.class.getName(),
                Working.class.getName());
    }

    @Test
    void doesNotHideThatTheJvmItselfFails() throws Exception {
        withProviders(
                () -> {
                    folder().write("deep.json", "{}");
                    assertThatThrownBy(() -> folder().open())
                            .isInstanceOf(StackOverflowError.class)
                            .hasMessage("too deep");
                },
                Working.class.getName());
    }

    @Test
    void saysWhichProvidersOfOtherKindsCouldNotBeLoaded() throws Exception {
        withProviders(
                () -> {
                    folder().writeDefinition(TokenizerFolder.bert(VOCABULARY).put("version", "2.0"));
                    assertThatThrownBy(() -> folder().open())
                            .isInstanceOf(QuestionAnsweringException.class)
                            .hasMessageEndingWith(
                                    "add a dependency on distilqa-tokenizer; a provider could not be loaded: "
                                            + TokenizerProvider.class.getName()
                                            + ": Provider no.such.Provider not found");
                },
                "no.such.Provider");
    }

    private void withProviders(ThrowingCallable test, String... names) throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(TokenizerProvider.class.getName()), String.join("\n", names));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            assertThatCode(test).doesNotThrowAnyException();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"normalizer", "pre_tokenizer", "model"})
    void saysWhatToAddForATokenizerOfAnotherKind(String part) {
        ObjectNode definition = TokenizerFolder.bert(VOCABULARY);
        ((ObjectNode) definition.path(part)).put("type", "Other");
        folder().writeVocabulary(VOCABULARY).writeDefinition(definition);
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(QuestionAnsweringException.class)
                .hasMessage(directory.resolve("tokenizer.json")
                        + ": is not a tokenizer of BERT's kind (BertNormalizer, BertPreTokenizer and WordPiece), which alone"
                        + " distilqa-core reads; add a dependency on distilqa-tokenizer");
    }

    @Test
    void saysThatThereIsNoTokenizer() {
        assertThatThrownBy(() -> Tokenizers.open(ModelFiles.of(directory)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(directory + ": there is no tokenizer; it needs tokenizer.json, or vocab.txt with"
                        + " tokenizer_config.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483647", "4294967295", "4294967296", "-1", "\"7\""})
    void refusesATokenIdThatIsOutOfRange(String id) {
        String json = JsonTree.write(TokenizerFolder.bert(VOCABULARY));
        folder().write("tokenizer.json", json.replace("\"vocab\":{", "\"vocab\":{\"odd\":" + id + ","));
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(directory.resolve("tokenizer.json") + ": has the token id " + id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "nonsense"})
    void refusesATokenizerJsonThatIsNone(String json) {
        folder().write("tokenizer.json", json);
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(directory.resolve("tokenizer.json") + ": ");
    }

    @Test
    void refusesHalfASurrogatePairInAVocabulary() {
        String json = JsonTree.write(TokenizerFolder.bert(VOCABULARY));
        folder().write("tokenizer.json", json.replace("\"vocab\":{", "\"vocab\":{\"\\ud83d\":99,"));
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("surrogate pair");
    }

    @Test
    void refusesAnEmptyVocabulary() {
        folder().write("vocab.txt", "\n\n");
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(directory.resolve("vocab.txt") + ": has no vocabulary");
    }

    @Test
    void refusesADefinitionWithoutAVocabulary() {
        folder().writeDefinition(TokenizerFolder.bert(List.of()));
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(directory.resolve("tokenizer.json") + ": has no vocabulary");
    }

    @Test
    void readsAVocabularyOfOneToken() {
        folder().writeVocabulary(List.of("x"))
                .write("tokenizer_config.json", "{\"unk_token\": \"x\", \"cls_token\": \"x\", \"sep_token\": \"x\"}");
        assertThat(folder().open().vocabularySize()).isOne();
        assertThat(ids("the")).containsExactly(0);
    }

    @Test
    void refusesAVocabularyWithoutTheSpecialTokens() {
        folder().writeVocabulary(List.of("[UNK]", "[SEP]", "the"));
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(directory.resolve("vocab.txt") + ": has no token [CLS]");
    }

    @Test
    void refusesAVocabularyThatIsNotText() throws IOException {
        Path file = directory.resolve("vocab.txt");
        Files.write(file, new byte[] {'a', '\n', (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(file + ": is not text in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"quill\": -1}", "{\"quill\": \"x\"}", "[]"})
    void refusesAddedTokensThatAreNone(String json) {
        folder().writeVocabulary(VOCABULARY).write("added_tokens.json", json);
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(directory.resolve("added_tokens.json") + ": ");
    }

    @Test
    void refusesAnAddedTokenWhoseIdIsNoNumber() {
        folder().writeVocabulary(VOCABULARY)
                .write("tokenizer_config.json", "{\"added_tokens_decoder\": {\"first\": {\"content\": \"<x>\"}}}");
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(directory.resolve("tokenizer_config.json")
                        + ": has the token id \"first\"; it must be from 0 to 2147483646");
    }

    @Test
    void refusesATokenOfMoreThanAThousandCharacters() {
        String token = "a".repeat(1_000);
        List<String> longer = new ArrayList<>(VOCABULARY);
        longer.add(token);
        assertThat(folder().writeVocabulary(longer).open().vocabularySize()).isEqualTo(ADDED + 1);
        longer.add(token + "b");
        folder().writeVocabulary(longer);
        assertTooLong("vocab.txt");
        folder().writeVocabulary(VOCABULARY).write("added_tokens.json", "{\"" + token + "b\": " + ADDED + "}");
        assertTooLong("vocab.txt");
        folder().writeDefinition(TokenizerFolder.bert(longer));
        assertTooLong("tokenizer.json");
    }

    private void assertTooLong(String file) {
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(directory.resolve(file) + ": has a token of 1001 characters; at most 1000 are read");
    }

    @Tag("large")
    @Test
    void readsAHundredThousandAddedTokensAndNoMore() {
        folder().writeVocabulary(VOCABULARY).write("added_tokens.json", addedTokens(100_000));
        assertThat(ids("the added77 added99999")).containsExactly(5, ADDED + 77, ADDED + 99_999);
        folder().write("added_tokens.json", addedTokens(100_001));
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("has more than 100000 added tokens");
    }

    private static String addedTokens(int count) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("\"added")
                    .append(i)
                    .append("\":")
                    .append(ADDED + i);
        }
        return json.append("}").toString();
    }

    @Tag("large")
    @Test
    void refusesTokensOfTooManyCharactersTogether() {
        List<String> tokens = new ArrayList<>(VOCABULARY);
        for (int i = 0; i < 16_000; i++) {
            tokens.add(i + "a".repeat(1_000 - String.valueOf(i).length()));
        }
        folder().writeVocabulary(tokens);
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(directory.resolve("vocab.txt")
                        + ": has tokens of more than 16000000 characters together, which are the most that are read");
    }

    private TokenizerFolder folder() {
        return new TokenizerFolder(directory);
    }

    private int[] ids(String text) {
        return folder().open().tokenize(text).ids();
    }

    private List<String> tokens(String text) {
        return Arrays.stream(ids(text)).mapToObj(VOCABULARY::get).toList();
    }
}
