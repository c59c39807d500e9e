package org.distilqa.device.cpu;

import java.util.List;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;

/**
 * The weights of a linear map, stacked and transposed: {@code [inputs, outputs]}, in column panels as {@link Kernels} takes
 * them, the last one filled up with zeros. The only copy of these weights.
 */
final class PackedMatrix {
    private final int depth;
    private final int panelColumns;
    private final float[][] panels;
    private final float[] bias;

    PackedMatrix(
            List<Parameter> weights,
            List<Parameter> biases,
            int depth,
            int columns,
            Kernels kernels,
            Workers workers,
            Parameters parameters) {
        this.depth = depth;
        this.panelColumns = kernels.panelColumns(columns);
        this.panels = new float[(columns + panelColumns - 1) / panelColumns][];
        this.bias = new float[panels.length * panelColumns];
        int outputs = columns / weights.size();
        for (int i = 0; i < biases.size(); i++) {
            parameters.read(biases.get(i).name(), 0, bias, i * outputs, outputs);
        }
        workers.forEach(panels.length, (panel, worker) -> {
            int first = panel * panelColumns;
            int count = Math.min(panelColumns, columns - first);
            panels[panel] = pack(weights, outputs, first, count, parameters);
        });
    }

    private float[] pack(List<Parameter> weights, int outputs, int first, int count, Parameters parameters) {
        float[] panel = new float[Math.multiplyExact(depth, panelColumns)];
        float[] row = new float[depth];
        for (int column = 0; column < count; column++) {
            int output = first + column;
            String name = weights.get(output / outputs).name();
            parameters.read(name, (long) (output % outputs) * depth, row, 0, depth);
            for (int k = 0; k < depth; k++) {
                panel[k * panelColumns + column] = row[k];
            }
        }
        return panel;
    }

    int depth() {
        return depth;
    }

    int panelColumns() {
        return panelColumns;
    }

    int panelCount() {
        return panels.length;
    }

    float[] panel(int index) {
        return panels[index];
    }

    /** The biases, side by side, with zeros where the last panel was filled up. */
    float[] bias() {
        return bias;
    }
}
