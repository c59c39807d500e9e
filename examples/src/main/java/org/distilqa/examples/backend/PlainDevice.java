package org.distilqa.examples.backend;

import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.distilqa.ClosedException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Program;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/** An open device. This one holds nothing; a real one would hold a handle, and free it when closed. */
final class PlainDevice implements Device {
    /** Held for reading by runs under way, for writing by who closes something: closing waits for them. */
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

    private boolean closed;

    @Override
    public DeviceInfo info() {
        return new DeviceInfo("plain", "plain Java loops, one thread", 1, Map.of());
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        lifetime.readLock().lock();
        try {
            requireOpen();
            return new PlainProgram(this, graph, parameters);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    ReadWriteLock lifetime() {
        return lifetime;
    }

    /** Called with the lock held. */
    void requireOpen() {
        if (closed) {
            throw new ClosedException("device plain was closed");
        }
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            closed = true;
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
