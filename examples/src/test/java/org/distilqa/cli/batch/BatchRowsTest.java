package org.distilqa.cli.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.distilqa.AnswerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchRowsTest {
    @TempDir
    private Path directory;

    @Test
    void aRowLongerThanAnyContextIsMarkedWithoutBeingHeld() throws IOException {
        Path input = directory.resolve("rows.jsonl");
        byte[] megabyte = new byte[1 << 20];
        Arrays.fill(megabyte, (byte) 'x');
        for (int i = 0; i < 65; i++) {
            Files.write(input, megabyte, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        Files.writeString(
                input,
                "\n" + "{\"question\": \"Who built it?\", \"context\": \"Ada built it.\"}\n",
                StandardOpenOption.APPEND);
        try (BatchRows rows = BatchRows.open(input, AnswerOptions.defaults())) {
            assertThat(rows.next().error()).startsWith("row 1: is longer than ");
            assertThat(rows.next().request().question()).isEqualTo("Who built it?");
            assertThat(rows.hasNext()).isFalse();
            assertThat(rows.share()).isEqualTo(1);
        }
    }
}
