package org.distilqa;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.distilqa.device.Logits;
import org.distilqa.device.TokenBatch;

/** A device that runs nothing until it may. */
final class SlowDevice extends FakeDevice {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch mayRun = new CountDownLatch(1);

    @Override
    public Logits run(TokenBatch batch) {
        started.countDown();
        await(mayRun);
        return super.run(batch);
    }

    void awaitStart() {
        await(started);
    }

    void mayRun() {
        mayRun.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("waited for nothing");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
