package org.distilqa.device.onednn.binding;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distilqa.DeviceException;

/**
 * Makes a {@link Kernel}: first what is done to the result, then the operation, then {@link #build()}. Arguments are numbered in the
 * order of the calls: those of the operation last.
 */
public final class KernelBuilder {
    /** What all kernels of a device have in common: its engine, and how many streams run them. */
    public record Target(long engine, int streams) {}

    private final NativeScope scope;
    private final Target target;
    /** Done when the kernel is made, so that there is nothing native to let go if it never is. */
    private final List<Runnable> preparations = new ArrayList<>();

    private final NativeScope temporary = new NativeScope();
    private final List<Integer> arguments = new ArrayList<>();
    private final List<Long> descriptors = new ArrayList<>();
    private String operation;
    private Description describe;
    private long attributes;
    private long postOps;

    /** The kernel will belong to this scope. */
    public KernelBuilder(NativeScope scope, Target target) {
        this.scope = scope;
        this.target = target;
    }

    private KernelBuilder prepare(Runnable preparation) {
        preparations.add(preparation);
        return this;
    }

    private KernelBuilder argument(int argument, long descriptor) {
        return prepare(() -> addArgument(argument, descriptor));
    }

    private void addArgument(int argument, long descriptor) {
        arguments.add(argument);
        descriptors.add(descriptor);
    }

    /** Multiplies each column of the weights with a number of its own; a vector argument. */
    public KernelBuilder scaleWeightColumns(long columns) {
        return prepare(() -> {
            OneDnn.check(
                    OneDnn.dnnl_primitive_attr_set_scales_mask(attributes, OneDnn.ARG_WEIGHTS, 1 << 1),
                    "scale the columns of weights");
            addArgument(OneDnn.ARG_ATTR_SCALES | OneDnn.ARG_WEIGHTS, Tensors.vector(temporary, columns));
        });
    }

    /** Multiplies each row of the source with a number of its own; a matrix argument of one column. */
    public KernelBuilder scaleSourceRows(long rows, long depth) {
        return prepare(() -> {
            // One group of the whole depth: what oneDNN has fast kernels for, unlike a mask for the rows alone.
            long[] group = {1, depth};
            OneDnn.check(
                    OneDnn.dnnl_primitive_attr_set_scales(attributes, OneDnn.ARG_SRC, 1 | 1 << 1, 2, group, OneDnn.F32),
                    "scale the rows of a source");
            addArgument(OneDnn.ARG_ATTR_SCALES | OneDnn.ARG_SRC, Tensors.matrix(temporary, OneDnn.F32, rows, 1, 1));
        });
    }

    /** Applies a function to each element of the result. */
    public KernelBuilder then(int eltwise, float alpha, float beta) {
        return prepare(() ->
                OneDnn.check(OneDnn.dnnl_post_ops_append_eltwise(postOps, eltwise, alpha, beta), "add a post-op"));
    }

    /** Adds the result to what is there. */
    public KernelBuilder thenAddToResult() {
        return prepare(() -> OneDnn.check(OneDnn.dnnl_post_ops_append_sum(postOps, 1, 0, 0), "add a sum as post-op"));
    }

    /** The product of two matrices, or of as many pairs as there are; arguments: source, weights, result. */
    public KernelBuilder multiply(long source, long weights, long result) {
        return multiply(source, weights, 0, result);
    }

    /** The product of two matrices plus a row, or of as many pairs as there are; arguments: bias unless it is 0, source, weights, result. */
    public KernelBuilder multiply(long source, long weights, long bias, long result) {
        if (bias != 0) {
            argument(OneDnn.ARG_BIAS, bias);
        }
        argument(OneDnn.ARG_SRC, source).argument(OneDnn.ARG_WEIGHTS, weights).argument(OneDnn.ARG_DST, result);
        return operation(
                "a matrix product",
                handle -> OneDnn.dnnl_matmul_primitive_desc_create(
                        handle, target.engine(), source, weights, bias, result, attributes));
    }

    /** Layer norm of each row; arguments: source, scale, shift, result. */
    public KernelBuilder layerNorm(long source, long width, float epsilon, long result) {
        argument(OneDnn.ARG_SRC, source);
        prepare(() -> addArgument(OneDnn.ARG_SCALE, Tensors.vector(temporary, width)));
        prepare(() -> addArgument(OneDnn.ARG_SHIFT, Tensors.vector(temporary, width)));
        argument(OneDnn.ARG_DST, result);
        return operation(
                "a layer norm",
                handle -> OneDnn.dnnl_layer_normalization_forward_primitive_desc_create(
                        handle,
                        target.engine(),
                        OneDnn.FORWARD_INFERENCE,
                        source,
                        result,
                        0,
                        epsilon,
                        OneDnn.USE_SCALE | OneDnn.USE_SHIFT,
                        attributes));
    }

    /** Softmax over the last axis of a tensor of three; arguments: source, result. */
    public KernelBuilder softmax(long source, long result) {
        argument(OneDnn.ARG_SRC, source).argument(OneDnn.ARG_DST, result);
        return operation(
                "a softmax",
                handle -> OneDnn.dnnl_softmax_forward_primitive_desc_create(
                        handle,
                        target.engine(),
                        OneDnn.FORWARD_INFERENCE,
                        OneDnn.SOFTMAX_ACCURATE,
                        source,
                        result,
                        2,
                        attributes));
    }

    /** A function of two tensors, element by element; arguments: left, right, result. */
    public KernelBuilder binary(int algorithm, long left, long right, long result) {
        argument(OneDnn.ARG_SRC, left).argument(OneDnn.ARG_SRC_1, right).argument(OneDnn.ARG_DST, result);
        return operation(
                "a binary operation",
                handle -> OneDnn.dnnl_binary_primitive_desc_create(
                        handle, target.engine(), algorithm, left, right, result, attributes));
    }

    /** A function of each element; arguments: source, result. */
    public KernelBuilder eltwise(int algorithm, long source, long result) {
        argument(OneDnn.ARG_SRC, source).argument(OneDnn.ARG_DST, result);
        return operation(
                "an element-wise operation",
                handle -> OneDnn.dnnl_eltwise_forward_primitive_desc_create(
                        handle,
                        target.engine(),
                        OneDnn.FORWARD_INFERENCE,
                        algorithm,
                        source,
                        result,
                        0,
                        0,
                        attributes));
    }

    /** The largest of each so many elements that are {@code channels} apart, by pooling; arguments: source, result. */
    public KernelBuilder maxima(long source, long window, long result) {
        argument(OneDnn.ARG_SRC, source).argument(OneDnn.ARG_DST, result);
        long[] windows = Tensors.sizes(window);
        long[] zeros = Tensors.sizes();
        return operation(
                "a maximum",
                handle -> OneDnn.dnnl_pooling_forward_primitive_desc_create(
                        handle,
                        target.engine(),
                        OneDnn.FORWARD_INFERENCE,
                        OneDnn.POOLING_MAX,
                        source,
                        result,
                        windows,
                        windows,
                        zeros,
                        zeros,
                        zeros,
                        attributes));
    }

    /** A copy in another type or layout; arguments: source, result. */
    public KernelBuilder reorder(long source, long result) {
        argument(OneDnn.ARG_SRC, source).argument(OneDnn.ARG_DST, result);
        return operation(
                "a change of layout",
                handle -> OneDnn.dnnl_reorder_primitive_desc_create(
                        handle, source, target.engine(), result, target.engine(), attributes));
    }

    private KernelBuilder operation(String name, Description description) {
        operation = name;
        describe = description;
        return this;
    }

    /** The kernel, which belongs to the scope. */
    public Kernel build() {
        return require(descriptor ->
                new Kernel(scope, target.engine(), target.streams(), operation, descriptor, arguments, descriptors));
    }

    /** The layout that oneDNN likes best for the weights of a product whose weights may have any; it belongs to the scope. */
    public long bestWeights() {
        return require(descriptor ->
                Tensors.copyOf(scope, OneDnn.dnnl_primitive_desc_query_md(descriptor, OneDnn.QUERY_WEIGHTS, 0)));
    }

    /** oneDNN's name for what it would do this with; empty if it has nothing for this processor. */
    public Optional<String> implementation() {
        return find(Kernel::implementation);
    }

    private interface Description {
        int into(long[] handle);
    }

    private interface Use<T> {
        T of(long descriptor);
    }

    private <T> T require(Use<T> use) {
        return find(use)
                .orElseThrow(() -> new DeviceException(
                        "oneDNN has no kernel for " + operation + " of this kind on this processor"));
    }

    private <T> Optional<T> find(Use<T> use) {
        try {
            long[] handle = new long[1];
            OneDnn.check(OneDnn.dnnl_primitive_attr_create(handle), "make attributes");
            attributes = temporary.own(handle[0], OneDnn::dnnl_primitive_attr_destroy);
            OneDnn.check(
                    OneDnn.dnnl_primitive_attr_set_scratchpad_mode(attributes, OneDnn.SCRATCHPAD_USER),
                    "set a scratchpad");
            OneDnn.check(OneDnn.dnnl_post_ops_create(handle), "make post-ops");
            postOps = temporary.own(handle[0], OneDnn::dnnl_post_ops_destroy);
            preparations.forEach(Runnable::run);
            OneDnn.check(OneDnn.dnnl_primitive_attr_set_post_ops(attributes, postOps), "set post-ops");
            int status = describe.into(handle);
            if (status == OneDnn.UNIMPLEMENTED) {
                return Optional.empty();
            }
            OneDnn.check(status, "describe " + operation);
            temporary.own(handle[0], OneDnn::dnnl_primitive_desc_destroy);
            return Optional.of(use.of(handle[0]));
        } finally {
            temporary.close();
        }
    }
}
