package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.graph.Parameter;
import org.distilqa.safetensors.ShardIndex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that were changed at random, always in the same way: what comes of them is a network or a refusal, nothing else. */
class BrokenCheckpointsTest {
    private static final int CHANGES = 500;

    /** What programs trip over. */
    private static final List<String> PIECES = List.of(
            "9223372036854775807",
            "-1",
            "1e999",
            "NaN",
            "null",
            "[",
            "{",
            "\"",
            "}",
            "\\ud800",
            "\u0000",
            "4294967296",
            "0.5",
            "[[[[",
            "{\"a\":",
            "true");

    @TempDir
    private Path directory;

    private void makeACheckpoint() throws IOException {
        CheckpointFiles.write(directory);
    }

    private void makeAShardedCheckpoint() throws IOException {
        CheckpointFiles.write(directory);
        Files.move(directory.resolve("model.safetensors"), directory.resolve("a.safetensors"));
        StringBuilder index = new StringBuilder("{\"weight_map\": {");
        CheckpointFiles.tensors()
                .keySet()
                .forEach(name ->
                        index.append(index.length() > 16 ? ", " : "").append("\"" + name + "\": \"a.safetensors\""));
        Files.writeString(directory.resolve(ShardIndex.FILE), index.append("}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", ShardIndex.FILE})
    void givesANetworkOrARefusalWhateverIsInAFile(String name) throws IOException {
        if (name.equals(ShardIndex.FILE)) {
            makeAShardedCheckpoint();
        } else {
            makeACheckpoint();
        }
        Path file = directory.resolve(name);
        byte[] sound = Files.readAllBytes(file);
        int text = name.endsWith(".json")
                ? sound.length
                : (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong() + 8;
        int refused = 0;
        for (int seed = 0; seed < CHANGES; seed++) {
            Files.write(file, changed(sound, text, new Random(seed)));
            refused += isRefused(name, seed) ? 1 : 0;
        }
        // Most changes break something; those that do not show that the others were read at all.
        assertThat(refused).isBetween(CHANGES / 4, CHANGES - 1);
    }

    private boolean isRefused(String name, int seed) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            for (Parameter parameter : checkpoint.graph().parameters()) {
                checkpoint.parameters().read(parameter);
            }
            return false;
        } catch (QuestionAnsweringException e) {
            assertThat(e).hasMessageStartingWith(directory.toString());
            return true;
        } catch (RuntimeException | Error e) {
            return fail(name + " changed with seed " + seed, e);
        }
    }

    /** Changes some bytes, most of them in the part that is text, or cuts the file. */
    private static byte[] changed(byte[] sound, int text, Random random) {
        byte[] bytes = sound.clone();
        int at = random.nextInt(text);
        switch (random.nextInt(5)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 3 -> {
                // Over a number or a word, where there is one.
                byte[] piece = PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(piece, 0, bytes, at, Math.min(piece.length, bytes.length - at));
            }
            default -> bytes[random.nextInt(bytes.length)] ^= (byte) 0x40;
        }
        return bytes;
    }

    @Test
    void refusesFilesInOtherEncodingsThatAreBroken() throws IOException {
        makeACheckpoint();
        byte[][] starts = {
            {0, 0, 0, '{', 0, 0x11, 0, 0},
            {'{', 0, 0, 0, 0, 0, 0x11, 0},
            {(byte) 0xfe, (byte) 0xff, 0},
            {0, 0, (byte) 0xfe, (byte) 0xff}
        };
        for (byte[] start : starts) {
            Files.write(directory.resolve("config.json"), start);
            assertThat(isRefused("config.json", 0)).isTrue();
        }
    }
}
