package org.distilqa.device.onednn.program;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.graph.ResultBuffers;

/**
 * Gives results places in buffers that no later step still needs. Only places of the same shape share a buffer: then the
 * elements beyond the width, which no step writes, stay what they were at first.
 */
public final class Places {
    private record Kind(boolean isLocal, int width, int stride, int type, byte filler) {
        Place in(int buffer) {
            return new Place(buffer, isLocal, width, stride, type, filler);
        }
    }

    private final ResultBuffers<Kind> local = new ResultBuffers<>();
    private final ResultBuffers<Kind> shared = new ResultBuffers<>();

    /** A place that is free, for float32. */
    public Place take(boolean isLocal, int width) {
        return take(isLocal, width, width, OneDnn.F32, (byte) 0);
    }

    /** A place that is free. */
    public Place take(boolean isLocal, int width, int stride, int type, byte filler) {
        Kind kind = new Kind(isLocal, width, stride, type, filler);
        return kind.in((isLocal ? local : shared).take(kind, stride));
    }

    /** What is there is not needed any more. */
    public void giveBack(Place place) {
        (place.isLocal() ? local : shared).giveBack(place.buffer());
    }

    /** All places that there are. */
    public List<Place> all() {
        return Stream.concat(locals().stream(), in(shared).stream()).toList();
    }

    public int sharedBuffers() {
        return shared.kinds().size();
    }

    /** The local places, one for each local buffer. */
    public List<Place> locals() {
        return in(local);
    }

    private static List<Place> in(ResultBuffers<Kind> buffers) {
        List<Kind> kinds = buffers.kinds();
        return IntStream.range(0, kinds.size())
                .mapToObj(buffer -> kinds.get(buffer).in(buffer))
                .toList();
    }
}
