package org.distilqa.device.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernels of a step: one for each number of rows, and of columns where those are shared out too, made when first asked for.
 * There are few of both, see {@link Pass#ROW_STEP}. Safe for use by many threads.
 */
final class KernelsByRows {
    /** Makes a kernel. */
    interface Maker {
        Kernel make(int rows, int columns);
    }

    private final Maker maker;
    private final List<Map<Integer, Kernel>> kernels = new ArrayList<>();

    KernelsByRows(Maker maker) {
        this.maker = maker;
    }

    synchronized Kernel get(int rows, int columns) {
        int index = rows / Pass.ROW_STEP;
        while (kernels.size() <= index) {
            kernels.add(new HashMap<>());
        }
        return kernels.get(index).computeIfAbsent(columns, c -> maker.make(rows, c));
    }
}
