package org.distilqa.examples.backend;

import java.util.Map;
import org.distilqa.ClosedException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Program;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/** An open device. This one holds nothing; a real one would hold a handle, and free it when closed. */
final class PlainDevice implements Device {
    private volatile boolean closed;

    @Override
    public DeviceInfo info() {
        return new DeviceInfo("plain", "plain Java loops, one thread", 1, Map.of());
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        requireOpen();
        return new PlainProgram(this, graph, parameters);
    }

    void requireOpen() {
        if (closed) {
            throw new ClosedException("device plain was closed");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
