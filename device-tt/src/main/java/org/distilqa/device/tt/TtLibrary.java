package org.distilqa.device.tt;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/**
 * The functions of {@code distilqa_tt.h}, by JNA's direct mapping. {@link TtLibraryLoader} finds the library and binds them.
 * The header says what each does; every one but the first two returns a status. What they give comes in an array of
 * one: JNA would keep memory for each of its classes that stand for a reference, until the JVM has little. Structures are passed by
 * their addresses, written before and read after by the caller: otherwise JNA does so from within the call, and does not look there
 * for what it may throw.
 */
final class TtLibrary {
    static final int ABI_VERSION = 1;

    static final int OK = 0;
    static final int UNSUPPORTED = 2;
    static final int UNAVAILABLE = 3;
    static final int OUT_OF_MEMORY = 4;
    static final int TIMEOUT = 5;
    static final int DEVICE_LOST = 6;

    static final int UINT32 = 0;
    static final int BFLOAT16 = 2;
    static final int BFLOAT8_B = 3;
    static final int BFLOAT4_B = 4;

    static final int ROW_MAJOR = 0;
    static final int TILE = 1;

    static final int DRAM = 0;
    static final int L1 = 1;

    static final int REPLICATE = 0;
    static final int SHARD = 1;

    static final int NO_ACTIVATION = 0;
    static final int GELU = 1;
    static final int GELU_APPROXIMATE = 2;
    static final int RELU = 3;

    private TtLibrary() {}

    static void bind(NativeLibrary library) {
        Native.register(TtLibrary.class, library);
    }

    static native int distilqa_tt_abi_version();

    static native String distilqa_tt_last_error();

    static native int distilqa_tt_describe(byte[] buffer, SizeT capacity, long[] length);

    static native int distilqa_tt_open(Pointer options, long[] device);

    static native int distilqa_tt_close(Pointer device);

    static native int distilqa_tt_facts(Pointer device, byte[] buffer, SizeT capacity, long[] length);

    static native int distilqa_tt_read_counters(Pointer device, Pointer counters);

    static native int distilqa_tt_tensor_create(
            Pointer device, Pointer spec, float[] values, SizeT bytes, long[] tensor);

    static native int distilqa_tt_tensor_create(Pointer device, Pointer spec, int[] values, SizeT bytes, long[] tensor);

    static native int distilqa_tt_tensor_write(Pointer tensor, float[] values, SizeT bytes);

    static native int distilqa_tt_tensor_write(Pointer tensor, int[] values, SizeT bytes);

    static native int distilqa_tt_tensor_read(Pointer tensor, float[] values, SizeT bytes);

    static native int distilqa_tt_tensor_free(Pointer tensor);

    static native int distilqa_tt_embeddings(
            Pointer ids,
            Pointer positionIds,
            Pointer tokenTable,
            Pointer positionTable,
            Pointer compute,
            long[] result);

    static native int distilqa_tt_layer_norm(
            Pointer input,
            Pointer residual,
            Pointer weight,
            Pointer bias,
            float epsilon,
            Pointer compute,
            long[] result);

    static native int distilqa_tt_linear(
            Pointer input, Pointer weight, Pointer bias, int activation, Pointer compute, long[] result);

    static native int distilqa_tt_self_attention(
            Pointer queryKeyValue, Pointer mask, int heads, float scale, Pointer compute, long[] result);

    static native int distilqa_tt_trace_begin(Pointer device);

    static native int distilqa_tt_trace_end(Pointer device, long[] trace);

    static native int distilqa_tt_trace_replay(Pointer device, long trace);

    static native int distilqa_tt_trace_release(Pointer device, long trace);

    /** {@code size_t}. */
    public static final class SizeT extends com.sun.jna.IntegerType {
        private static final long serialVersionUID = 1L;

        /** Zero, as JNA makes it. */
        public SizeT() {
            this(0);
        }

        SizeT(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }

    /** {@code distilqa_tt_open_options}. */
    @FieldOrder({
        "structSize",
        "meshRows",
        "meshColumns",
        "deviceCount",
        "deviceIds",
        "traceRegionBytes",
        "timeoutMs",
        "programCache"
    })
    public static final class OpenOptions extends Structure {
        public int structSize;
        public int meshRows;
        public int meshColumns;
        public int deviceCount;
        public int[] deviceIds = new int[32];
        public long traceRegionBytes;
        public int timeoutMs;
        public int programCache;

        OpenOptions() {
            structSize = size();
        }
    }

    /** {@code distilqa_tt_tensor_spec}. */
    @FieldOrder({"structSize", "rank", "shape", "dtype", "layout", "memory", "distribution"})
    public static final class TensorSpec extends Structure {
        public int structSize;
        public int rank;
        public int[] shape = new int[4];
        public int dtype;
        public int layout;
        public int memory;
        public int distribution;

        TensorSpec(int dtype, int layout, int memory, int distribution, int... dimensions) {
            this.rank = dimensions.length;
            System.arraycopy(dimensions, 0, shape, 0, dimensions.length);
            this.dtype = dtype;
            this.layout = layout;
            this.memory = memory;
            this.distribution = distribution;
            this.structSize = size();
        }
    }

    /** {@code distilqa_tt_compute}. */
    @FieldOrder({
        "structSize",
        "dtype",
        "memory",
        "mathFidelity",
        "fp32Accumulation",
        "packerL1Accumulation",
        "approximateMath"
    })
    public static final class Compute extends Structure {
        public int structSize;
        public int dtype;
        public int memory;
        public int mathFidelity;
        public int fp32Accumulation;
        public int packerL1Accumulation;
        public int approximateMath;

        Compute() {
            structSize = size();
        }
    }

    /** {@code distilqa_tt_counters}. */
    @FieldOrder({
        "structSize",
        "reserved",
        "ops",
        "hostToDeviceBytes",
        "deviceToHostBytes",
        "liveTensors",
        "liveDramBytes",
        "liveL1Bytes",
        "peakDramBytes",
        "peakL1Bytes",
        "liveTraces",
        "replays",
        "cachedPrograms"
    })
    public static final class Counters extends Structure {
        public int structSize;
        public int reserved;
        public long ops;
        public long hostToDeviceBytes;
        public long deviceToHostBytes;
        public long liveTensors;
        public long liveDramBytes;
        public long liveL1Bytes;
        public long peakDramBytes;
        public long peakL1Bytes;
        public long liveTraces;
        public long replays;
        public long cachedPrograms;

        Counters() {
            structSize = size();
        }
    }
}
