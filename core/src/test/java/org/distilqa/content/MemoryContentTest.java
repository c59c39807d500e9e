package org.distilqa.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryContentTest {
    private static final byte[] BYTES = {1, 2, 3, 4, 5};

    @ParameterizedTest
    @ValueSource(ints = {-1, 5})
    void givesAnyPartOfWhatAStreamGave(int length, @TempDir Path directory) throws IOException {
        try (FileContent memory = MemoryContent.of(new ByteArrayInputStream(BYTES), length);
                FileContent disk = DiskContent.of(Files.write(directory.resolve("file"), BYTES))) {
            for (FileContent content : new FileContent[] {memory, disk}) {
                assertThat(content.size()).isEqualTo(5);
                ByteBuffer target = ByteBuffer.allocate(3);
                assertThat(content.read(target, 1)).isEqualTo(3);
                assertThat(target.array()).containsExactly(2, 3, 4);
                assertThat(content.read(target.clear(), 3)).isEqualTo(2);
                assertThat(target.position()).isEqualTo(2);
                assertThat(target.array()).startsWith(4, 5);
                assertThat(content.read(target.clear(), 5)).isEqualTo(-1);
                assertThat(content.read(target.clear(), 7)).isEqualTo(-1);
                assertThat(target.position()).isZero();
            }
        }
    }

    @Test
    void refusesAStreamThatGivesMoreOrLessThanWasSaid() {
        assertThatThrownBy(() -> MemoryContent.of(new ByteArrayInputStream(BYTES), 6))
                .isInstanceOf(IOException.class)
                .hasMessage("it should have 6 bytes, but has only 5");
        assertThatThrownBy(() -> MemoryContent.of(new ByteArrayInputStream(BYTES), 4))
                .isInstanceOf(IOException.class)
                .hasMessage("it should have 4 bytes, but has more");
    }
}
