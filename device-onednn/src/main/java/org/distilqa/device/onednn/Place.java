package org.distilqa.device.onednn;

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
record Place(int buffer, boolean isLocal, int width, int stride, int type, byte filler) {
    int elementBytes() {
        return Tensors.bytes(type);
    }

    long rowBytes() {
        return (long) stride * elementBytes();
    }
}
