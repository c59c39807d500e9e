package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TerminalProgress progress =
            new TerminalProgress(new PrintStream(bytes, false, StandardCharsets.UTF_8));

    private String drawn() {
        String drawn = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return drawn;
    }

    @Test
    void drawsABarInPlaceAndGoesToTheNextLineAtItsEnd() {
        progress.update("model.safetensors", 75_000_000, 300_000_000);
        assertThat(drawn()).isEqualTo("\rmodel.safetensors: [#######                       ] 25 % of 300.0 MB");
        progress.update("model.safetensors", 300_000_000, 300_000_000);
        assertThat(drawn()).isEqualTo("\rmodel.safetensors: [" + "#".repeat(30) + "] 100 % of 300.0 MB\n");
        progress.update("vocab.txt", 0, 231_508);
        assertThat(drawn()).isEqualTo("\rvocab.txt: [" + " ".repeat(30) + "] 0 % of 0.2 MB");
    }

    @Test
    void countsWhatCameWhereNobodySaysHowMuchThereIs() {
        progress.update("config.json", 1_500_000, -1);
        assertThat(drawn()).isEqualTo("\rconfig.json: 1.5 MB");
        progress.update("empty", 0, 0);
        assertThat(drawn()).isEqualTo("\rempty: 0.0 MB\n");
    }
}
