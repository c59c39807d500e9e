package org.distilqa.model;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidModelException;
import org.distilqa.ModelDownloadException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.model.HubHttp.StatusException;
import org.distilqa.safetensors.ShardIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings models from a Hugging Face hub into the standard cache, where Hugging Face's Python finds them too, and finds those
 * that it has brought. Safe for use by many threads and many processes at once: one downloads, the others wait for it.
 *
 * <p>A download that was cut, or whose process was killed, goes on where it stopped. Every file is compared with the checksum
 * that the hub gives for it, after the download and again when it has changed on the disk; one that differs is fetched again.
 */
public final class ModelHub {
    private static final Logger LOG = LoggerFactory.getLogger(ModelHub.class);
    private static final Pattern ID =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?");
    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9._-]{1,200}");
    private static final Pattern SIZE = Pattern.compile("-1|[0-9]{1,18}");
    private static final String CONFIG = Checkpoint.CONFIG;
    private static final String WEIGHTS = WeightFiles.SINGLE;
    private static final List<String> OPTIONAL = List.of(
            "tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json", "added_tokens.json");
    private static final int ATTEMPTS_AT_A_CHECKSUM = 2;

    private final HubOptions options;
    private final HubHttp http;

    /** What the hub says of a file. */
    private record Metadata(String commit, String etag, long size) {}

    /**
     * A hub.
     *
     * @param options how it is reached and where its files are kept
     */
    public ModelHub(HubOptions options) {
        this.options = options;
        this.http = new HubHttp(options);
    }

    /**
     * Whether a text can be a repository's id, such as {@code distilbert/distilbert-base-uncased-distilled-squad}.
     *
     * @param text the text
     * @return whether it has the form of one
     */
    public static boolean isRepositoryId(String text) {
        return ID.matcher(text).matches() && !text.contains("..") && !text.contains("--");
    }

    /**
     * The directory with the files of a model, which are downloaded if they are not in the cache: {@code config.json} and
     * {@code model.safetensors} (or the files that its index names), and those of {@code tokenizer.json}, {@code vocab.txt}
     * and what stands beside them that the repository has. If the hub cannot be asked, or what it has cannot be kept, and the
     * cache has the model, that is taken, and a warning says why.
     *
     * @param id the repository's id
     * @param revision a branch, a tag or a commit
     * @return the directory, with all files of one commit
     * @throws InvalidConfigurationException if the id or the revision is malformed
     * @throws ModelDownloadException if a file could not be had
     * @throws OperationInterruptedException if the thread was interrupted; the next call goes on with what was downloaded
     */
    public Path download(String id, String revision) {
        if (!isRepositoryId(id)) {
            throw new InvalidConfigurationException(
                    "\"" + id + "\" is neither a directory nor the id of a repository on the hub,"
                            + " such as distilbert/distilbert-base-uncased-distilled-squad");
        }
        if (revision.isBlank() || revision.contains("..") || revision.contains("\\") || revision.startsWith("/")) {
            throw new InvalidConfigurationException(
                    "revision is \"" + revision + "\"; it must be the name of a branch, a tag or a commit");
        }
        HubCache cache = new HubCache(options.cache(), id);
        Optional<String> cached = cache.commit(revision).filter(commit -> isComplete(cache, commit));
        if (cached.isPresent() && (HubCache.isCommit(revision) || options.offline())) {
            return cache.snapshot(cached.get());
        }
        if (options.offline()) {
            throw new ModelDownloadException(id + " at revision " + revision + " is not complete in the cache, "
                    + options.cache() + ", and HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids to download it");
        }
        try {
            return cache.snapshot(update(cache, id, revision, cached.isEmpty()));
        } catch (ModelDownloadException e) {
            if (cached.isEmpty() || isWordOfHub(e)) {
                throw e;
            }
            LOG.warn("{}; taking {} at commit {} from the cache", e.getMessage(), id, cached.get());
            return cache.snapshot(cached.get());
        }
    }

    /** Brings the cache up to date with the hub, and says which commit that is. */
    private String update(HubCache cache, String id, String revision, boolean patient) {
        String commit = metadata(id, revision, CONFIG, patient).commit();
        fetch(cache, id, commit, CONFIG);
        fetchWeights(cache, id, commit);
        for (String file : OPTIONAL) {
            fetchIfThere(cache, id, commit, file);
        }
        cache.rememberCommit(revision, commit);
        return commit;
    }

    /**
     * Whether the hub itself says that a file or a revision is not there. Then the cache does not stand in for it; it does
     * where no sound answer came, be it that the hub is down, that a proxy or a captive portal stands before it, that its
     * certificate is not trusted, or that what it sent cannot be kept.
     */
    private static boolean isWordOfHub(ModelDownloadException e) {
        return e instanceof StatusException status
                && (status.code().equals("EntryNotFound") || status.code().equals("RevisionNotFound"));
    }

    /** Whether all that the loading code needs is in the cache and whole. */
    private static boolean isComplete(HubCache cache, String commit) {
        Path snapshot = cache.snapshot(commit);
        return cache.isWhole(commit, CONFIG)
                && (cache.isWhole(commit, WEIGHTS) || hasShards(cache, commit))
                && OPTIONAL.stream()
                        .allMatch(file -> !Files.exists(snapshot.resolve(file)) || cache.isWhole(commit, file))
                && (Files.exists(snapshot.resolve("tokenizer.json")) || Files.exists(snapshot.resolve("vocab.txt")));
    }

    private static boolean hasShards(HubCache cache, String commit) {
        return cache.isWhole(commit, ShardIndex.FILE)
                && shards(cache, commit).stream().allMatch(file -> cache.isWhole(commit, file));
    }

    private static Set<String> shards(HubCache cache, String commit) {
        try {
            return WeightFiles.index(ModelFiles.of(cache.snapshot(commit))).shards();
        } catch (InvalidModelException e) {
            throw new ModelDownloadException(e.getMessage(), e);
        }
    }

    private void fetchWeights(HubCache cache, String id, String commit) {
        if (fetchIfThere(cache, id, commit, WEIGHTS)) {
            return;
        }
        if (!fetchIfThere(cache, id, commit, ShardIndex.FILE)) {
            throw new StatusException(
                    404,
                    "EntryNotFound",
                    address(id, commit, WEIGHTS) + ": there is no such file, nor an index of several; if the repository"
                            + " has pytorch_model.bin only, convert it to safetensors");
        }
        for (String shard : shards(cache, commit)) {
            fetch(cache, id, commit, shard);
        }
    }

    /** Fetches a file and says whether the repository has it. */
    private boolean fetchIfThere(HubCache cache, String id, String commit, String file) {
        if (cache.isKnownAbsent(commit, file)) {
            return false;
        }
        try {
            fetch(cache, id, commit, file);
            return true;
        } catch (StatusException e) {
            if (e.status() != 404) {
                throw e;
            }
            if (isWordOfHub(e)) {
                cache.rememberAbsent(commit, file);
            }
            return false;
        }
    }

    private void fetch(HubCache cache, String id, String commit, String file) {
        if (cache.isWhole(commit, file)) {
            return;
        }
        Metadata metadata = metadata(id, commit, file, true);
        String etag = metadata.etag();
        if (!cache.isWhole(etag)) {
            cache.requireWritable();
            cache.locked(etag, locked -> {
                // Another process may have brought it while this one waited for the lock.
                if (!cache.isWhole(etag)) {
                    HubCache.delete(cache.blob(etag));
                    URI address = address(id, commit, file);
                    HubCache.gather(
                            cache.blob(etag),
                            locked,
                            incomplete -> downloadBlob(cache, address, file, metadata, incomplete));
                }
            });
        }
        cache.link(commit, file, etag);
    }

    private void downloadBlob(HubCache cache, URI address, String file, Metadata metadata, Path incomplete) {
        String etag = metadata.etag();
        for (int attempt = 1; attempt <= ATTEMPTS_AT_A_CHECKSUM; attempt++) {
            http.download(address, incomplete, file, metadata.size());
            HubCache.move(incomplete, cache.blob(etag));
            if (cache.isWhole(etag)) {
                return;
            }
            HubCache.delete(cache.blob(etag));
            LOG.info("{}: what came has not the checksum {}", address, etag);
        }
        throw new ModelDownloadException(address + ": what came has not the checksum that the hub gives, " + etag + ", "
                + ATTEMPTS_AT_A_CHECKSUM + " times; is a proxy changing it?");
    }

    private Metadata metadata(String id, String revision, String file, boolean patient) {
        URI address = address(id, revision, file);
        Map<String, String> headers = http.head(address, patient);
        String commit = headers.getOrDefault("X-Repo-Commit", "");
        String etag = headers.getOrDefault("X-Linked-Etag", headers.getOrDefault("ETag", ""))
                .replaceFirst("^W/", "")
                .replace("\"", "");
        if (!HubCache.isCommit(commit) || !ETAG.matcher(etag).matches() || etag.contains("..")) {
            throw new ModelDownloadException(address + ": the answer has no valid commit and ETag; is this a Hugging"
                    + " Face hub? A proxy, or a network that wants a login, may have answered in its place");
        }
        // A redirect's own length is not the file's.
        String size = headers.containsKey("X-Linked-Etag")
                ? headers.getOrDefault("X-Linked-Size", "-1")
                : headers.getOrDefault("X-Linked-Size", headers.getOrDefault("Content-Length", "-1"));
        if (!SIZE.matcher(size).matches()) {
            throw new ModelDownloadException(
                    address + ": the answer has no valid size, but \"" + size + "\"; is this a Hugging Face hub?");
        }
        return new Metadata(commit, etag, Long.parseLong(size));
    }

    private URI address(String id, String revision, String file) {
        return URI.create(options.endpoint() + "/" + id + "/resolve/" + encoded(revision) + "/" + encoded(file));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Downloads a file from anywhere, if it is not there yet, with the same care: resumed, locked, whole or not at all.
     *
     * @param address where it is, by http or https
     * @param target where to put it
     * @throws ModelDownloadException if it could not be had
     * @throws OperationInterruptedException if the thread was interrupted; the next call goes on with what was downloaded
     */
    public void downloadFile(URI address, Path target) {
        if (Files.exists(target)) {
            return;
        }
        if (options.offline()) {
            throw new ModelDownloadException(
                    target + " is not there, and HF_HUB_OFFLINE forbids to download it from " + address);
        }
        HubCache.createDirectories(target.toAbsolutePath().getParent());
        String name = target.getFileName().toString();
        CacheLock.holding(target.resolveSibling(name + ".lock"), locked -> {
            if (!Files.exists(target)) {
                HubCache.gather(target, locked, incomplete -> {
                    http.download(address, incomplete, name, -1);
                    HubCache.move(incomplete, target);
                });
            }
        });
    }
}
