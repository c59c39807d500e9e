package org.distilqa.device.onednn.steps;

import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tensors;
import org.distilqa.device.onednn.program.Precision;

/**
 * The shape of a linear map.
 *
 * @param precision what it multiplies
 * @param depth the columns of its input
 * @param outputs the columns of its result
 */
record LinearShape(Precision precision, int depth, int outputs) {
    private static final int TYPICAL_ROWS = 64;

    /** The layout that oneDNN likes best for the weights of maps of this shape; it belongs to the scope. */
    long bestLayout(NativeScope scope, KernelBuilder.Target target) {
        return typicalProduct(scope, target).bestWeights();
    }

    /** The product of some rows with weights in any layout. */
    KernelBuilder typicalProduct(NativeScope scope, KernelBuilder.Target target) {
        KernelBuilder builder = new KernelBuilder(scope, target);
        scale(builder, TYPICAL_ROWS, outputs);
        return builder.multiply(
                Tensors.matrix(scope, precision.inputType(), TYPICAL_ROWS, depth, depth),
                Tensors.anyLayout(scope, precision.weightType(), depth, outputs),
                Tensors.matrix(scope, OneDnn.F32, 1, outputs, outputs),
                Tensors.matrix(scope, OneDnn.F32, TYPICAL_ROWS, outputs, outputs));
    }

    /** Declares the scales, if there are any: of the columns, then of the rows. */
    void scale(KernelBuilder builder, int rows, int columns) {
        if (precision == Precision.INT8) {
            builder.scaleWeightColumns(columns).scaleSourceRows(rows, depth);
        }
    }
}
