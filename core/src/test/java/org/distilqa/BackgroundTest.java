package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BackgroundTest {
    @Test
    void opensInAThreadThatSeesWhatItsMakerSees() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        ClassLoader own = new ClassLoader(before) {};
        Thread.currentThread().setContextClassLoader(own);
        try {
            Background<Thread> thread = Background.start("opener", Thread::currentThread);
            Background<ClassLoader> loader =
                    Background.start("opener", () -> Thread.currentThread().getContextClassLoader());
            assertThat(thread.result()).isNotSameAs(Thread.currentThread());
            assertThat(loader.result()).isSameAs(own);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void throwsWhatOpeningThrew() {
        QuestionAnsweringException failure = new DeviceException("it is broken");
        Background<String> background = Background.start("opener", () -> {
            throw failure;
        });
        assertThatThrownBy(background::result).isSameAs(failure);
        assertThat(background.ifOpened()).isEmpty();
        Background<String> error = Background.start("opener", () -> {
            throw new OutOfMemoryError("none left");
        });
        assertThatThrownBy(error::result).isInstanceOf(OutOfMemoryError.class).hasMessage("none left");
    }

    @Test
    void anInterruptStaysPendingAndOpeningGoesOn() {
        CountDownLatch latch = new CountDownLatch(1);
        Background<String> background = Background.start("opener", () -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "open";
        });
        Thread.currentThread().interrupt();
        new Thread(latch::countDown).start();
        assertThat(background.result()).isEqualTo("open");
        assertThat(Thread.interrupted()).isTrue();
    }
}
