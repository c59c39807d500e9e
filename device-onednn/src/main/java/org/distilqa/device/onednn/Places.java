package org.distilqa.device.onednn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives results places in buffers that no later step still needs. Only places of the same shape share a buffer: then the
 * elements beyond the width, which no step writes, stay what they were at first.
 */
final class Places {
    private record Kind(boolean isLocal, int width, int stride, int type, byte filler) {}

    private final Map<Kind, Deque<Place>> free = new HashMap<>();
    private final List<Place> all = new ArrayList<>();
    private final List<Place> locals = new ArrayList<>();
    private int sharedBuffers;

    /** A place that is free, for float32. */
    Place take(boolean isLocal, int width) {
        return take(isLocal, width, width, OneDnn.F32, (byte) 0);
    }

    /** A place that is free. */
    Place take(boolean isLocal, int width, int stride, int type, byte filler) {
        Kind kind = new Kind(isLocal, width, stride, type, filler);
        Deque<Place> places = free.computeIfAbsent(kind, k -> new ArrayDeque<>());
        if (!places.isEmpty()) {
            return places.pop();
        }
        int buffer = isLocal ? locals.size() : sharedBuffers++;
        Place place = new Place(buffer, isLocal, width, stride, type, filler);
        if (isLocal) {
            locals.add(place);
        }
        all.add(place);
        return place;
    }

    /** What is there is not needed any more. */
    void giveBack(Place place) {
        Kind kind = new Kind(place.isLocal(), place.width(), place.stride(), place.type(), place.filler());
        free.get(kind).push(place);
    }

    /** All places that there are. */
    List<Place> all() {
        return List.copyOf(all);
    }

    int sharedBuffers() {
        return sharedBuffers;
    }

    /** The local places, one for each local buffer. */
    List<Place> locals() {
        return List.copyOf(locals);
    }
}
