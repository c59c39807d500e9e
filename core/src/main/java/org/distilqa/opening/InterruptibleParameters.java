package org.distilqa.opening;

import java.util.Optional;
import org.distilqa.OperationInterruptedException;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;

/**
 * The values of parameters as long as nobody has interrupted the thread that wants them: so a device gives up compiling, however
 * many threads of its own read them.
 *
 * @param values the values
 * @param thread the thread
 */
record InterruptibleParameters(Parameters values, Thread thread) implements Parameters {
    @Override
    public String source() {
        return values.source();
    }

    @Override
    public Optional<Shape> shape(String name) {
        return values.shape(name);
    }

    @Override
    public void read(String name, long offset, float[] target, int targetOffset, int length) {
        if (thread.isInterrupted()) {
            throw new OperationInterruptedException("interrupted while the device was reading the weights");
        }
        values.read(name, offset, target, targetOffset, length);
    }
}
