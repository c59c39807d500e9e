package org.distilqa.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.distilqa.DeviceException;
import org.distilqa.InvalidModelException;
import org.distilqa.Latches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ThreadTeamTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void runsEachIterationOnceBeforeTheLoopReturns(int threads) {
        ThreadTeam team = new ThreadTeam("test", threads, () -> {});
        for (int iterations = 0; iterations < 300; iterations++) {
            AtomicIntegerArray calls = new AtomicIntegerArray(iterations + 1);
            team.forEach(iterations, (index, worker) -> {
                assertThat(worker).isBetween(0, threads - 1);
                calls.incrementAndGet(index);
            });
            for (int i = 0; i < iterations; i++) {
                assertThat(calls.get(i)).isEqualTo(1);
            }
        }
        team.close();
    }

    @Test
    void handsAFailureOnAnyThreadToTheCallerAndGoesOn() {
        ThreadTeam team = new ThreadTeam("test", 3, () -> {});
        for (int failing = 0; failing < 50; failing++) {
            int bad = failing;
            assertThatThrownBy(() -> team.forEach(50, (index, worker) -> {
                        if (index == bad) {
                            throw new IllegalStateException("iteration " + index);
                        }
                    }))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("iteration " + bad)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> team.forEach(9, (index, worker) -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(DeviceException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> team.forEach(9, (index, worker) -> {
                    throw new InvalidModelException("as it is");
                }))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage("as it is");
        AtomicInteger calls = new AtomicInteger();
        team.forEach(9, (index, worker) -> calls.incrementAndGet());
        assertThat(calls).hasValue(9);
        team.close();
    }

    @Test
    void handsExhaustedMemoryToTheCallerAsItIs() {
        ThreadTeam team = new ThreadTeam("test", 2, () -> {});
        OutOfMemoryError exhausted = new OutOfMemoryError("Java heap space");
        assertThatThrownBy(() -> team.forEach(9, (index, worker) -> {
                    throw exhausted;
                }))
                .isSameAs(exhausted);
        team.close();
    }

    @Test
    void givesAnInterruptedCallerItsResultAndLeavesItInterrupted() {
        ThreadTeam team = new ThreadTeam("test", 2, () -> {});
        Thread.currentThread().interrupt();
        AtomicInteger calls = new AtomicInteger();
        team.forEach(100, (index, worker) -> calls.incrementAndGet());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(100);
        team.close();
    }

    @Test
    void endsItsThreadsWhenClosed() {
        ThreadTeam team = new ThreadTeam("test", 4, () -> {});
        Thread[] seen = new Thread[4];
        CountDownLatch all = new CountDownLatch(4);
        team.forEach(4, (index, worker) -> {
            seen[worker] = Thread.currentThread();
            all.countDown();
            Latches.await(all); // So that each thread has one.
        });
        team.close();
        team.close();
        assertThat(seen[0]).isSameAs(Thread.currentThread());
        for (int worker = 1; worker < 4; worker++) {
            assertThat(seen[worker].isAlive()).isFalse();
            assertThat(seen[worker].isDaemon()).isTrue();
        }
    }

    @Test
    void namesItsThreadsAfterTheDeviceAndLetsThemDoSomethingFirst() throws InterruptedException {
        Set<String> started = ConcurrentHashMap.newKeySet();
        ThreadTeam team = new ThreadTeam(
                "of-mine", 3, () -> started.add(Thread.currentThread().getName()));
        team.close();
        assertThat(started).containsExactlyInAnyOrder("distilqa-of-mine-1", "distilqa-of-mine-2");
    }

    @Test
    void runsOneCallerAtATimeExclusivelyAlsoFromWithin() throws Exception {
        ThreadTeam team = new ThreadTeam("test", 2, () -> {});
        AtomicInteger inside = new AtomicInteger();
        List<FutureTask<Integer>> callers = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            FutureTask<Integer> task = new FutureTask<>(() -> {
                int most = 0;
                for (int i = 0; i < 200; i++) {
                    int seen = team.exclusively(() -> {
                        int others = inside.incrementAndGet();
                        team.exclusively(() -> {
                            team.forEach(4, (index, worker) -> {});
                            return null;
                        });
                        inside.decrementAndGet();
                        return others;
                    });
                    most = Math.max(most, seen);
                }
                return most;
            });
            callers.add(task);
            new Thread(task).start();
        }
        for (FutureTask<Integer> task : callers) {
            assertThat(task.get()).isEqualTo(1);
        }
        team.close();
    }

    @Test
    void leavesAllToTheCallerWhenClosed() {
        ThreadTeam team = new ThreadTeam("test", 3, () -> {});
        team.close();
        Set<Integer> workers = ConcurrentHashMap.newKeySet();
        AtomicInteger calls = new AtomicInteger();
        team.forEach(50, (index, worker) -> {
            calls.incrementAndGet();
            workers.add(worker);
        });
        assertThat(calls).hasValue(50);
        assertThat(workers).containsExactly(0);
    }
}
