package org.distilqa.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.distilqa.ClosedException;
import org.distilqa.InvalidModelException;
import org.distilqa.OpenFiles;
import org.distilqa.content.DiskContent;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Shape;
import org.distilqa.model.CheckpointFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedSafetensorsTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void writeThreeShards() throws IOException {
        writeShard("1.safetensors", "a", "F32", 1);
        writeShard("2.safetensors", "b", "F32", 2);
        writeShard("3.safetensors", "c", "I32", 3);
    }

    private void writeShard(String file, String tensor, String dtype, float value) throws IOException {
        CheckpointFiles.writeFile(
                directory.resolve(file),
                "{\"" + tensor + "\":{\"dtype\":\"" + dtype + "\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(value)
                        .array());
    }

    private ShardedSafetensors open(Map<String, String> shardOf) {
        return ShardedSafetensors.open(new ShardIndex("the index", shardOf), this::openShard);
    }

    private SafetensorsFile openShard(String name) {
        Path file = directory.resolve(name);
        try {
            return SafetensorsFile.open(file.toString(), DiskContent.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void givesTheTensorsOfAllShardsByTheirNames() throws IOException {
        try (ShardedSafetensors tensors =
                open(Map.of("a", "1.safetensors", "b", "2.safetensors", "c", "3.safetensors"))) {
            assertThat(tensors.source()).isEqualTo("the index");
            assertThat(tensors.names()).containsExactlyInAnyOrder("a", "b", "c");
            assertThat(tensors.shape("b")).contains(Shape.of(1));
            assertThat(tensors.shape("d")).isEmpty();
            assertThat(tensors.read(new Parameter("a", Shape.of(1)))).containsExactly(1);
            assertThat(tensors.read(new Parameter("b", Shape.of(1)))).containsExactly(2);
        }
    }

    @Test
    void refusesAWeightAsTheShardThatHasItDoes() throws IOException {
        try (ShardedSafetensors tensors = open(Map.of("a", "1.safetensors", "c", "3.safetensors"))) {
            tensors.requireWeight("a");
            assertThatThrownBy(() -> tensors.requireWeight("c"))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageStartingWith(directory.resolve("3.safetensors") + ": tensor c has dtype I32");
            assertThatThrownBy(() -> tensors.requireWeight("b"))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessage("the index: has no tensor b");
        }
    }

    @Test
    void namesTheShardThatHasATensorWhichTheIndexPutsElsewhere() {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("a", "1.safetensors");
        wrong.put("b", "3.safetensors");
        wrong.put("c", "2.safetensors");
        assertThatThrownBy(() -> open(wrong))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage("the index: says that tensor b is in 3.safetensors, but it is not; it is in "
                        + directory.resolve("2.safetensors"));
        assertThatThrownBy(() -> open(Map.of("b", "3.safetensors")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage("the index: says that tensor b is in 3.safetensors, but it is not");
    }

    @Test
    void letsGoOfAllFilesWhenItIsClosedOrOneOfThemIsRefused() throws IOException {
        ShardedSafetensors tensors = open(Map.of("a", "1.safetensors", "b", "2.safetensors"));
        assertThat(OpenFiles.below(directory)).isPositive();
        tensors.close();
        tensors.close();
        assertThat(OpenFiles.below(directory)).isZero();
        assertThatThrownBy(() -> tensors.read(new Parameter("b", Shape.of(1)))).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> open(Map.of("a", "1.safetensors", "b", "3.safetensors")))
                .isInstanceOf(InvalidModelException.class);
        assertThat(OpenFiles.below(directory)).isZero();
    }

    @Test
    void takesAsManyFilesAsAnyCheckpointHasAndNoMore() {
        assertThat(ShardIndex.read("the index", index(1000)).shards()).hasSize(1000);
        assertThatThrownBy(() -> ShardIndex.read("the index", index(1001)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage("the index: names more than 1000 files");
    }

    private static byte[] index(int files) {
        return IntStream.range(0, files)
                .mapToObj(i -> "\"" + i + "\":\"" + i + ".safetensors\"")
                .collect(Collectors.joining(",", "{\"weight_map\":{", "}}"))
                .getBytes(StandardCharsets.UTF_8);
    }
}
