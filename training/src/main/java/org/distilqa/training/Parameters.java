package org.distilqa.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** All parameters in one array, one after another, so that a step of the optimizer is one loop. */
final class Parameters {
    private final Map<String, Integer> offsets = new LinkedHashMap<>();
    private final Map<String, Integer> lengths = new LinkedHashMap<>();
    private final float[] values;

    /**
     * @param initial the first values, by name, in their order in the array
     */
    Parameters(Map<String, Initialization.Tensor> initial) {
        int length = 0;
        for (Map.Entry<String, Initialization.Tensor> entry : initial.entrySet()) {
            offsets.put(entry.getKey(), length);
            lengths.put(entry.getKey(), entry.getValue().values().length);
            length += entry.getValue().values().length;
        }
        values = new float[length];
        initial.forEach((name, tensor) ->
                System.arraycopy(tensor.values(), 0, values, offsets.get(name), tensor.values().length));
    }

    float[] values() {
        return values;
    }

    /** Where a parameter begins. */
    int offset(String name) {
        return offsets.get(name);
    }

    /** A copy of each parameter, by name. */
    Map<String, float[]> byName() {
        Map<String, float[]> copies = new LinkedHashMap<>();
        offsets.forEach(
                (name, offset) -> copies.put(name, Arrays.copyOfRange(values, offset, offset + lengths.get(name))));
        return copies;
    }
}
