package org.distilqa;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.distilqa.device.DeviceInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several listeners as one, whose faults are not the work's. */
final class Listeners implements QuestionAnswererListener {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<QuestionAnswererListener> listeners;

    /** Those whose first fault was told; the others' faults would fill the log. */
    private final Set<QuestionAnswererListener> faulty = ConcurrentHashMap.newKeySet();

    Listeners(List<QuestionAnswererListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void opened(QuestionAnswerer answerer) {
        tell(listener -> listener.opened(answerer));
    }

    @Override
    public void closed(QuestionAnswerer answerer) {
        tell(listener -> listener.closed(answerer));
    }

    @Override
    public void batchRead(Batch batch) {
        tell(listener -> listener.batchRead(batch));
    }

    @Override
    public void requestEnded(Request request) {
        tell(listener -> listener.requestEnded(request));
    }

    @Override
    public void deviceLost(DeviceInfo device, QuestionAnsweringException failure) {
        tell(listener -> listener.deviceLost(device, failure));
    }

    private void tell(Consumer<QuestionAnswererListener> event) {
        for (QuestionAnswererListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error e) {
                if (faulty.add(listener)) {
                    LOG.warn("a listener failed, which is told once: {}", listener, e);
                }
            }
        }
    }
}
