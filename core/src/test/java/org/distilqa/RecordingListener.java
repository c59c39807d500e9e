package org.distilqa;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.distilqa.device.DeviceInfo;

/** What a listener was told. */
final class RecordingListener implements QuestionAnswererListener {
    final List<QuestionAnswerer> opened = Collections.synchronizedList(new ArrayList<>());
    final List<QuestionAnswerer> closed = Collections.synchronizedList(new ArrayList<>());
    final List<Batch> batches = Collections.synchronizedList(new ArrayList<>());
    final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    final List<String> lost = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void opened(QuestionAnswerer answerer) {
        opened.add(answerer);
    }

    @Override
    public void closed(QuestionAnswerer answerer) {
        closed.add(answerer);
    }

    @Override
    public void batchRead(Batch batch) {
        batches.add(batch);
    }

    @Override
    public void requestEnded(Request request) {
        requests.add(request);
    }

    @Override
    public void deviceLost(DeviceInfo device, QuestionAnsweringException failure) {
        lost.add(device.name() + ": " + failure.getMessage());
    }

    List<End> ends() {
        return requests.stream().map(Request::end).toList();
    }
}
