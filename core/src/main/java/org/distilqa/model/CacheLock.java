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
import org.distilqa.OperationInterruptedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock against other processes and, since the operating system's is one for the whole process, other threads. Released
 * after use, and by the operating system when the process ends, however it ends.
 *
 * <p>The file is made with the permissions 0666 less the umask, as Hugging Face's Python makes its own. Java locks files as
 * {@code fcntl} does, Python as {@code flock} does, and on a local file system neither sees the other's lock.
 */
final class CacheLock {
    private static final Logger LOG = LoggerFactory.getLogger(CacheLock.class);
    private static final String INTERRUPTED = "interrupted while waiting for another download";
    private static final long POLL_MILLIS = 50;
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private CacheLock() {}

    /** What is done under a lock. */
    interface Action {
        /**
         * Does it.
         *
         * @param locked whether other processes are kept out
         */
        void run(boolean locked);
    }

    /**
     * Waits until nobody else has the lock of this name, and does something while holding it. Where no lock can be had (the
     * file is another user's, the directory cannot be written, the file system knows no locks) it is done while only the
     * threads of this process are kept out.
     */
    static void holding(Path file, Action action) {
        ReentrantLock thread = THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), key -> new ReentrantLock());
        try {
            thread.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interruption(e);
        }
        try {
            holdingAlone(file, action);
        } finally {
            thread.unlock();
        }
    }

    private static void holdingAlone(Path file, Action action) {
        FileChannel channel;
        try {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            LOG.debug("{} cannot be had as a lock", file, e);
            action.run(false);
            return;
        }
        FileLock lock = null;
        try {
            lock = lock(channel);
        } catch (ClosedByInterruptException | FileLockInterruptionException | InterruptedException e) {
            close(channel);
            throw interruption(e);
        } catch (IOException e) {
            LOG.debug("{} cannot be locked", file, e);
        }
        try {
            action.run(lock != null);
        } finally {
            close(channel);
        }
    }

    private static OperationInterruptedException interruption(Exception e) {
        Thread.currentThread().interrupt();
        return new OperationInterruptedException(INTERRUPTED, e);
    }

    /**
     * Waits for the operating system's lock. Where this process has it already, but not through {@link #THREADS} (DistilQA
     * was loaded twice, as in two applications of one server, or the cache is named by two paths), there is nothing to wait
     * on but time.
     */
    private static FileLock lock(FileChannel channel) throws IOException, InterruptedException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    /** Gives the lock back too, even if an interrupt has closed the channel before. */
    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("a lock on the cache could not be given back", e);
        }
    }
}
