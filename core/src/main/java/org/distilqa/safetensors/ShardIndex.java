package org.distilqa.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.distilqa.InvalidModelException;
import org.distilqa.json.JsonTree;

/**
 * The index of a checkpoint whose tensors are in several files (shards): which tensor is in which. It is not trusted: a shard is
 * a file beside the index and nowhere else.
 *
 * @param location where the index is, for messages
 * @param shardOf the file's name of each tensor
 */
public record ShardIndex(String location, Map<String, String> shardOf) {
    /** The file's name. */
    public static final String FILE = "model.safetensors.index.json";

    /** The longest index that is read. A name of a tensor and its file takes some 100 bytes. */
    public static final int MAX_BYTES = 4 << 20;

    private static final int MAX_SHARDS = 1000;

    private static final String WEIGHT_MAP = "weight_map";

    /**
     * Reads an index.
     *
     * @param location where it is, for messages
     * @param json the file
     * @return the index
     * @throws InvalidModelException if it is malformed, or names a file that is not in its folder
     */
    public static ShardIndex read(String location, byte[] json) {
        JsonNode map;
        try {
            map = JsonTree.read(json).path(WEIGHT_MAP);
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(location + ": is not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!map.isObject() || map.isEmpty()) {
            throw new InvalidModelException(location + ": has no " + WEIGHT_MAP);
        }
        Map<String, String> shardOf = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : JsonTree.fields(map)) {
            shardOf.put(entry.getKey(), fileName(location, entry.getKey(), entry.getValue()));
        }
        ShardIndex index = new ShardIndex(location, Collections.unmodifiableMap(shardOf));
        if (index.shards().size() > MAX_SHARDS) {
            throw new InvalidModelException(location + ": names more than " + MAX_SHARDS + " files");
        }
        return index;
    }

    private static String fileName(String location, String tensor, JsonNode value) {
        String name = value.asText();
        boolean isPlain = name.endsWith(".safetensors")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
        if (!value.isTextual() || !isPlain) {
            throw new InvalidModelException(location + ": says that tensor " + tensor + " is in " + value
                    + "; it must be the name of a .safetensors file in the same folder");
        }
        return name;
    }

    /**
     * The files' names.
     *
     * @return the names, each once
     */
    public Set<String> shards() {
        return new LinkedHashSet<>(shardOf.values());
    }
}
