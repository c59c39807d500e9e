package org.distilqa.safetensors;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.Shape;
import org.distilqa.internal.Closing;

/** A checkpoint's tensors in several safetensors files, each checked as a file of its own, and against the index. */
public final class ShardedSafetensors implements CheckpointTensors {
    private final ShardIndex index;
    private final Map<String, SafetensorsFile> shards;

    private ShardedSafetensors(ShardIndex index, Map<String, SafetensorsFile> shards) {
        this.index = index;
        this.shards = shards;
    }

    /**
     * Opens the files that an index names.
     *
     * @param index the index
     * @param open opens one of them by its name
     * @return the open files
     * @throws InvalidModelException if a tensor is not where the index says, or what opening a file throws
     */
    public static ShardedSafetensors open(ShardIndex index, Function<String, SafetensorsFile> open) {
        ShardedSafetensors opened = new ShardedSafetensors(index, new LinkedHashMap<>());
        try {
            for (String shard : new TreeSet<>(index.shards())) {
                opened.shards.put(shard, open.apply(shard));
            }
            opened.checkPlaces();
            return opened;
        } catch (RuntimeException e) {
            Closing.after(e, opened);
            throw e;
        }
    }

    private void checkPlaces() {
        index.shardOf().forEach((tensor, shard) -> {
            if (shards.get(shard).shape(tensor).isEmpty()) {
                String elsewhere = shards.values().stream()
                        .filter(file -> file.shape(tensor).isPresent())
                        .map(file -> "; it is in " + file.source())
                        .findFirst()
                        .orElse("");
                throw new InvalidModelException(index.location() + ": says that tensor " + tensor + " is in " + shard
                        + ", but it is not" + elsewhere);
            }
        });
    }

    private SafetensorsFile shard(String name) {
        String shard = index.shardOf().get(name);
        if (shard == null) {
            throw new InvalidModelException(index.location() + ": has no tensor " + name);
        }
        return shards.get(shard);
    }

    @Override
    public String source() {
        return index.location();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(index.shardOf().keySet());
    }

    @Override
    public Optional<Shape> shape(String name) {
        return Optional.ofNullable(index.shardOf().get(name))
                .flatMap(shard -> shards.get(shard).shape(name));
    }

    @Override
    public void read(String name, long offset, float[] target, int targetOffset, int length) {
        shard(name).read(name, offset, target, targetOffset, length);
    }

    @Override
    public void requireWeight(String name) {
        shard(name).requireWeight(name);
    }

    @Override
    public void close() throws IOException {
        Closing.all(List.copyOf(shards.values()));
    }
}
