package org.distilqa.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.distilqa.Latches;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.WhenFull;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitingForRoomTest {
    private static final int WAITING = 5;

    private final OneByOne device = new OneByOne();
    private Scheduler scheduler = scheduler(1);

    private Scheduler scheduler(int maxPendingWindows) {
        return new Scheduler(
                List.of(new OpenDevice((Device) device, device, 1, true)),
                3,
                new QueueLimits(maxPendingWindows, WhenFull.WAIT, 0),
                new QuestionAnswererListener() {});
    }

    /** Has one window, whose first token is its number. */
    private final class Request extends Ticket {
        private final Sequence sequence;

        Request(int number) {
            sequence = new Sequence(new int[] {number, 1, 2}, 3);
        }

        @Override
        protected List<Sequence> toRead() {
            return List.of(sequence);
        }

        @Override
        protected void read() {
            scheduler.withdraw(this);
        }

        @Override
        protected void failed(QuestionAnsweringException failure) {
            throw new AssertionError(failure);
        }

        void enter() {
            scheduler.admit(this, 1);
            scheduler.enqueue(List.of(this));
        }
    }

    /** Runs one window at a time, each when it may, and first lets one who has just come try to get in. */
    private final class OneByOne implements Device, Program {
        final List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        final List<Boolean> gotIn = Collections.synchronizedList(new ArrayList<>());
        final Semaphore mayRun = new Semaphore(0);

        @Override
        public Logits run(TokenBatch batch) {
            int number = batch.token(0, 0);
            if (number > 0 && number < WAITING) {
                // What this device has just taken has left room for one, and others wait for it.
                gotIn.add(scheduler.tryAdmit(new Request(-number), 1));
            }
            ran.add(number);
            mayRun.acquireUninterruptibly();
            float[][] logits = {new float[batch.length(0)]};
            return new Logits(logits, logits);
        }

        @Override
        public DeviceInfo info() {
            return new DeviceInfo("one by one", "for a test", 1, Map.of());
        }

        @Override
        public Program compile(Graph graph, Parameters parameters) {
            return this;
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        device.mayRun.release(1000);
        scheduler.close(Duration.ofSeconds(10));
    }

    private void awaitRuns(int runs) {
        Latches.await(() -> device.ran.size() >= runs);
    }

    @Test
    void givesRoomInTheOrderInWhichRequestsCameAndToNobodyWhoComesLater() throws Exception {
        new Request(0).enter();
        awaitRuns(1);
        List<Thread> callers = new ArrayList<>();
        new Request(1).enter(); // Takes the only place.
        for (int number = 2; number <= WAITING; number++) {
            Thread caller = new Thread(new Request(number)::enter);
            caller.start();
            Latches.awaitWaiting(caller);
            callers.add(caller);
        }
        device.mayRun.release(WAITING + 1);
        for (Thread caller : callers) {
            caller.join();
        }
        awaitRuns(WAITING + 1);
        assertThat(device.ran).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(device.gotIn).containsExactly(false, false, false, false);
    }

    @Test
    void goesOnToTheNextWhenTheFirstIsGivenUp() throws Exception {
        new Request(0).enter();
        awaitRuns(1);
        new Request(1).enter();
        Request givenUp = new Request(8);
        Thread first = new Thread(() -> scheduler.admit(givenUp, 1));
        first.start();
        Latches.awaitWaiting(first);
        Thread second = new Thread(new Request(9)::enter);
        second.start();
        Latches.awaitWaiting(second);
        scheduler.withdraw(givenUp);
        first.join();
        device.mayRun.release(3);
        second.join();
        awaitRuns(3);
        assertThat(device.ran).containsExactly(0, 1, 9);
        assertThat(scheduler.pendingWindows()).isZero();
    }

    @Test
    void offersRoomThatWasReservedForMoreThanARequestTurnsOutToHave() throws Exception {
        scheduler.close(Duration.ofSeconds(10));
        scheduler = scheduler(2);
        new Request(0).enter();
        awaitRuns(1);
        Request estimated = new Request(6);
        scheduler.admit(estimated, 100);
        Thread waiting = new Thread(new Request(7)::enter);
        waiting.start();
        Latches.awaitWaiting(waiting);
        scheduler.enqueue(List.of(estimated));
        waiting.join();
        assertThat(scheduler.pendingWindows()).isEqualTo(2);
    }
}
