package org.distilqa.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResultBuffersTest {
    private final ResultBuffers<String> buffers = new ResultBuffers<>();

    @Test
    void takesTheBufferAgainThatWasGivenBackLast() {
        assertThat(buffers.take("floats", 1)).isZero();
        assertThat(buffers.take("floats", 1)).isEqualTo(1);
        assertThat(buffers.take("floats", 1)).isEqualTo(2);
        buffers.giveBack(2);
        buffers.giveBack(0);
        assertThat(buffers.take("floats", 1)).isZero();
        assertThat(buffers.take("floats", 1)).isEqualTo(2);
        assertThat(buffers.take("floats", 1)).isEqualTo(3);
    }

    @Test
    void growsABufferToTheLargestResultInIt() {
        buffers.giveBack(buffers.take("floats", 20));
        buffers.giveBack(buffers.take("floats", 50));
        buffers.take("floats", 30);
        buffers.take("floats", 7);
        assertThat(buffers.sizes()).containsExactly(50, 7);
    }

    @Test
    void neverGivesABufferOfAnotherKind() {
        buffers.giveBack(buffers.take("floats", 1));
        assertThat(buffers.take("bytes", 1)).isEqualTo(1);
        assertThat(buffers.take("floats", 1)).isZero();
        assertThat(buffers.kinds()).containsExactly("floats", "bytes");
    }

    @Test
    void refusesABufferThatIsNotInUse() {
        int buffer = buffers.take("floats", 1);
        buffers.giveBack(buffer);
        assertThatThrownBy(() -> buffers.giveBack(buffer)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> buffers.giveBack(7)).isInstanceOf(IllegalStateException.class);
    }
}
