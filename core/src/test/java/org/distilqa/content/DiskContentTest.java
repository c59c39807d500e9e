package org.distilqa.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.distilqa.graph.Parameter;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.CheckpointFiles;
import org.distilqa.model.ModelFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DiskContentTest {
    private final byte[] bytes = new byte[1 << 20];

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        new Random(1).nextBytes(bytes);
        file = Files.write(directory.resolve("content"), bytes);
    }

    @Test
    void givesEachOfManyThreadsWhatItAsksFor() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(16);
        try (DiskContent content = DiskContent.of(file)) {
            List<Future<Boolean>> same = new ArrayList<>();
            for (int thread = 0; thread < 16; thread++) {
                Random random = new Random(thread);
                same.add(executor.submit(() -> {
                    boolean allSame = true;
                    for (int i = 0; i < 500; i++) {
                        int position = random.nextInt(bytes.length - 1000);
                        allSame &= read(content, position, 1000).equals(ByteBuffer.wrap(bytes, position, 1000));
                    }
                    return allSame;
                }));
            }
            for (Future<Boolean> result : same) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void isReadAlsoByAThreadThatIsInterruptedAndByTheOthersAfterwards() throws Exception {
        try (DiskContent content = DiskContent.of(file)) {
            Thread.currentThread().interrupt();
            assertThat(read(content, 7, 100)).isEqualTo(ByteBuffer.wrap(bytes, 7, 100));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(read(content, 9, 100)).isEqualTo(ByteBuffer.wrap(bytes, 9, 100));
        }
    }

    @Test
    void aModelIsReadByAThreadThatIsInterrupted() throws Exception {
        CheckpointFiles.write(directory);
        Thread.currentThread().interrupt();
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            Parameter first = checkpoint.graph().parameters().get(0);
            assertThat(checkpoint.parameters().read(first))
                    .hasSize((int) first.shape().elements());
            assertThat(ModelFiles.of(directory).read("config.json", 10_000)).isNotEmpty();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static ByteBuffer read(DiskContent content, long position, int length) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            content.read(buffer, position + buffer.position());
        }
        return buffer.flip();
    }
}
