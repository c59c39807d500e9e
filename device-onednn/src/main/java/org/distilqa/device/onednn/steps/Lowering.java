package org.distilqa.device.onednn.steps;

import org.distilqa.device.onednn.program.Blocking;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Stage;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;

/**
 * What of a {@link Compilation} depends on the kernels: in which form linear maps take their inputs and weights, and which step
 * computes a node. Linear maps are prepared first, by many threads; the rest is called by one, in the order of the graph.
 */
public interface Lowering {
    /** How many rows are worth taking at once. */
    Blocking blocking();

    /** oneDNN's type of a node's result. */
    int type(Node node);

    /** Reads the weights of a linear map into the form that its step wants. */
    void prepare(Node linear, Op.Linear op, Lane lane);

    /** Adds the steps of a layer norm, whose input may be in the place of its result. */
    void layerNorm(Node node, Op.LayerNorm op, Place input, Place result, Compilation compilation);

    /** Adds the steps of a linear map. */
    void linear(Node node, Op.Linear op, Compilation compilation);

    /**
     * Self-attention.
     *
     * @throws org.distilqa.DeviceException if it is not over a linear map whose queries have been multiplied with its scale
     */
    Stage selfAttention(Node node, Op.SelfAttention op, Place input, Place result);
}
