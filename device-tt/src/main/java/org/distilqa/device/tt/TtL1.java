package org.distilqa.device.tt;

import org.distilqa.graph.Graph;
import org.distilqa.graph.GraphUses;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;

/**
 * Whether the activations of a run fit into L1, the memory of a chip's cores. Beside the tensors that are alive, a core needs room
 * for the circular buffers of the op that runs; TT-NN refuses the op where the two meet.
 *
 * <p>A tensor is cut into tiles of 32 x 32 values, dealt out over the cores in turn. For 8 sequences of 512 tokens on the 56 cores of an n300's
 * chip, at the attention of a network 768 wide: its input, three times as wide, and the layer's input are alive, and queries, keys,
 * values and the result are made: 8 * 768 * 4,096 values, in bfloat16 899 KB a core of 1,395, in bfloat8_b 478.
 */
final class TtL1 {
    static final int TILE_SIDE = 32;

    /** Up to here all lengths, boards and formats were run on TT-NN's mocked cards. */
    private static final int MAX_TOKENS = 8 * 512;

    /** What the plans of linear_plan.h take at most. */
    private static final long LINEAR_BUFFERS = 512 << 10;

    /** Measured on mocked cards: attention takes less, layer norm as much for rows of 1,024 values. */
    private static final long ATTENTION_BUFFERS = 384 << 10;

    private static final long ROW_BUFFERS = 768 << 10;

    private final Graph graph;
    private final GraphUses uses;
    private final long cores;
    private final long coreBytes;
    private final long tileBytes;

    /**
     * The L1 of a chip.
     *
     * @param cores how many compute cores a chip has
     * @param coreBytes the bytes for buffers of each
     * @param dtype the format of the activations
     */
    TtL1(Graph graph, long cores, long coreBytes, int dtype) {
        this.graph = graph;
        this.uses = new GraphUses(graph);
        this.cores = cores;
        this.coreBytes = coreBytes;
        this.tileBytes = tileBytes(dtype);
    }

    /** The bytes of a tile of 32 x 32 values in a format. */
    static long tileBytes(int dtype) {
        return switch (dtype) {
            case TtLibrary.BFLOAT8_B -> 1024 + 64;
            case TtLibrary.BFLOAT4_B -> 512 + 64;
            default -> 2048;
        };
    }

    /** Whether a node's result is the graph's: it goes to DRAM and takes no room here. */
    boolean isOutput(Node node) {
        return node.equals(graph.output());
    }

    /** How many columns a node's result has on the card: attention's heads and the two logits are filled up to whole tiles. */
    int columns(Node node) {
        if (isOutput(node)) {
            return TtProgram.LOGIT_COLUMNS;
        }
        if (node.op() instanceof Op.SelfAttention attention) {
            return headColumns(node, attention);
        }
        for (Node consumer : uses.consumers(node)) {
            if (consumer.op() instanceof Op.SelfAttention attention) {
                return 3 * headColumns(consumer, attention);
            }
        }
        return node.width();
    }

    private static int headColumns(Node node, Op.SelfAttention attention) {
        int size = node.width() / attention.heads();
        return attention.heads() * ((size + TILE_SIDE - 1) / TILE_SIDE * TILE_SIDE);
    }

    /** Whether all activations of so many tokens on each chip fit at every step of the graph. */
    boolean holds(int tokens) {
        return tokens <= MAX_TOKENS && graph.nodes().stream().allMatch(node -> neededAt(node, tokens) <= coreBytes);
    }

    /** The bytes of a core that are in use while a node runs. */
    private long neededAt(Node node, int tokens) {
        long live = uses.liveAt(node).stream()
                .mapToLong(made -> bytes(columns(made), tokens))
                .sum();
        int columns = columns(node);
        if (node.op() instanceof Op.SelfAttention) {
            return live + bytes(3 * columns, tokens) + bytes(columns, tokens) + ATTENTION_BUFFERS;
        }
        if (node.op() instanceof Op.Embeddings) {
            return 2 * bytes(columns, tokens) + ROW_BUFFERS;
        }
        long buffers = node.op() instanceof Op.LayerNorm ? ROW_BUFFERS : LINEAR_BUFFERS;
        long result = isOutput(node) ? 0 : bytes(columns, tokens);
        return live + result + buffers;
    }

    private long bytes(int columns, int tokens) {
        long tiles = (long) (tokens / TILE_SIDE) * (columns / TILE_SIDE);
        return (tiles + cores - 1) / cores * tileBytes;
    }
}
