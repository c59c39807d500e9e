package org.distilqa.device.onednn.steps;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.program.Precision;
import org.distilqa.graph.Activation;

/**
 * What oneDNN would multiply the matrices of a network with in one precision, on this processor and with what the environment
 * (ONEDNN_MAX_CPU_ISA) leaves of it. It is asked, by describing the kernels as the network's steps do; nothing is guessed from
 * the processor's flags.
 *
 * @param implementations oneDNN's names, such as {@code brg_matmul:avx512_core}, for each kind of product; {@value #NONE} where it
 *     has nothing
 */
public record MatrixProducts(List<String> implementations) {
    public static final String NONE = "none";

    // A layer of DistilBERT, 64 tokens.
    private static final int ROWS = 64;
    private static final int WIDTH = 768;
    private static final int HIDDEN = 3072;
    private static final int HEADS = 12;

    public MatrixProducts {
        implementations = List.copyOf(implementations);
    }

    /** Asks, for each precision. The library is loaded. */
    public static Map<Precision, MatrixProducts> ask(boolean hasBfloat16) {
        long[] engine = new long[1];
        OneDnn.check(OneDnn.dnnl_engine_create(engine, OneDnn.CPU, 0), "make an engine");
        try {
            KernelBuilder.Target target = new KernelBuilder.Target(engine[0], 1);
            Map<Precision, MatrixProducts> products = new EnumMap<>(Precision.class);
            for (Precision precision : Precision.values()) {
                products.put(precision, ask(precision, precision.attentionType(hasBfloat16), target));
            }
            return products;
        } finally {
            OneDnn.dnnl_engine_destroy(engine[0]);
        }
    }

    private static MatrixProducts ask(Precision precision, int attentionType, KernelBuilder.Target target) {
        List<String> names = new ArrayList<>();
        LinearShape first = new LinearShape(precision, WIDTH, HIDDEN);
        LinearShape second = new LinearShape(precision, HIDDEN, WIDTH);
        for (LinearStep.Product product : List.of(
                new LinearStep.Product(first, Activation.GELU, 0, false, WIDTH, OneDnn.F32, HIDDEN),
                new LinearStep.Product(second, Activation.NONE, 0, true, HIDDEN, OneDnn.F32, WIDTH))) {
            try (NativeScope scope = new NativeScope()) {
                // Without an implementation there is no layout for the weights either.
                Optional<String> layout =
                        product.shape().typicalProduct(scope, target).implementation();
                names.add(layout.flatMap(name -> product.describe(
                                        scope, target, ROWS, product.shape().outputs())
                                .implementation())
                        .orElse(NONE));
            }
        }
        AttentionKernels.Shape attention =
                new AttentionKernels.Shape(HEADS, WIDTH / HEADS, ROWS, ROWS, attentionType, 3 * WIDTH, WIDTH);
        try (NativeScope scope = new NativeScope()) {
            names.add(AttentionKernels.scores(attention, scope, target)
                    .implementation()
                    .orElse(NONE));
            names.add(AttentionKernels.context(attention, scope, target)
                    .implementation()
                    .orElse(NONE));
        }
        return new MatrixProducts(names);
    }

    /**
     * The first that is slow: oneDNN's reference code, a hundred times slower than its vectors; nothing at all; or a product of
     * bfloat16 by the instructions for float32, which takes four times as long as one of float32.
     *
     * @param hasBfloat16 whether the processor multiplies bfloat16
     */
    public Optional<String> slow(boolean hasBfloat16) {
        return implementations.stream()
                .filter(name -> name.equals(NONE)
                        || name.contains("ref")
                        || (!hasBfloat16 && name.startsWith("gemm") && name.contains("bf16")))
                .findFirst();
    }
}
