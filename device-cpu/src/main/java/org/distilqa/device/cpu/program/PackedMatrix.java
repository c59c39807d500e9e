package org.distilqa.device.cpu.program;

import java.util.List;
import org.distilqa.device.cpu.kernels.Kernels;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;

/**
 * The weights of a linear map, stacked and transposed: {@code [inputs, outputs]}, in column panels as {@link Kernels} takes
 * them, the last one filled up with zeros. The only copy of these weights.
 */
final class PackedMatrix {
    /**
     * Where the first panel starts, in elements. HotSpot puts the elements of an array 16 bytes after its start, and an array of
     * some megabytes at the start of a region of G1's heap: so the panels start at whole cache lines, and so does each of their
     * vectors. Loads across two cache lines would make a product a tenth slower.
     */
    private static final int FIRST_PANEL = 12;

    private final int depth;
    private final int panelColumns;
    private final int panelCount;
    private final float[] panels;
    private final float[] bias;

    PackedMatrix(
            List<Parameter> weights,
            List<Parameter> biases,
            int depth,
            int columns,
            Kernels kernels,
            Parameters parameters) {
        this.depth = depth;
        this.panelColumns = kernels.panelColumns(columns);
        this.panelCount = (columns + panelColumns - 1) / panelColumns;
        this.panels = new float[Math.toIntExact(FIRST_PANEL + (long) panelCount * panelColumns * depth)];
        this.bias = new float[panelCount * panelColumns];
        int outputs = columns / weights.size();
        for (int i = 0; i < biases.size(); i++) {
            parameters.read(biases.get(i).name(), 0, bias, i * outputs, outputs);
        }
        float[] rows = new float[panelColumns * depth];
        for (int panel = 0; panel < panelCount; panel++) {
            int first = panel * panelColumns;
            int count = Math.min(panelColumns, columns - first);
            readRows(weights, outputs, first, count, parameters, rows);
            Interleave.rows(rows, 0, depth, count, depth, panels, panelOffset(panel), panelColumns);
        }
    }

    /** Reads some rows of the stacked weights; those of one parameter lie one after another. */
    private void readRows(
            List<Parameter> weights, int outputs, int first, int count, Parameters parameters, float[] rows) {
        int done = 0;
        while (done < count) {
            int output = (first + done) % outputs;
            int together = Math.min(count - done, outputs - output);
            String name = weights.get((first + done) / outputs).name();
            parameters.read(name, (long) output * depth, rows, done * depth, together * depth);
            done += together;
        }
    }

    int depth() {
        return depth;
    }

    int panelColumns() {
        return panelColumns;
    }

    int panelCount() {
        return panelCount;
    }

    /** All panels; {@link #panelOffset} says where each starts. */
    float[] panels() {
        return panels;
    }

    int panelOffset(int panel) {
        return FIRST_PANEL + panel * panelColumns * depth;
    }

    /** The biases, side by side, with zeros where the last panel was filled up. */
    float[] bias() {
        return bias;
    }
}
