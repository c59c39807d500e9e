package org.distilqa.device.cpu.program;

/** A node of the graph, compiled: reads and writes buffers of a pass, on all threads. Immutable. */
interface Step {

    /** Computes the node for all tokens of a pass. */
    void run(Pass pass);
}
