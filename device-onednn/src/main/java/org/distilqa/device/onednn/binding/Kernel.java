package org.distilqa.device.onednn.binding;

import com.sun.jna.Pointer;
import java.util.Arrays;
import java.util.List;

/**
 * A primitive of oneDNN: one operation, compiled for its shapes. Shared by all streams; each has its own list of arguments,
 * made when it first runs the kernel and used ever after.
 */
public final class Kernel {
    private static final int ENTRY_BYTES = 16;
    private static final int ENTRY_HANDLE = 8;

    private final NativeScope scope;
    private final long engine;
    private final long primitive;
    private final int[] arguments;
    private final long[] descriptors;
    private final long scratchBytes;
    private final Arguments[] byStream;

    Kernel(
            NativeScope scope,
            long engine,
            int streams,
            String what,
            long primitiveDescriptor,
            List<Integer> arguments,
            List<Long> descriptors) {
        this.scope = scope;
        this.engine = engine;
        this.byStream = new Arguments[streams];
        long scratch = OneDnn.dnnl_primitive_desc_query_md(primitiveDescriptor, OneDnn.QUERY_SCRATCHPAD, 0);
        this.scratchBytes = scratch == 0 ? 0 : OneDnn.dnnl_memory_desc_get_size(scratch);
        int count = arguments.size();
        this.arguments = new int[count + 1];
        this.descriptors = new long[count + 1];
        for (int i = 0; i < count; i++) {
            this.arguments[i] = arguments.get(i);
            this.descriptors[i] = Tensors.copyOf(scope, descriptors.get(i));
        }
        this.arguments[count] = OneDnn.ARG_SCRATCHPAD;
        this.descriptors[count] = Tensors.copyOf(scope, scratch);
        long[] handle = new long[1];
        OneDnn.check(OneDnn.dnnl_primitive_create(handle, primitiveDescriptor), "make a kernel for " + what);
        this.primitive = scope.own(handle[0], OneDnn::dnnl_primitive_destroy);
    }

    /** oneDNN's name for an implementation, such as {@code brg_matmul:avx512_core}. */
    static String implementation(long primitiveDescriptor) {
        try (NativeBlock name = new NativeBlock(Long.BYTES)) {
            OneDnn.check(
                    OneDnn.dnnl_primitive_desc_query(
                            primitiveDescriptor, OneDnn.QUERY_IMPLEMENTATION, 0, name.pointer()),
                    "name a kernel");
            Pointer text = name.pointer().getPointer(0);
            return text == null ? "" : text.getString(0);
        }
    }

    /** To be run on a stream: its arguments there, in the order in which they were given when the kernel was made. */
    public Arguments on(KernelStream stream) {
        Arguments own = byStream[stream.index()];
        if (own == null) {
            own = new Arguments();
            byStream[stream.index()] = own;
        }
        own.stream = stream;
        return own;
    }

    /** The arguments on one stream. Used by that stream's thread alone. */
    public final class Arguments {
        private final long[] memories;
        private final long[] addresses;
        private final NativeBlock list;
        private KernelStream stream;

        private Arguments() {
            this.memories = new long[arguments.length];
            this.addresses = new long[arguments.length];
            this.list = scope.allocate((long) ENTRY_BYTES * arguments.length);
            Arrays.fill(addresses, -1);
            long[] handle = new long[1];
            for (int i = 0; i < arguments.length; i++) {
                OneDnn.check(OneDnn.dnnl_memory_create(handle, descriptors[i], engine, 0), "describe an argument");
                memories[i] = scope.own(handle[0], OneDnn::dnnl_memory_destroy);
                list.pointer().setInt((long) i * ENTRY_BYTES, arguments[i]);
                list.pointer().setLong((long) i * ENTRY_BYTES + ENTRY_HANDLE, memories[i]);
            }
        }

        /** Says where an argument's elements are. */
        public Arguments set(int argument, long address) {
            if (addresses[argument] != address) {
                OneDnn.check(OneDnn.dnnl_memory_set_data_handle(memories[argument], address), "set an argument");
                addresses[argument] = address;
            }
            return this;
        }

        public void run() {
            if (scratchBytes > 0) {
                set(arguments.length - 1, stream.scratch(scratchBytes));
            }
            OneDnn.check(
                    OneDnn.dnnl_primitive_execute(primitive, stream.handle(), arguments.length, list.address()),
                    "run a kernel");
        }
    }
}
