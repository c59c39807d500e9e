package org.distilqa.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.distilqa.cli.io.Json;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.tt.WormholePlan;
import org.distilqa.device.tt.WormholePlan.Board;
import org.distilqa.device.tt.WormholePlan.Step;
import org.distilqa.graph.Graph;

/** The plans of a network's runs on the Wormhole cards, of each bucket, as a table or JSON. */
final class WormholePlans {
    private static final List<Integer> BUCKETS = List.of(32, 64, 128, 192, 256, 384, 512);

    private final Graph graph;
    private final DeviceOptions options;
    private final int batchPerChip;

    WormholePlans(Graph graph, DeviceOptions options, int batchPerChip) {
        this.graph = graph;
        this.options = options;
        this.batchPerChip = batchPerChip;
    }

    private List<WormholePlan> plans(Board board) {
        int longest = (graph.maxPositions() + 31) / 32 * 32;
        return BUCKETS.stream()
                .filter(length -> length <= longest)
                .map(length -> WormholePlan.of(graph, board, options, batchPerChip, length))
                .toList();
    }

    void print(PrintWriter out) {
        for (Board board : Board.values()) {
            List<WormholePlan> plans = plans(board);
            out.printf(
                    Locale.ROOT,
                    "%s: runs of %d sequences, at best%n  length  to the card  from DRAM   GFLOP   in L1     time  sequences/s%n",
                    board,
                    batchPerChip * board.chips());
            for (WormholePlan plan : plans) {
                out.printf(
                        Locale.ROOT,
                        "  %6d  %9.1f kB  %6.1f MB  %6.1f  %6s  %5.2f ms  %11.0f%n",
                        plan.length(),
                        plan.hostToDeviceBytes() / 1e3,
                        board.chips() * dramBytes(plan) / 1e6,
                        board.chips() * flops(plan) / 1e9,
                        plan.activationsInL1() ? "yes" : "no",
                        1e3 * plan.seconds(),
                        plan.sequences() / plan.seconds());
            }
            WormholePlan longest = plans.get(plans.size() - 1);
            out.printf(
                    Locale.ROOT,
                    "  the ops of length %d, on each chip%n  %-22s  ops      tiles   GFLOP  from DRAM  L1 traffic     time%n",
                    longest.length(),
                    "");
            for (Step step : longest.steps()) {
                out.printf(
                        Locale.ROOT,
                        "  %-22s  %3d  %9d  %6.1f  %6.1f MB   %6.1f MB  %5.0f us%n",
                        step.kind(),
                        step.count(),
                        step.tiles(),
                        step.flops() / 1e9,
                        step.dramBytes() / 1e6,
                        step.l1Bytes() / 1e6,
                        1e6 * step.seconds());
            }
        }
        out.println(
                "The TT-NN demo always runs 8 sequences of 384 tokens, and sends 56.6 MB of masks with them. On paper: "
                        + "docs/wormhole.md has the formula and what it leaves out.");
    }

    ArrayNode json() {
        ArrayNode all = Json.object().putArray("plans");
        for (Board board : Board.values()) {
            for (WormholePlan plan : plans(board)) {
                ObjectNode node = all.addObject()
                        .put("board", board.name().toLowerCase(Locale.ROOT))
                        .put("chips", board.chips())
                        .put("sequences", plan.sequences())
                        .put("length", plan.length())
                        .put("activations_in_l1", plan.activationsInL1())
                        .put("host_to_device_bytes", plan.hostToDeviceBytes())
                        .put("device_to_host_bytes", plan.deviceToHostBytes())
                        .put("seconds", plan.seconds());
                ArrayNode steps = node.putArray("ops");
                for (Step step : plan.steps()) {
                    steps.addObject()
                            .put("kind", step.kind())
                            .put("count", step.count())
                            .put("tiles", step.tiles())
                            .put("flops", step.flops())
                            .put("dram_bytes", step.dramBytes())
                            .put("l1_bytes", step.l1Bytes())
                            .put("seconds", step.seconds());
                }
            }
        }
        return all;
    }

    private static double dramBytes(WormholePlan plan) {
        return plan.steps().stream().mapToLong(Step::dramBytes).sum();
    }

    private static double flops(WormholePlan plan) {
        return plan.steps().stream().mapToDouble(Step::flops).sum();
    }
}
