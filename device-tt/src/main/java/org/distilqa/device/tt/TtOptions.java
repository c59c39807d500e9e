package org.distilqa.device.tt;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.device.DeviceOptions;

/**
 * The settings of the device {@code tt}; docs/wormhole.md describes each and gives the reasons for its default.
 *
 * @param meshColumns how many chips side by side; 0 for all of the first board
 * @param deviceIds which chips; empty for any
 * @param weights the format of the matrices: BFLOAT16 or BFLOAT8_B
 * @param mask the format of the attention mask: BFLOAT16, BFLOAT8_B or BFLOAT4_B
 * @param activations the format of what ops give each other: BFLOAT16 or BFLOAT8_B
 * @param mathFidelity 0, 2, 3 or 4
 * @param fp32Accumulation whether sums are kept in float32
 * @param approximateGelu whether the hardware's fast gelu is used
 * @param buckets the lengths that sequences are padded to, ascending multiples of 32
 * @param batchPerChip how many sequences a chip gets at most in one run
 * @param trace whether runs are captured and replayed
 * @param traceRegionBytes DRAM set aside for traces
 * @param timeoutMs how long a run may take; 0 for ever
 * @param openTimeoutMs how long opening may take; 0 for ever
 */
record TtOptions(
        int meshColumns,
        int[] deviceIds,
        int weights,
        int mask,
        int activations,
        int mathFidelity,
        boolean fp32Accumulation,
        boolean approximateGelu,
        List<Integer> buckets,
        int batchPerChip,
        boolean trace,
        long traceRegionBytes,
        int timeoutMs,
        int openTimeoutMs) {

    private static final Set<String> NAMES = Set.of(
            "chips",
            "device-ids",
            "precision",
            "mask-precision",
            "activation-precision",
            "math-fidelity",
            "fp32-accumulation",
            "gelu",
            "buckets",
            "batch-per-chip",
            "trace",
            "trace-region-mb",
            "timeout-ms",
            "open-timeout-ms");

    private static final Set<String> SWITCH = Set.of("on", "off");
    private static final int MAX_LENGTH = 512;

    /** How many sequences each chip takes at most. */
    static final int MAX_BATCH_PER_CHIP = 64;

    static TtOptions of(DeviceOptions options) {
        options.requireKnown("tt", NAMES);
        String fidelity = options.choice("math-fidelity", "hifi2", Set.of("lofi", "hifi2", "hifi3", "hifi4"));
        boolean fp32 = options.choice("fp32-accumulation", fidelity.equals("hifi4") ? "off" : "on", SWITCH)
                .equals("on");
        if (fp32 && fidelity.equals("hifi4")) {
            throw new InvalidConfigurationException(
                    "device option fp32-accumulation cannot be on with math-fidelity hifi4:"
                            + " a Wormhole erratum; take hifi3, or off");
        }
        int[] deviceIds = integers(options, "device-ids", "", 0, 255);
        int chips = options.integer("chips", deviceIds.length, 0, 2);
        if (deviceIds.length > 0 && chips != deviceIds.length) {
            throw new InvalidConfigurationException(
                    "device option chips is " + chips + ", but device-ids names " + deviceIds.length);
        }
        return new TtOptions(
                chips,
                deviceIds,
                dtype(options.choice("precision", "bfloat8_b", Set.of("bfloat16", "bfloat8_b"))),
                dtype(options.choice("mask-precision", "bfloat4_b", Set.of("bfloat16", "bfloat8_b", "bfloat4_b"))),
                dtype(options.choice("activation-precision", "bfloat16", Set.of("bfloat16", "bfloat8_b"))),
                fidelity.equals("lofi") ? 0 : fidelity.charAt(4) - '0',
                fp32,
                options.choice("gelu", "exact", Set.of("exact", "approximate")).equals("approximate"),
                buckets(options),
                options.integer("batch-per-chip", 8, 1, MAX_BATCH_PER_CHIP),
                options.choice("trace", "on", SWITCH).equals("on"),
                options.integer("trace-region-mb", 32, 0, 1024) * 1_000_000L,
                options.integer("timeout-ms", 60_000, 0, 3_600_000),
                options.integer("open-timeout-ms", 180_000, 0, 3_600_000));
    }

    private static int dtype(String name) {
        return switch (name) {
            case "bfloat16" -> TtLibrary.BFLOAT16;
            case "bfloat8_b" -> TtLibrary.BFLOAT8_B;
            default -> TtLibrary.BFLOAT4_B;
        };
    }

    private static List<Integer> buckets(DeviceOptions options) {
        int[] buckets = integers(options, "buckets", "32,64,128,192,256,384,512", 32, MAX_LENGTH);
        for (int i = 0; i < buckets.length; i++) {
            if (buckets[i] % 32 != 0 || i > 0 && buckets[i] <= buckets[i - 1]) {
                throw new InvalidConfigurationException(
                        "device option buckets is \"" + options.get("buckets").orElse("")
                                + "\"; it must be ascending multiples of 32, such as 128,384,512");
            }
        }
        if (buckets.length == 0) {
            throw new InvalidConfigurationException("device option buckets is empty");
        }
        return Arrays.stream(buckets).boxed().toList();
    }

    private static int[] integers(DeviceOptions options, String name, String defaultValue, int minimum, int maximum) {
        String text = options.get(name).orElse(defaultValue);
        if (text.isBlank()) {
            return new int[0];
        }
        return Arrays.stream(text.split(",", -1))
                .mapToInt(part -> DeviceOptions.none().with(name, part).integer(name, 0, minimum, maximum))
                .toArray();
    }
}
