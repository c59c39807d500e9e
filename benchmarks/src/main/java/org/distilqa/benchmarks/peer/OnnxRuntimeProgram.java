package org.distilqa.benchmarks.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;

/** A session of ONNX Runtime. Runs one batch at a time, from buffers that it keeps. */
final class OnnxRuntimeProgram implements Program {
    private static final String TOKEN_TYPES = "token_type_ids";

    private final Graph graph;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private LongBuffer ids = direct(0);
    private LongBuffer mask = direct(0);
    private LongBuffer types = direct(0);
    private boolean closed;

    OnnxRuntimeProgram(Graph graph, OrtEnvironment environment, OrtSession session) {
        this.graph = graph;
        this.environment = environment;
        this.session = session;
    }

    private static LongBuffer direct(int elements) {
        return ByteBuffer.allocateDirect(elements * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }

    @Override
    public synchronized Logits run(TokenBatch batch) {
        if (closed) {
            throw new ClosedException("the program of device onnxruntime was closed");
        }
        batch.requireFits(graph);
        fill(batch);
        long[] shape = {batch.size(), batch.maxLength()};
        try (OnnxTensor inputIds = OnnxTensor.createTensor(environment, ids, shape);
                OnnxTensor attentionMask = OnnxTensor.createTensor(environment, mask, shape);
                OnnxTensor tokenTypes = OnnxTensor.createTensor(environment, types, shape);
                OrtSession.Result result = session.run(inputs(inputIds, attentionMask, tokenTypes))) {
            return new Logits(valid(result, "start_logits", batch), valid(result, "end_logits", batch));
        } catch (OrtException e) {
            throw new DeviceException("ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    private Map<String, OnnxTensor> inputs(OnnxTensor inputIds, OnnxTensor attentionMask, OnnxTensor tokenTypes) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        inputs.put("input_ids", inputIds);
        inputs.put("attention_mask", attentionMask);
        if (session.getInputNames().contains(TOKEN_TYPES)) {
            inputs.put(TOKEN_TYPES, tokenTypes);
        }
        return inputs;
    }

    private void fill(TokenBatch batch) {
        int elements = Math.multiplyExact(batch.size(), batch.maxLength());
        if (ids.capacity() < elements) {
            ids = direct(elements);
            mask = direct(elements);
            types = direct(elements);
        }
        ids.clear().limit(elements);
        mask.clear().limit(elements);
        types.clear().limit(elements);
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            for (int position = 0; position < batch.maxLength(); position++) {
                boolean valid = position < batch.length(sequence);
                ids.put(valid ? batch.token(sequence, position) : 0);
                mask.put(valid ? 1 : 0);
                types.put(valid ? batch.type(sequence, position) : 0);
            }
        }
        ids.flip();
        mask.flip();
        types.flip();
    }

    private static float[][] valid(OrtSession.Result result, String name, TokenBatch batch) {
        FloatBuffer values = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
        float[][] logits = new float[batch.size()][];
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            logits[sequence] = new float[batch.length(sequence)];
            values.get(sequence * batch.maxLength(), logits[sequence]);
        }
        return logits;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try {
                session.close();
            } catch (OrtException e) {
                throw new DeviceException("ONNX Runtime could not close its session: " + e.getMessage(), e);
            }
        }
    }
}
