package org.distilqa.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distilqa.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;

class CharactersTest {
    /** With the system property {@code distilqa.characters}, the file that it names is written first. */
    @Test
    void coreKnowsOfEveryCharacterWhatTheNativeLibraryKnows() throws IOException {
        String probed = CharacterProbe.characters();
        String target = System.getProperty("distilqa.characters");
        if (target != null) {
            Files.writeString(Path.of(target), probed);
            return;
        }
        try (InputStream characters = Tokenizer.class.getResourceAsStream("characters.txt")) {
            assertThat(new String(characters.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(probed);
        }
    }
}
