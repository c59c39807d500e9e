package org.distilqa.device.tt;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import java.util.Map;
import org.distilqa.device.tt.TtLibrary.Compute;
import org.distilqa.device.tt.TtLibrary.Counters;
import org.distilqa.device.tt.TtLibrary.OpenOptions;
import org.distilqa.device.tt.TtLibrary.SizeT;
import org.distilqa.device.tt.TtLibrary.TensorSpec;

/** An open mesh of chips: the ABI's calls with checked statuses and owned tensors. Used by one thread, its owner. */
final class TtSession {
    private final Pointer device;

    private TtSession(Pointer device) {
        this.device = device;
    }

    static TtSession open(TtOptions options, int chips) {
        OpenOptions open = new OpenOptions();
        open.meshRows = 1;
        open.meshColumns = chips;
        open.deviceCount = options.deviceIds().length;
        System.arraycopy(options.deviceIds(), 0, open.deviceIds, 0, options.deviceIds().length);
        open.traceRegionBytes = options.trace() ? options.traceRegionBytes() : 0;
        open.timeoutMs = options.timeoutMs();
        open.programCache = 1;
        long[] device = new long[1];
        TtLibraryLoader.check(TtLibrary.distilqa_tt_open(written(open), device));
        return new TtSession(new Pointer(device[0]));
    }

    void close() {
        TtLibraryLoader.check(TtLibrary.distilqa_tt_close(device));
    }

    Map<String, String> facts() {
        return TtLibraryLoader.text(
                (buffer, capacity, length) -> TtLibrary.distilqa_tt_facts(device, buffer, capacity, length));
    }

    Counters counters() {
        Counters counters = new Counters();
        TtLibraryLoader.check(TtLibrary.distilqa_tt_read_counters(device, written(counters)));
        counters.read();
        return counters;
    }

    /** A tensor of floating dtype, the same on every chip unless it is sharded. */
    TtTensor create(int dtype, int layout, int memory, int distribution, float[] values, int... shape) {
        TensorSpec spec = new TensorSpec(dtype, layout, memory, distribution, shape);
        long[] tensor = new long[1];
        TtLibraryLoader.check(
                TtLibrary.distilqa_tt_tensor_create(device, written(spec), values, bytes(values.length), tensor));
        return new TtTensor(new Pointer(tensor[0]));
    }

    /** A row-major tensor of whole numbers in DRAM. */
    TtTensor create(int distribution, int[] values, int... shape) {
        TensorSpec spec = new TensorSpec(TtLibrary.UINT32, TtLibrary.ROW_MAJOR, TtLibrary.DRAM, distribution, shape);
        long[] tensor = new long[1];
        TtLibraryLoader.check(
                TtLibrary.distilqa_tt_tensor_create(device, written(spec), values, bytes(values.length), tensor));
        return new TtTensor(new Pointer(tensor[0]));
    }

    void write(TtTensor tensor, float[] values) {
        TtLibraryLoader.check(TtLibrary.distilqa_tt_tensor_write(tensor.handle(), values, bytes(values.length)));
    }

    void write(TtTensor tensor, int[] values) {
        TtLibraryLoader.check(TtLibrary.distilqa_tt_tensor_write(tensor.handle(), values, bytes(values.length)));
    }

    void read(TtTensor tensor, float[] values) {
        TtLibraryLoader.check(TtLibrary.distilqa_tt_tensor_read(tensor.handle(), values, bytes(values.length)));
    }

    TtTensor embeddings(
            TtTensor ids, TtTensor positionIds, TtTensor tokenTable, TtTensor positionTable, Compute compute) {
        long[] result = new long[1];
        TtLibraryLoader.check(TtLibrary.distilqa_tt_embeddings(
                ids.handle(),
                positionIds.handle(),
                tokenTable.handle(),
                positionTable.handle(),
                written(compute),
                result));
        return new TtTensor(new Pointer(result[0]));
    }

    /** The layer norm of {@code input}, or of the sum of {@code input} and {@code residual} if that is not null. */
    TtTensor layerNorm(
            TtTensor input, TtTensor residual, TtTensor weight, TtTensor bias, double epsilon, Compute compute) {
        long[] result = new long[1];
        TtLibraryLoader.check(TtLibrary.distilqa_tt_layer_norm(
                input.handle(),
                residual == null ? null : residual.handle(),
                weight.handle(),
                bias.handle(),
                (float) epsilon,
                written(compute),
                result));
        return new TtTensor(new Pointer(result[0]));
    }

    TtTensor linear(TtTensor input, TtTensor weight, TtTensor bias, int activation, Compute compute) {
        long[] result = new long[1];
        TtLibraryLoader.check(TtLibrary.distilqa_tt_linear(
                input.handle(), weight.handle(), bias.handle(), activation, written(compute), result));
        return new TtTensor(new Pointer(result[0]));
    }

    /** Self-attention, with a mask or, if that is null, over all tokens. */
    TtTensor selfAttention(TtTensor queryKeyValue, TtTensor mask, int heads, double scale, Compute compute) {
        long[] result = new long[1];
        TtLibraryLoader.check(TtLibrary.distilqa_tt_self_attention(
                queryKeyValue.handle(),
                mask == null ? null : mask.handle(),
                heads,
                (float) scale,
                written(compute),
                result));
        return new TtTensor(new Pointer(result[0]));
    }

    void traceBegin() {
        TtLibraryLoader.check(TtLibrary.distilqa_tt_trace_begin(device));
    }

    long traceEnd() {
        long[] trace = new long[1];
        TtLibraryLoader.check(TtLibrary.distilqa_tt_trace_end(device, trace));
        return trace[0];
    }

    void traceReplay(long trace) {
        TtLibraryLoader.check(TtLibrary.distilqa_tt_trace_replay(device, trace));
    }

    void traceRelease(long trace) {
        TtLibraryLoader.check(TtLibrary.distilqa_tt_trace_release(device, trace));
    }

    private static SizeT bytes(int elements) {
        return new SizeT(4L * elements);
    }

    /** The address of a structure that has been written there. */
    private static Pointer written(Structure structure) {
        structure.write();
        return structure.getPointer();
    }
}
