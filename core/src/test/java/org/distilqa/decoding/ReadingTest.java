package org.distilqa.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import org.distilqa.window.Window;
import org.junit.jupiter.api.Test;

class ReadingTest {
    private static final Window WINDOW = new Window(new int[] {1, 7, 2, 8, 9, 2}, 3, new Window.Stretch(20, 22));

    @Test
    void countsLogitsFromThatOfNoAnswer() {
        Reading reading = Reading.of(WINDOW, new float[] {2, 90, 90, 5, 7, 90}, new float[] {-1, 90, 90, 3, 4, 90}, 0);
        assertThat(reading.first()).isEqualTo(20);
        assertThat(reading.limit()).isEqualTo(22);
        assertThat(reading.start()).containsExactly(3, 5);
        assertThat(reading.end()).containsExactly(4, 5);
    }

    /** So that a span, which has one of each, has all of it; "no answer" is of no passage and has none. */
    @Test
    void givesAStartAndAnEndHalfOfThePassagesWeightEach() {
        Reading reading = Reading.of(WINDOW, new float[] {0, 0, 0, 1, 2, 0}, new float[] {0, 0, 0, 3, 4, 0}, -3);
        assertThat(reading.start()).containsExactly(-0.5, 0.5);
        assertThat(reading.end()).containsExactly(1.5, 2.5);
    }
}
