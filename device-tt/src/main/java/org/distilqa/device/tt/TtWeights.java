package org.distilqa.device.tt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.distilqa.DeviceException;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;

/**
 * A graph's parameters on the card: matrices transposed to {@code [inputs, outputs]} and tiled, in DRAM, the same on every
 * chip. Used by the device's owner thread alone.
 *
 * <p>The card's attention wants heads of a multiple of 32 columns. Where a network's are narrower, the maps before and after
 * the attention get columns and rows of zeros to fill them up; they change no result.
 *
 * <p>A network with token types has a token table of twice the rows: first each token's with the first type's added, then each
 * with the second's. So the card looks up as much as without types.
 */
final class TtWeights implements AutoCloseable {
    private static final int TILE_SIDE = 32;

    private final Map<Integer, Tensors> byNode = new HashMap<>();
    private final Map<Integer, TtTensor> positionIds = new HashMap<>();
    private final List<TtTensor> all = new ArrayList<>();
    private int secondSegmentRows;

    /** The two tensors of a node: tables, or weight and bias. */
    record Tensors(TtTensor first, TtTensor second) {}

    private TtWeights() {}

    /** Tells the device of each node that is done. */
    static TtWeights upload(
            TtDevice device, TtSession session, Graph graph, Parameters parameters, Collection<Integer> buckets) {
        TtWeights weights = new TtWeights();
        try {
            Uploader uploader = new Uploader(session, device.options(), graph, parameters, weights);
            for (Node node : graph.nodes()) {
                uploader.upload(node);
                device.progress();
            }
            buckets.forEach(uploader::uploadPositionIds);
            return weights;
        } catch (RuntimeException | Error e) {
            try {
                weights.close();
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** The tensors of a node; for one without parameters, two nulls. */
    Tensors of(Node node) {
        return byNode.getOrDefault(node.index(), new Tensors(null, null));
    }

    /** The positions 0, 1, 2, ... of a bucket. */
    TtTensor positionIds(int length) {
        return positionIds.get(length);
    }

    /** How many rows further on the token table has the tokens of a second segment; 0 where the network has no token types. */
    int secondSegmentRows() {
        return secondSegmentRows;
    }

    @Override
    public void close() {
        List<Runnable> frees =
                all.stream().map(tensor -> (Runnable) tensor::close).toList();
        all.clear();
        TtDevice.freeAll(frees);
    }

    private static int tiles(int columns) {
        return (columns + TILE_SIDE - 1) / TILE_SIDE * TILE_SIDE;
    }

    /** Converts and sends the parameters of one node after another. */
    private static final class Uploader {
        private final TtSession session;
        private final TtOptions options;
        private final Graph graph;
        private final Parameters parameters;
        private final TtWeights weights;
        private final int maxLength;

        /**
         * For a node whose columns are not those of the graph: the graph's column that stands in each of the card's, or -1
         * for a zero.
         */
        private final Map<Integer, int[]> layouts = new HashMap<>();

        Uploader(TtSession session, TtOptions options, Graph graph, Parameters parameters, TtWeights weights) {
            this.session = session;
            this.options = options;
            this.graph = graph;
            this.parameters = parameters;
            this.weights = weights;
            this.maxLength = tiles(graph.maxPositions());
            layouts.put(graph.output().index(), logitLayout());
            for (Node node : graph.nodes()) {
                if (node.op() instanceof Op.SelfAttention attention) {
                    layouts.put(node.index(), headLayout(node.width(), attention.heads(), 1));
                    layouts.put(node.inputs().get(0), headLayout(node.width(), attention.heads(), 3));
                }
            }
        }

        /** The two logits, and what fills them up to a tile. */
        private static int[] logitLayout() {
            int[] layout = new int[TtProgram.LOGIT_COLUMNS];
            Arrays.fill(layout, -1);
            layout[0] = 0;
            layout[1] = 1;
            return layout;
        }

        /** Heads filled up to whole tiles, in as many blocks of {@code width} columns as asked for. */
        private static int[] headLayout(int width, int heads, int blocks) {
            int size = width / heads;
            int padded = tiles(size);
            int[] layout = new int[blocks * heads * padded];
            for (int i = 0; i < layout.length; i++) {
                int column = i % padded;
                layout[i] = column < size ? i / padded * size + column : -1;
            }
            return layout;
        }

        void upload(Node node) {
            if (node.op() instanceof Op.Embeddings embeddings) {
                requireTiles(node);
                put(
                        node,
                        embeddings.types().isPresent()
                                ? tokensOfBothTypes(
                                        embeddings.tokens(), embeddings.types().get())
                                : table(embeddings.tokens(), Math.toIntExact(rows(embeddings.tokens()))),
                        table(embeddings.positions(), maxLength));
            } else if (node.op() instanceof Op.LayerNorm norm) {
                requireTiles(node);
                requireGraphLayout(node);
                put(node, row(parameters.read(norm.weight())), row(parameters.read(norm.bias())));
            } else if (node.op() instanceof Op.Linear linear) {
                // Refused now rather than at the first run.
                TtProgram.activation(linear.activation(), options);
                uploadLinear(node, linear, outputLayout(node));
            }
        }

        private int[] outputLayout(Node node) {
            int[] layout = layouts.get(node.index());
            if (layout == null) {
                requireTiles(node);
                layout = IntStream.range(0, node.width()).toArray();
            }
            return layout;
        }

        private static long rows(Parameter parameter) {
            return parameter.shape().dimensions().get(0);
        }

        private void requireTiles(Node node) {
            if (node.width() % TILE_SIDE != 0) {
                throw new DeviceException("device tt cannot run a network whose op "
                        + node.op().getClass().getSimpleName() + " has " + node.width()
                        + " columns; it takes multiples of " + TILE_SIDE);
            }
        }

        private void requireGraphLayout(Node node) {
            for (int input : node.inputs()) {
                int[] layout = layouts.get(input);
                if (layout != null && layout.length != graph.nodes().get(input).width()) {
                    throw new DeviceException("device tt cannot run a network in which "
                            + node.op().getClass().getSimpleName() + " follows attention with narrow heads");
                }
            }
        }

        /** A table of embeddings, row-major, with rows of zeros at its end if need be. */
        private TtTensor table(Parameter parameter, int rows) {
            int width = Math.toIntExact(parameter.shape().dimensions().get(1));
            return table(Arrays.copyOf(parameters.read(parameter), rows * width), rows, width);
        }

        private TtTensor table(float[] values, int rows, int width) {
            return keep(session.create(
                    TtLibrary.BFLOAT16, TtLibrary.ROW_MAJOR, TtLibrary.DRAM, TtLibrary.REPLICATE, values, rows, width));
        }

        private TtTensor tokensOfBothTypes(Parameter tokenTable, Parameter typeTable) {
            float[] tokens = parameters.read(tokenTable);
            float[] types = parameters.read(typeTable);
            int rows = Math.toIntExact(rows(tokenTable));
            int width = tokens.length / rows;
            float[] both = Arrays.copyOf(tokens, Math.multiplyExact(2, tokens.length));
            System.arraycopy(tokens, 0, both, tokens.length, tokens.length);
            for (int i = 0; i < both.length; i++) {
                both[i] += types[i / tokens.length * width + i % width];
            }
            weights.secondSegmentRows = rows;
            return table(both, 2 * rows, width);
        }

        private void uploadLinear(Node node, Op.Linear linear, int[] outputs) {
            Node input = graph.nodes().get(node.inputs().get(0));
            int[] inputs = layouts.get(input.index());
            if (inputs == null) {
                inputs = IntStream.range(0, input.width()).toArray();
            }
            int stacked = linear.weights().size();
            int each = Math.toIntExact(rows(linear.weights().get(0)));
            float[][] values = new float[stacked][];
            float[][] shifts = new float[stacked][];
            for (int i = 0; i < stacked; i++) {
                values[i] = parameters.read(linear.weights().get(i));
                shifts[i] = parameters.read(linear.biases().get(i));
            }
            float[] weight = new float[inputs.length * outputs.length];
            float[] bias = new float[outputs.length];
            for (int column = 0; column < outputs.length; column++) {
                if (outputs[column] < 0) {
                    continue;
                }
                float[] matrix = values[outputs[column] / each];
                int row = outputs[column] % each;
                bias[column] = shifts[outputs[column] / each][row];
                for (int k = 0; k < inputs.length; k++) {
                    if (inputs[k] >= 0) {
                        weight[k * outputs.length + column] = matrix[row * input.width() + inputs[k]];
                    }
                }
            }
            TtTensor uploaded = keep(session.create(
                    options.weights(),
                    TtLibrary.TILE,
                    TtLibrary.DRAM,
                    TtLibrary.REPLICATE,
                    weight,
                    inputs.length,
                    outputs.length));
            put(node, uploaded, row(bias));
        }

        private TtTensor row(float[] values) {
            return keep(session.create(
                    TtLibrary.BFLOAT16, TtLibrary.TILE, TtLibrary.DRAM, TtLibrary.REPLICATE, values, 1, values.length));
        }

        void uploadPositionIds(int length) {
            int[] positions = IntStream.range(0, length).toArray();
            weights.positionIds.put(length, keep(session.create(TtLibrary.REPLICATE, positions, 1, length)));
        }

        private void put(Node node, TtTensor first, TtTensor second) {
            weights.byNode.put(node.index(), new Tensors(first, second));
        }

        private TtTensor keep(TtTensor tensor) {
            weights.all.add(tensor);
            return tensor;
        }
    }
}
