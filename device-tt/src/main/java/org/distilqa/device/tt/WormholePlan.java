package org.distilqa.device.tt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distilqa.InvalidRequestException;
import org.distilqa.device.DeviceOptions;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.internal.Ranges;

/**
 * What one run costs a Wormhole card, on paper: what goes over the bus and from DRAM, the arithmetic, and how fast it could go at
 * best. Nothing is opened or measured.
 *
 * <p>The time of an op is that of its arithmetic or of its traffic with DRAM, whichever is longer (the roofline of Williams,
 * Waterman and Patterson, 2009), on each chip:
 *
 * <pre>{@code
 * seconds = max(flops / (cores * 4.096e12 / passes), dram bytes / 288e9)
 * }</pre>
 *
 * <p>A core multiplies 8 x 16 by 16 x 16 values a cycle, at 1 GHz: 4.096 TFLOP/s. A fidelity is that many passes over it: 1 for
 * LoFi, 2, 3 and 4 for HiFi2, HiFi3 and HiFi4. The 72 cores of an n150 thus make 74 TFLOP/s at HiFi4, which is what
 * Tenstorrent states; 64 of them compute, and 56 of an n300's chip. DRAM gives 288 GB/s a chip. Left out are what is not a matrix
 * product (normalisation, softmax, gelu), reading L1, starting ops, and the bus: a card will be slower.
 *
 * <p>Immutable.
 */
public final class WormholePlan {
    private static final double FLOPS_OF_A_CORE = 4.096e12;
    private static final double DRAM_BYTES_A_SECOND = 288e9;
    private static final int TILE = TtL1.TILE_SIDE;

    /** A card. */
    public enum Board {
        /** One chip, 64 compute cores. */
        N150(1, 64),
        /** Two chips, each with 56 compute cores and its own DRAM. */
        N300(2, 56);

        private final int chips;
        private final int cores;

        Board(int chips, int cores) {
            this.chips = chips;
            this.cores = cores;
        }

        /**
         * How many chips share a run.
         *
         * @return 1 or 2
         */
        public int chips() {
            return chips;
        }
    }

    /**
     * What the ops of one kind cost together.
     *
     * @param kind which ops: the embeddings, the products by their shapes, attention, layer norm, the head
     * @param count how many of them a run has
     * @param tiles products of two tiles of 32 x 32 values, on each chip
     * @param flops floating-point operations of the matrix products on each chip, padding included
     * @param dramBytes what is read from and written to DRAM on each chip; each weight counts once
     * @param l1Bytes what is read from and written to L1 as tensors on each chip
     * @param seconds the roofline's time
     */
    public record Step(
            String kind, int count, long tiles, double flops, long dramBytes, long l1Bytes, double seconds) {}

    private final Board board;
    private final int sequences;
    private final int length;
    private final boolean inL1;
    private final long hostToDeviceBytes;
    private final long deviceToHostBytes;
    private final List<Step> steps;

    private WormholePlan(Board board, int sequences, int length, boolean inL1, TtOptions options, List<Step> steps) {
        this.board = board;
        this.sequences = sequences;
        this.length = length;
        this.inL1 = inL1;
        this.steps = List.copyOf(steps);
        long rows = (long) sequences * length;
        this.hostToDeviceBytes = 4 * rows + rows * length / (TILE * TILE) * TtL1.tileBytes(options.mask());
        this.deviceToHostBytes = rows / TILE * TtL1.tileBytes(TtLibrary.BFLOAT16);
    }

    /**
     * The plan of a run in which some sequences are shorter than the bucket, so that a mask is sent.
     *
     * @param graph the network
     * @param board the card
     * @param options as the device takes them; the formats and the fidelity count
     * @param batchPerChip sequences on each chip, from 1 to 64
     * @param length the bucket: a multiple of 32, at least 32 and at most the positions of the network, rounded up
     * @return the plan
     * @throws InvalidRequestException if an option, the batch or the length is out of its range
     */
    public static WormholePlan of(Graph graph, Board board, DeviceOptions options, int batchPerChip, int length) {
        int longest = (graph.maxPositions() + TILE - 1) / TILE * TILE;
        Ranges.require("batchPerChip", batchPerChip, 1, TtOptions.MAX_BATCH_PER_CHIP, InvalidRequestException::new);
        if (length < TILE || length % TILE != 0 || length > longest) {
            throw new InvalidRequestException(
                    "length is " + length + "; it must be a multiple of 32 from 32 to " + longest);
        }
        TtOptions read = TtOptions.of(options);
        int tokens = batchPerChip * length;
        TtL1 memory = new TtL1(graph, board.cores, 1_395_424, read.activations());
        boolean inL1 = memory.holds(tokens);
        Counting counting = new Counting(graph, memory, board, read, batchPerChip, length, inL1);
        graph.nodes().forEach(counting::add);
        return new WormholePlan(board, batchPerChip * board.chips, length, inL1, read, counting.steps());
    }

    /** Adds up the ops of each kind. */
    private static final class Counting {
        private final Graph graph;
        private final TtL1 memory;
        private final Board board;
        private final TtOptions options;
        private final long batch;
        private final long length;
        private final boolean inL1;
        private final long activation;
        private final Map<String, Step> byKind = new LinkedHashMap<>();

        Counting(Graph graph, TtL1 memory, Board board, TtOptions options, int batch, int length, boolean inL1) {
            this.graph = graph;
            this.memory = memory;
            this.board = board;
            this.options = options;
            this.batch = batch;
            this.length = length;
            this.inL1 = inL1;
            this.activation = TtL1.tileBytes(options.activations());
        }

        List<Step> steps() {
            return new ArrayList<>(byKind.values());
        }

        private long rowTiles() {
            return batch * length / TILE;
        }

        private long columnTiles(int node) {
            return memory.columns(graph.nodes().get(node)) / TILE;
        }

        void add(Node node) {
            long out = columnTiles(node.index());
            long in = node.inputs().stream().mapToLong(this::columnTiles).sum();
            long moved = rowTiles() * (in + out) * activation;
            if (node.op() instanceof Op.Embeddings) {
                // Rows of the table of tokens for each token, of the table of positions once.
                long rows = (batch + 1) * length * out * TILE * 2;
                add("embeddings", 0, rows + 4 * batch * length, 3 * rowTiles() * out * activation);
            } else if (node.op() instanceof Op.LayerNorm) {
                add("layer norm", 0, 2 * out * TtL1.tileBytes(TtLibrary.BFLOAT16), moved);
            } else if (node.op() instanceof Op.SelfAttention attention) {
                long lengthTiles = length / TILE;
                long products = 2 * batch * lengthTiles * lengthTiles * out;
                long mask = batch * lengthTiles * lengthTiles * TtL1.tileBytes(options.mask());
                // Split, attend, join: each reads and writes what the next takes.
                long l1 = rowTiles() * out * activation * (3 + 3 + 3 + 1 + 1 + 1);
                add("attention, " + attention.heads() + " heads", products, mask, l1);
            } else {
                long logits = memory.isOutput(node) ? rowTiles() * TtL1.tileBytes(TtLibrary.BFLOAT16) : 0;
                long weights = in * out * TtL1.tileBytes(options.weights());
                long bias = out * TtL1.tileBytes(TtLibrary.BFLOAT16);
                add(
                        "linear " + in * TILE + " to " + out * TILE,
                        rowTiles() * in * out,
                        weights + bias + logits,
                        logits > 0 ? rowTiles() * in * activation : moved);
            }
        }

        private void add(String kind, long tiles, long dram, long l1) {
            long fromDram = inL1 ? dram : dram + l1;
            double flops = 2.0 * TILE * TILE * TILE * tiles;
            double rate = board.cores * FLOPS_OF_A_CORE / Math.max(1, options.mathFidelity());
            double seconds = Math.max(flops / rate, fromDram / DRAM_BYTES_A_SECOND);
            byKind.merge(
                    kind,
                    new Step(kind, 1, tiles, flops, fromDram, inL1 ? l1 : 0, seconds),
                    (a, b) -> new Step(
                            kind,
                            a.count + b.count,
                            a.tiles + b.tiles,
                            a.flops + b.flops,
                            a.dramBytes + b.dramBytes,
                            a.l1Bytes + b.l1Bytes,
                            a.seconds + b.seconds));
        }
    }

    /**
     * The card.
     *
     * @return the board
     */
    public Board board() {
        return board;
    }

    /**
     * How many sequences the run has over all chips.
     *
     * @return at least 1
     */
    public int sequences() {
        return sequences;
    }

    /**
     * The length that sequences are padded to.
     *
     * @return in tokens
     */
    public int length() {
        return length;
    }

    /**
     * Whether what ops give each other stays in L1, the memory of the cores, or goes through DRAM.
     *
     * @return true for L1
     */
    public boolean activationsInL1() {
        return inL1;
    }

    /**
     * What is sent to all chips for the run: the token ids and the mask.
     *
     * @return in bytes
     */
    public long hostToDeviceBytes() {
        return hostToDeviceBytes;
    }

    /**
     * What is read back from all chips: the logits, with the 30 columns that fill up their tiles.
     *
     * @return in bytes
     */
    public long deviceToHostBytes() {
        return deviceToHostBytes;
    }

    /**
     * The ops, those of one kind together, in the order of their first.
     *
     * @return the steps
     */
    public List<Step> steps() {
        return steps;
    }

    /**
     * The least time that the ops can take, one after the other.
     *
     * @return in seconds
     */
    public double seconds() {
        return steps.stream().mapToDouble(Step::seconds).sum();
    }
}
