package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.distilqa.Answer;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Virtual threads that ask do not keep their carriers while they wait, as Flight Recorder sees it. */
@Timeout(300)
class VirtualThreadsTest {
    private static final int CALLERS = 500;
    private static final String PINNED = "jdk.VirtualThreadPinned";
    private static final String ANSWER = "Ada Quill";
    private static final QuestionRequest REQUEST =
            QuestionRequest.of("Who built the mill?", "The mill was built by Ada Quill in 1912.");

    /** Its initializer keeps the carrier of the thread that it waits on, which shows that pinning is seen. */
    private static final class Pinning {
        static final boolean DONE = sleep();

        private static boolean sleep() {
            try {
                TimeUnit.MILLISECONDS.sleep(50);
                return true;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @TempDir
    private Path directory;

    @Test
    void whichAskAtOnceAndWaitForRoomAndForDevicesAreNotPinnedByOurCode() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "JDK 17 has no virtual threads");
        Path file = directory.resolve("pinned.jfr");
        try (QuestionAnswerer qa = QuestionAnswerer.builder()
                        .model(QuestionAnswerer.BUNDLED_MODEL)
                        .maxPendingWindows(16)
                        .build();
                Recording recording = new Recording()) {
            // Loading classes pins whoever does it, once.
            assertThat(ask(qa, Executors.newFixedThreadPool(32), 64)).containsOnly(ANSWER);
            recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
            recording.start();
            assertThat(ask(qa, virtualThreads(), CALLERS)).hasSize(CALLERS).containsOnly(ANSWER);
            ExecutorService one = virtualThreads();
            assertThat(one.submit(() -> Pinning.DONE).get()).isTrue();
            one.shutdown();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> pinned = RecordingFile.readAllEvents(file);
        assertThat(pinned.stream().map(VirtualThreadsTest::frames))
                .as("the recording")
                .anyMatch(frames -> frames.contains(Pinning.class.getName()));
        assertThat(pinned.stream().map(VirtualThreadsTest::frames))
                .filteredOn(frames -> !frames.contains(Pinning.class.getName()))
                .noneMatch(frames -> frames.contains("org.distilqa."));
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    /** Asks in so many threads; half of them in ways that end another call's waiting. */
    private static List<String> ask(QuestionAnswerer qa, ExecutorService threads, int callers) throws Exception {
        try {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int way = i % 4;
                calls.add(() -> switch (way) {
                    case 0 -> qa.answerAsync(REQUEST).get().get(0).text();
                    case 1 -> {
                        qa.predictAsync(REQUEST).cancel(true);
                        yield text(qa.answer(REQUEST));
                    }
                    case 2 -> text(qa.answerAll(List.of(REQUEST, REQUEST)).get(1));
                    default -> text(qa.answer(REQUEST.withDeadline(Duration.ofMinutes(4))));
                });
            }
            List<String> texts = new ArrayList<>();
            for (Future<String> call : threads.invokeAll(calls)) {
                texts.add(call.get());
            }
            return texts;
        } finally {
            threads.shutdown();
        }
    }

    private static String text(List<Answer> answers) {
        return answers.get(0).text();
    }

    private static String frames(RecordedEvent event) {
        StringBuilder frames = new StringBuilder();
        if (event.getStackTrace() != null) {
            for (RecordedFrame frame : event.getStackTrace().getFrames()) {
                frames.append(frame.getMethod().getType().getName())
                        .append('.')
                        .append(frame.getMethod().getName())
                        .append('\n');
            }
        }
        return frames.toString();
    }
}
