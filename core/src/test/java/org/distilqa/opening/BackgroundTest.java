package org.distilqa.opening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.distilqa.DeviceException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.QuestionAnsweringException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackgroundTest {
    /** What is opened in these tests; it knows where it was opened, and whether it was closed. */
    private static final class Part implements AutoCloseable {
        private final Thread thread = Thread.currentThread();
        private final ClassLoader loader = thread.getContextClassLoader();
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void opensInAThreadThatSeesWhatItsMakerSees() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        ClassLoader own = new ClassLoader(before) {};
        Thread.currentThread().setContextClassLoader(own);
        try {
            Part part = Background.start("opener", Part::new).result();
            assertThat(part.thread).isNotSameAs(Thread.currentThread());
            assertThat(part.loader).isSameAs(own);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void throwsWhatOpeningThrew() {
        QuestionAnsweringException failure = new DeviceException("it is broken");
        Background<Part> background = Background.start("opener", () -> {
            throw failure;
        });
        assertThatThrownBy(background::result).isSameAs(failure);
        assertThat(background.ifOpened()).isEmpty();
        Background<Part> error = Background.start("opener", () -> {
            throw new OutOfMemoryError("none left");
        });
        assertThatThrownBy(error::result).isInstanceOf(OutOfMemoryError.class).hasMessage("none left");
    }

    @Test
    void anInterruptEndsTheWaitingAndWhatOpensLaterIsClosedByItsOwnThread() throws InterruptedException {
        CountDownLatch mayOpen = new CountDownLatch(1);
        AtomicReference<Part> opened = new AtomicReference<>();
        Background<Part> background = Background.start("opener", () -> {
            await(mayOpen);
            opened.set(new Part());
            return opened.get();
        });
        Thread.currentThread().interrupt();
        assertThatThrownBy(background::result).isInstanceOf(OperationInterruptedException.class);
        assertThat(background.ifOpened()).isEmpty();
        assertThat(Thread.interrupted()).isTrue();
        mayOpen.countDown();
        while (opened.get() == null) {
            Thread.sleep(1);
        }
        opened.get().closed.await();
        opened.get().thread.join();
    }

    @Test
    void givesWhatIsOpenToWhoAbandonsIt() {
        Background<Part> background = Background.start("opener", Part::new);
        Part part = background.result();
        assertThat(background.abandon()).containsSame(part);
        assertThat(part.closed.getCount()).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
