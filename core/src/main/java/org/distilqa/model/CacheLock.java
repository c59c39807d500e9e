package org.distilqa.model;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.distilqa.ModelDownloadException;

/**
 * A lock against other processes and, since the operating system's is one for the whole process, other threads. Released
 * after use, and by the operating system when the process ends, however it ends.
 */
final class CacheLock {
    private static final String INTERRUPTED = "interrupted while waiting for another download";
    private static final long POLL_MILLIS = 50;
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel channel;
    private final FileLock lock;

    private CacheLock(ReentrantLock thread, FileChannel channel, FileLock lock) {
        this.thread = thread;
        this.channel = channel;
        this.lock = lock;
    }

    /** Waits until nobody else has the lock of this name, and does something while holding it. */
    static void holding(Path file, Runnable action) {
        CacheLock held = acquire(file);
        try {
            action.run();
        } finally {
            held.close();
        }
    }

    private static CacheLock acquire(Path file) {
        ReentrantLock thread = THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), key -> new ReentrantLock());
        try {
            thread.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelDownloadException(INTERRUPTED, e);
        }
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                return new CacheLock(thread, channel, lock(channel));
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
            thread.unlock();
            Thread.currentThread().interrupt();
            throw new ModelDownloadException(INTERRUPTED, e);
        } catch (IOException e) {
            thread.unlock();
            throw new ModelDownloadException(file + ": the cache cannot be locked: " + e, e);
        } catch (RuntimeException e) {
            thread.unlock();
            throw e;
        }
    }

    /**
     * Waits for the operating system's lock. Where this process has it already, but not through {@link #THREADS} (DistilQA
     * was loaded twice, as in two applications of one server, or the cache is named by two paths), there is nothing to wait
     * on but time.
     */
    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                try {
                    Thread.sleep(POLL_MILLIS);
                } catch (InterruptedException interruption) {
                    Thread.currentThread().interrupt();
                    throw new ModelDownloadException(INTERRUPTED, interruption);
                }
            }
        }
    }

    private void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            throw new ModelDownloadException("the cache cannot be unlocked: " + e, e);
        } finally {
            thread.unlock();
        }
    }
}
