package org.distilqa.device.onednn.program;

import org.distilqa.device.onednn.binding.Tensors;

/**
 * Where the result of a step is during a run: a matrix with a row per token.
 *
 * @param buffer which of the buffers
 * @param isLocal whether only steps of the same stage read it, so that a lane can keep the rows it works on for itself
 * @param width the columns that mean something
 * @param stride the elements from one row to the next
 * @param type oneDNN's type of an element
 * @param filler what each byte is at first; those beyond the width stay so
 */
public record Place(int buffer, boolean isLocal, int width, int stride, int type, byte filler) {
    public int elementBytes() {
        return Tensors.bytes(type);
    }

    public long rowBytes() {
        return (long) stride * elementBytes();
    }
}
