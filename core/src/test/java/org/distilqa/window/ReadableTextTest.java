package org.distilqa.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadableTextTest {
    private static final List<String> VOCABULARY = List.of(
            "[UNK]",
            "[CLS]",
            "[SEP]",
            "the",
            "officer",
            "of",
            "##ficer",
            "fire",
            "staff",
            "information",
            "in",
            "##for",
            "mat",
            "##ion",
            "inter",
            "national",
            "international",
            "well",
            "known",
            "##k",
            "##now",
            "##n",
            "part",
            "time",
            "##time",
            "state",
            "art",
            "cooperate",
            "co",
            "operate",
            "a",
            "##b",
            "##c",
            "-",
            "\u0e01",
            "##\u0e02",
            "af",
            "##i");

    @TempDir
    private Path directory;

    private Tokenizer tokenizer;

    /** Gives what it is asked to split. */
    private static final class Recorder implements Tokenizer {
        private final List<String> texts = new ArrayList<>();

        @Override
        public TokenizedText tokenize(String text) {
            texts.add(text);
            return new TokenizedText(
                    new int[text.length()], new int[text.length()], new int[text.length()], new int[text.length()]);
        }

        @Override
        public int classToken() {
            return 0;
        }

        @Override
        public int separatorToken() {
            return 0;
        }

        @Override
        public int vocabularySize() {
            return 1;
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void openTokenizer() throws Exception {
        Files.write(directory.resolve("vocab.txt"), VOCABULARY);
        tokenizer = Tokenizers.open(ModelFiles.of(directory));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "the officer",
                "well-known - a -\n- b",
                "caf\u00e9 \ud83d\ude00 \ud83d x-",
                "a-\n1",
                "end.\n-the"
            })
    void isTheTextItselfWhereNothingIsToBeReadOtherwise(String text) {
        Recorder recorder = new Recorder();
        ReadableText.tokenize(recorder, text);
        assertThat(recorder.texts).hasSize(1);
        assertThat(recorder.texts.get(0)).isSameAs(text);
    }

    @Test
    void readsLigaturesAsTheirLettersAtTheirPlaces() {
        assertThat(read("The o\ufb03cer of the \ufb01re"))
                .containsExactly("the=The", "officer=o\ufb03cer", "of=of", "the=the", "fire=\ufb01re");
        assertThat(read("\ufb00 \ufb01 \ufb02 \ufb03 \ufb04 \ufb05 \ufb06 sta\ufb00"))
                .endsWith("staff=sta\ufb00");
    }

    @Test
    void givesBothTokensThatALigatureIsSplitIntoItsWholePlace() {
        // "af" ends and "##i" begins within the ligature.
        TokenizedText tokens = ReadableText.tokenize(tokenizer, "the a\ufb01 of");
        assertThat(tokens.starts()).containsExactly(0, 4, 5, 7);
        assertThat(tokens.ends()).containsExactly(3, 6, 6, 9);
    }

    @ParameterizedTest
    @CsvSource({"00ad", "200b", "200c", "200d", "2060", "feff"})
    void leavesOutCharactersThatShowNothing(String invisible) {
        String c = Character.toString(Integer.parseInt(invisible, 16));
        assertThat(read(c + "the offi" + c + c + "cer" + c + " of" + c))
                .containsExactly("the=the", "officer=offi" + c + c + "cer", "of=of");
        Recorder recorder = new Recorder();
        ReadableText.tokenize(recorder, c + "offi" + c + "cer" + c);
        assertThat(recorder.texts).containsExactly("officer");
        ReadableText.tokenize(recorder, c);
        assertThat(recorder.texts).last().isEqualTo("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ud83d\udc69\u200d\ud83d\udcbb",
                "\u2764\ufe0f\u200d\ud83d\udd25",
                "\u0915\u094d\u200d\u0937",
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                "\u0e44\u0e17\u0e22\u200b\u0e44\u0e17\u0e22",
                "\ud83e\udee8\u200d\u2194\ufe0f"
            })
    void keepsJoinersThatEmojiAndScriptsNeed(String text) {
        Recorder recorder = new Recorder();
        ReadableText.tokenize(recorder, text);
        assertThat(recorder.texts.get(0)).isSameAs(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "infor-\nmation",
                "infor-\r\nmation",
                "infor-\rmation",
                "infor- \n  mation",
                "Infor-\nmation",
                "infor\u2010\nmation",
                "infor\u00ad\nmation",
                "infor-\n\fmation",
                "infor-\n\u00a0mation"
            })
    void readsAWordOverALinesEndAsOne(String text) {
        assertThat(read("the " + text + ", the"))
                .containsExactly("the=the", "information=" + text, "[UNK]=,", "the=the");
        assertThat(read(text)).containsExactly("information=" + text);
    }

    @Test
    void joinsWhatTheVocabularyKnowsBetterAsOneWord() {
        assertThat(read("inter-\nnational")).containsExactly("international=inter-\nnational");
        assertThat(read("co-\noperate")).containsExactly("cooperate=co-\noperate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "well-\nknown", "part-\ntime", "state-of-the-\nart", "in-\nfor-the", "infor-\n\nmation",
                        "infor-\nMation", "infor -\nmation",
                "infor-\n mation-a", "infor-\n5", "infor- mation", "a/infor-\nmation", "infor-\nmation.a",
                        "2infor-\nmation", "infor-\nm",
                "infor-", "infor-\n", "-\nmation"
            })
    void leavesAHyphenThatMayBeAWordsOwn(String text) {
        Recorder recorder = new Recorder();
        Tokenizer counting = new Tokenizer() {
            @Override
            public TokenizedText tokenize(String part) {
                recorder.tokenize(part);
                return tokenizer.tokenize(part);
            }

            @Override
            public int classToken() {
                return 1;
            }

            @Override
            public int separatorToken() {
                return 2;
            }

            @Override
            public int vocabularySize() {
                return VOCABULARY.size();
            }

            @Override
            public void close() {}
        };
        ReadableText.tokenize(counting, text);
        assertThat(recorder.texts).last().isSameAs(text);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void readsAMillionHyphensAndLettersInLinearTime() {
        String letters = "a".repeat(1_000_000);
        assertThat(ReadableText.tokenize(tokenizer, letters + "-\n" + letters).size())
                .isEqualTo(3);
        assertThat(ReadableText.tokenize(tokenizer, "-".repeat(1_000_000)).size())
                .isEqualTo(1_000_000);
        assertThat(ReadableText.tokenize(tokenizer, ("-" + " ".repeat(1000)).repeat(1000))
                        .size())
                .isEqualTo(1000);
        assertThat(ReadableText.tokenize(tokenizer, "infor-\nmation ".repeat(50_000))
                        .size())
                .isEqualTo(50_000);
    }

    /** Each token with the part of the text at its place. */
    private List<String> read(String text) {
        TokenizedText tokens = ReadableText.tokenize(tokenizer, text);
        List<String> read = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            read.add(VOCABULARY.get(tokens.ids()[i]) + "=" + text.substring(tokens.starts()[i], tokens.ends()[i]));
        }
        return read;
    }
}
