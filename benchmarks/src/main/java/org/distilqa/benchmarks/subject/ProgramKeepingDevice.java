package org.distilqa.benchmarks.subject;

import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Program;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/** A device that can be asked for the program that it compiled last, so that it can be run without what is around it. */
final class ProgramKeepingDevice implements Device {
    private final Device device;
    private volatile Program program;

    ProgramKeepingDevice(Device device) {
        this.device = device;
    }

    Program program() {
        return program;
    }

    @Override
    public DeviceInfo info() {
        return device.info();
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        program = device.compile(graph, parameters);
        return program;
    }

    @Override
    public void close() {
        device.close();
    }
}
