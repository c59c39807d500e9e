package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.distilqa.Latches;
import org.distilqa.OperationInterruptedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CacheLockTest {
    @TempDir
    private Path directory;

    private void assertInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> CacheLock.holding(directory.resolve("a.lock"), locked -> {
                    throw new AssertionError("done without the lock");
                }))
                .isInstanceOf(OperationInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void keepsOthersOutOfThisProcessAndOfOthers() {
        List<Boolean> locked = new ArrayList<>();
        CacheLock.holding(directory.resolve("deeper/a.lock"), locked::add);
        CacheLock.holding(directory.resolve("deeper/a.lock"), locked::add);
        assertThat(locked).containsExactly(true, true);
        assertThat(directory.resolve("deeper/a.lock")).isEmptyFile();
    }

    @Test
    void doesItWithoutALockWhereNoFileCanBeMade() throws IOException {
        Files.writeString(directory.resolve("a file"), "where a directory should be");
        List<Boolean> locked = new ArrayList<>();
        CacheLock.holding(directory.resolve("a file/a.lock"), locked::add);
        assertThat(locked).containsExactly(false);
    }

    @Test
    void anInterruptEndsTheWaitingForAThreadOfThisProcess() {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch mayGo = new CountDownLatch(1);
        Thread holder = new Thread(() -> CacheLock.holding(directory.resolve("a.lock"), locked -> {
            held.countDown();
            Latches.await(mayGo);
        }));
        holder.start();
        Latches.await(held);
        assertInterrupted();
        mayGo.countDown();
    }

    @Test
    void anInterruptEndsTheWaitingForTheOperatingSystemsLock() throws IOException {
        Path file = directory.resolve("a.lock");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            assertInterrupted();
        }
        List<Boolean> locked = new ArrayList<>();
        CacheLock.holding(file, locked::add);
        assertThat(locked).containsExactly(true);
    }
}
