package org.distilqa;

import java.util.concurrent.CountDownLatch;
import org.distilqa.device.Logits;
import org.distilqa.device.TokenBatch;

/** A device that runs nothing until it may. */
final class SlowDevice extends FakeDevice {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch mayRun = new CountDownLatch(1);

    @Override
    public Logits run(TokenBatch batch) {
        started.countDown();
        Latches.await(mayRun);
        return super.run(batch);
    }

    void awaitStart() {
        Latches.await(started);
    }

    void mayRun() {
        mayRun.countDown();
    }
}
