package org.distilqa.device;

import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/** An open device. Safe for use by many threads. */
public interface Device extends AutoCloseable {

    /**
     * What the device is. May be called at any time, also after {@link #close()}.
     *
     * @return its description; counters among its facts are those of this moment
     */
    DeviceInfo info();

    /**
     * Prepares a graph: reads the parameters and lays them out as the device likes them. What the device needs of
     * {@code parameters} is copied; they are not touched after this returns. What the program gives is the result of the graph's
     * last node, {@link Graph#output()}; {@link org.distilqa.graph.GraphUses} tells when other results are not needed any more,
     * and which steps can be one.
     *
     * @param graph the graph
     * @param parameters the values of its parameters
     * @return the program, which the caller closes; closing the device closes it too
     * @throws org.distilqa.DeviceException if the device cannot run this graph (saying which op and why), or failed
     * @throws org.distilqa.ClosedException if the device was closed
     */
    Program compile(Graph graph, Parameters parameters);

    /** Closes the device and its programs, after the runs under way. Closing again does nothing. */
    @Override
    void close();
}
