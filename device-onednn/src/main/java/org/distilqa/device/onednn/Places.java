package org.distilqa.device.onednn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives results places in buffers that no later step still needs. Only places of the same stride share a buffer: then the
 * elements beyond the width, which no step writes, stay zero.
 */
final class Places {
    private record Kind(boolean isLocal, int width, int stride, int elementBytes) {}

    private final Map<Kind, Deque<Place>> free = new HashMap<>();
    private final List<Place> all = new ArrayList<>();
    private final List<Long> localRowBytes = new ArrayList<>();
    private int sharedBuffers;

    /** A place that is free. */
    Place take(boolean isLocal, int width, int stride, int elementBytes) {
        Kind kind = new Kind(isLocal, width, stride, elementBytes);
        Deque<Place> places = free.computeIfAbsent(kind, k -> new ArrayDeque<>());
        if (!places.isEmpty()) {
            return places.pop();
        }
        int buffer = isLocal ? localRowBytes.size() : sharedBuffers++;
        Place place = new Place(buffer, isLocal, width, stride, elementBytes);
        if (isLocal) {
            localRowBytes.add(place.rowBytes());
        }
        all.add(place);
        return place;
    }

    /** What is there is not needed any more. */
    void giveBack(Place place) {
        free.get(new Kind(place.isLocal(), place.width(), place.stride(), place.elementBytes()))
                .push(place);
    }

    /** All places that there are. */
    List<Place> all() {
        return List.copyOf(all);
    }

    int sharedBuffers() {
        return sharedBuffers;
    }

    /** The bytes of a row in each local buffer. */
    long[] localRowBytes() {
        return localRowBytes.stream().mapToLong(Long::longValue).toArray();
    }
}
