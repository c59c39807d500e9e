package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import org.distilqa.QuestionAnswererListener.End;
import org.junit.jupiter.api.Test;

/** What an answerer of a user's own tells of itself. */
class StatisticsTest {
    private static final Statistics NONE = Statistics.none();

    @Test
    void ofAnAnswererThatHasDoneNothingAllIsZero() {
        assertThat(Arrays.stream(End.values()).mapToLong(NONE::requests)).containsOnly(0L);
        assertThat(NONE)
                .hasToString(
                        "0 questions, 0 windows, 0 tokens, 0 batches; loading PT0S, tokenization PT0S, inference PT0S,"
                                + " decoding PT0S");
        assertThat(NONE.pendingWindows()).isZero();
    }

    @Test
    void eachCountAndTimeIsTheOneThatWasGiven() {
        Statistics all = NONE.withRequests(End.ANSWERED, 5)
                .withRequests(End.FAILED, 1)
                .withRequests(End.ANSWERED, 7)
                .withReading(10, 2000, 3)
                .withPendingWindows(4)
                .withTimes(Duration.ofSeconds(1), Duration.ofMillis(2), Duration.ofMillis(30), Duration.ofNanos(1));
        assertThat(all.questions()).isEqualTo(7);
        assertThat(all.requests(End.FAILED)).isEqualTo(1);
        assertThat(all.requests(End.CLOSED)).isZero();
        assertThat(all.windows()).isEqualTo(10);
        assertThat(all.tokens()).isEqualTo(2000);
        assertThat(all.batches()).isEqualTo(3);
        assertThat(all.pendingWindows()).isEqualTo(4);
        assertThat(all.loading()).isEqualTo(Duration.ofSeconds(1));
        assertThat(all.tokenization()).isEqualTo(Duration.ofMillis(2));
        assertThat(all.inference()).isEqualTo(Duration.ofMillis(30));
        assertThat(all.decoding()).isEqualTo(Duration.ofNanos(1));
        assertThat(NONE.questions()).isZero();
    }

    @Test
    void aNegativeOneIsRefusedByItsName() {
        Duration zero = Duration.ZERO;
        Duration negative = Duration.ofNanos(-1);
        assertRefused("requests is -1", () -> NONE.withRequests(End.ANSWERED, -1));
        assertRefused("windows is -1", () -> NONE.withReading(-1, 0, 0));
        assertRefused("tokens is -1", () -> NONE.withReading(0, -1, 0));
        assertRefused("batches is -1", () -> NONE.withReading(0, 0, -1));
        assertRefused("pendingWindows is -1", () -> NONE.withPendingWindows(-1));
        assertRefused("loading is PT-0.000000001S", () -> NONE.withTimes(negative, zero, zero, zero));
        assertRefused("tokenization is PT-0.000000001S", () -> NONE.withTimes(zero, negative, zero, zero));
        assertRefused("inference is PT-0.000000001S", () -> NONE.withTimes(zero, zero, negative, zero));
        assertRefused("decoding is PT-0.000000001S", () -> NONE.withTimes(zero, zero, zero, negative));
    }

    private static void assertRefused(String message, Runnable change) {
        assertThatThrownBy(change::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message + "; it must be at least 0");
    }
}
