package org.distilqa.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;
import org.distilqa.tokenizer.huggingface.HuggingFaceTokenizerProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerJsonTest {
    @Test
    void whatIsMadeOfAVocabularySplitsTextsAsTheVocabularyDoes(@TempDir Path directory) throws IOException {
        Path checkpoint = SharedFiles.goldenCheckpoint();
        TokenizerJson.write(checkpoint, directory.resolve("tokenizer.json"));
        String text = "Die Naïveté of Dr. O'Neil's 東京-trip: 3,14 electroencephalographs!";
        try (Tokenizer expected = Tokenizers.open(ModelFiles.of(checkpoint));
                Tokenizer actual = new HuggingFaceTokenizerProvider().open(ModelFiles.of(directory))) {
            assertThat(actual.tokenize(text)).usingRecursiveComparison().isEqualTo(expected.tokenize(text));
            assertThat(actual.separatorToken()).isEqualTo(expected.separatorToken());
        }
    }

    @Test
    void takesACheckpointsOwn(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), "{\"own\": 1}");
        Path target = directory.resolve("target.json");
        TokenizerJson.write(directory, target);
        assertThat(target).content().isEqualTo("{\"own\": 1}");
    }
}
