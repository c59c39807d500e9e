package org.distilqa.benchmarks.study;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/**
 * The device {@code remembering}: another device, which runs a sequence once in the life of the process, whoever asks for it. Ways
 * of decoding that read the same windows are compared with one reading. For one network at a time.
 *
 * <p>Options: {@code of}, required, the other device; the rest are that device's.
 */
public final class RememberingDeviceProvider implements DeviceProvider {
    public static final String NAME = "remembering";

    /** What was said of a sequence: the start and the end logits by its token ids. */
    private static final Map<IntBuffer, float[][]> MEMORY = new HashMap<>();

    /** The provider; {@link java.util.ServiceLoader} calls this. */
    public RememberingDeviceProvider() {}

    /** The options for another device with its own. */
    static DeviceOptions of(String device, Map<String, String> options) {
        Map<String, String> all = new LinkedHashMap<>(options);
        all.put("of", device);
        return new DeviceOptions(all);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        return Integer.MIN_VALUE;
    }

    @Override
    public Availability availability() {
        return Availability.available("another device that runs every sequence once");
    }

    @Override
    public Device open(DeviceOptions options) {
        String other = options.get("of")
                .orElseThrow(() -> new InvalidConfigurationException("device remembering needs the option of"));
        Map<String, String> others = new LinkedHashMap<>(options.values());
        others.remove("of");
        return new Remembering(Devices.open(other, new DeviceOptions(others)));
    }

    private record Remembering(Device other) implements Device {
        @Override
        public DeviceInfo info() {
            return other.info();
        }

        @Override
        public Program compile(Graph graph, Parameters parameters) {
            return new RememberingProgram(other.compile(graph, parameters));
        }

        @Override
        public void close() {
            other.close();
        }
    }

    private record RememberingProgram(Program other) implements Program {
        @Override
        public Logits run(TokenBatch batch) {
            synchronized (MEMORY) {
                List<IntBuffer> keys = new ArrayList<>();
                List<Integer> unknown = new ArrayList<>();
                for (int i = 0; i < batch.size(); i++) {
                    keys.add(key(batch, i));
                    if (!MEMORY.containsKey(keys.get(i))) {
                        unknown.add(i);
                    }
                }
                remember(batch, unknown);
                return new Logits(
                        keys.stream().map(key -> MEMORY.get(key)[0]).toArray(float[][]::new),
                        keys.stream().map(key -> MEMORY.get(key)[1]).toArray(float[][]::new));
            }
        }

        private void remember(TokenBatch batch, List<Integer> sequences) {
            if (!sequences.isEmpty()) {
                Logits logits = other.run(TokenBatch.of(
                        sequences.stream().map(i -> ids(batch, i)).toList(),
                        sequences.stream().mapToInt(batch::secondSegment).toArray()));
                for (int i = 0; i < sequences.size(); i++) {
                    MEMORY.put(key(batch, sequences.get(i)), new float[][] {logits.start(i), logits.end(i)});
                }
            }
        }

        private static int[] ids(TokenBatch batch, int sequence) {
            int[] ids = new int[batch.length(sequence)];
            batch.copy(sequence, ids, 0);
            return ids;
        }

        /** The token ids, and where the second segment begins. Buffers are equal if their contents are. */
        private static IntBuffer key(TokenBatch batch, int sequence) {
            int[] key = Arrays.copyOf(ids(batch, sequence), batch.length(sequence) + 1);
            key[key.length - 1] = batch.secondSegment(sequence);
            return IntBuffer.wrap(key);
        }

        @Override
        public void close() {
            other.close();
        }
    }
}
