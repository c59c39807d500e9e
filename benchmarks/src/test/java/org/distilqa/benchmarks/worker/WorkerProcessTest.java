package org.distilqa.benchmarks.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.junit.jupiter.api.Test;

class WorkerProcessTest {

    /** Processes whose first argument says what becomes of them. */
    static final class Acting {
        private Acting() {}

        /**
         * Dies, fails, or is ready and answers everything with a rate.
         *
         * @param arguments {@code die}, {@code fail} or {@code answer}
         */
        public static void main(String[] arguments) {
            if (arguments[0].equals("die")) {
                System.err.println("the reason");
                System.exit(3);
            }
            Worker.run(() -> {
                if (arguments[0].equals("fail")) {
                    throw new BenchmarkException("it cannot be made");
                }
                System.out.println("what a library prints");
                return new Answering();
            });
        }
    }

    private record Answering() implements Subject {
        @Override
        public Reply.Ready ready(long loadNanoseconds) {
            return new Reply.Ready(loadNanoseconds, "it", Map.of("set", "so"));
        }

        @Override
        public Reply reply(Command command) {
            if (command instanceof Command.Refuse) {
                throw new BenchmarkException("it will not");
            }
            return new Reply.Rate(((Command.MultiplyAndAdd) command).seconds() * 2);
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    private static WorkerProcess start(String act) {
        return WorkerProcess.start("the name", JavaCommand.of(Acting.class, act));
    }

    @Test
    void isReadyAndAnswers() {
        try (WorkerProcess process = start("answer")) {
            assertThat(process.ready().description()).isEqualTo("it");
            assertThat(process.ready().settings()).containsEntry("set", "so");
            assertThat(process.request(new Command.MultiplyAndAdd(1.5), Reply.Rate.class)
                            .gflops())
                    .isEqualTo(3);
            assertThatThrownBy(() -> process.request(new Command.MultiplyAndAdd(1), Reply.Times.class))
                    .isInstanceOf(BenchmarkException.class)
                    .hasMessageStartingWith("the name: expected Times, but was told {");
        }
    }

    @Test
    void tellsWhyItWillNotOrCannotBeMade() {
        try (WorkerProcess process = start("answer")) {
            assertThatThrownBy(() -> process.request(new Command.Refuse(1), Reply.Times.class))
                    .isInstanceOf(BenchmarkException.class)
                    .hasMessage("the name: it will not");
        }
        assertThatThrownBy(() -> start("fail"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessage("the name: it cannot be made");
    }

    @Test
    void showsTheEndOfTheLogOfAProcessThatDies() {
        assertThatThrownBy(() -> start("die"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageStartingWith("the name: its process ended with status 3; it wrote last:")
                .hasMessageEndingWith("the reason");
    }

    @Test
    void saysWhichProgramIsNotThere() {
        assertThatThrownBy(() -> LoggedProcess.start("the name", new ProcessBuilder("nonesuch")))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageStartingWith("the name cannot be started: ");
    }

    @Test
    void logitsOfOtherSequencesAreNotCompared() {
        Reply.LogitValues two = new Reply.LogitValues(new float[][] {{1, 2}}, new float[][] {{3, 4}});
        Reply.LogitValues other = new Reply.LogitValues(new float[][] {{1, 2}}, new float[][] {{3, 4.5f}});
        assertThat(other.largestDifference(two)).isEqualTo(0.5);
        assertThatThrownBy(() -> two.largestDifference(
                        new Reply.LogitValues(new float[][] {{1, 2, 3}}, new float[][] {{3, 4, 5}})))
                .isInstanceOf(BenchmarkException.class);
        assertThatThrownBy(() -> two.largestDifference(new Reply.LogitValues(new float[0][], new float[0][])))
                .isInstanceOf(BenchmarkException.class);
    }
}
