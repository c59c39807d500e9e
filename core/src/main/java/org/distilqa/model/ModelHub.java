package org.distilqa.model;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.distilqa.InvalidRequestException;
import org.distilqa.ModelDownloadException;
import org.distilqa.model.HubHttp.PassingException;
import org.distilqa.model.HubHttp.StatusException;
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
    private static final String CONFIG = "config.json";
    private static final List<String> REQUIRED = List.of(CONFIG, "model.safetensors");
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
     * {@code model.safetensors}, and those of {@code tokenizer.json}, {@code vocab.txt} and what stands beside them
     * that the repository has. If the hub cannot be reached and the cache has the model, that is taken.
     *
     * @param id the repository's id
     * @param revision a branch, a tag or a commit
     * @return the directory, with all files of one commit
     * @throws InvalidRequestException if the id or the revision is malformed
     * @throws ModelDownloadException if a file could not be had
     */
    public Path download(String id, String revision) {
        if (!isRepositoryId(id)) {
            throw new InvalidRequestException(
                    "\"" + id + "\" is neither a directory nor the id of a repository on the hub,"
                            + " such as distilbert/distilbert-base-uncased-distilled-squad");
        }
        if (revision.isBlank() || revision.contains("..") || revision.contains("\\") || revision.startsWith("/")) {
            throw new InvalidRequestException("\"" + revision + "\" is not a revision's name");
        }
        HubCache cache = new HubCache(options.cache(), id);
        Optional<String> cached = cache.commit(revision).filter(commit -> isComplete(cache, commit));
        if (cached.isPresent() && (HubCache.isCommit(revision) || options.offline())) {
            return cache.snapshot(cached.get());
        }
        if (options.offline()) {
            throw new ModelDownloadException(id + " at revision " + revision + " is not complete in the cache, "
                    + options.cache() + ", and HF_HUB_OFFLINE forbids to download it");
        }
        try {
            Metadata config = metadata(id, revision, CONFIG);
            HubCache.createDirectories(cache.blob("x").getParent());
            for (String file : REQUIRED) {
                fetch(cache, id, config.commit(), file);
            }
            for (String file : OPTIONAL) {
                fetchIfThere(cache, id, config.commit(), file);
            }
            cache.writeRef(revision, config.commit());
            return cache.snapshot(config.commit());
        } catch (PassingException e) {
            if (cached.isEmpty()) {
                throw e;
            }
            LOG.warn("{}; taking {} from the cache", e.getMessage(), cached.get());
            return cache.snapshot(cached.get());
        }
    }

    /** Whether all that the loading code needs is in the cache and whole. */
    private static boolean isComplete(HubCache cache, String commit) {
        Path snapshot = cache.snapshot(commit);
        return REQUIRED.stream().allMatch(file -> cache.isWhole(commit, file))
                && OPTIONAL.stream()
                        .allMatch(file -> !Files.exists(snapshot.resolve(file)) || cache.isWhole(commit, file))
                && (Files.exists(snapshot.resolve("tokenizer.json")) || Files.exists(snapshot.resolve("vocab.txt")));
    }

    private void fetchIfThere(HubCache cache, String id, String commit, String file) {
        if (cache.isKnownAbsent(commit, file)) {
            return;
        }
        try {
            fetch(cache, id, commit, file);
        } catch (StatusException e) {
            if (e.status() != 404) {
                throw e;
            }
            cache.rememberAbsent(commit, file);
        }
    }

    private void fetch(HubCache cache, String id, String commit, String file) {
        if (cache.isWhole(commit, file)) {
            return;
        }
        Metadata metadata = metadata(id, commit, file);
        cache.locked(metadata.etag(), () -> {
            // Another process may have brought it while this one waited for the lock.
            if (!cache.isWhole(metadata.etag())) {
                HubCache.delete(cache.blob(metadata.etag()));
                downloadBlob(cache, address(id, commit, file), file, metadata);
            }
            cache.link(commit, file, metadata.etag());
        });
    }

    private void downloadBlob(HubCache cache, URI address, String file, Metadata metadata) {
        Path incomplete = cache.incomplete(metadata.etag());
        for (int attempt = 1; attempt <= ATTEMPTS_AT_A_CHECKSUM; attempt++) {
            http.download(address, incomplete, file, metadata.size());
            HubCache.move(incomplete, cache.blob(metadata.etag()));
            if (cache.isWhole(metadata.etag())) {
                return;
            }
            HubCache.delete(cache.blob(metadata.etag()));
            LOG.warn("{}: what came has not the checksum {}", address, metadata.etag());
        }
        throw new ModelDownloadException(address + ": what came has not the checksum that the hub gives, "
                + metadata.etag() + ", " + ATTEMPTS_AT_A_CHECKSUM + " times; is a proxy changing it?");
    }

    private Metadata metadata(String id, String revision, String file) {
        URI address = address(id, revision, file);
        HttpHeaders headers;
        try {
            headers = http.head(address);
        } catch (StatusException e) {
            if (e.status() == 404 && file.equals("model.safetensors")) {
                throw new ModelDownloadException(
                        e.getMessage() + "; if the repository has pytorch_model.bin only, convert it to safetensors",
                        e);
            }
            throw e;
        }
        String commit = header(address, headers, "X-Repo-Commit");
        String etag = headers.firstValue("X-Linked-Etag")
                .or(() -> headers.firstValue("ETag"))
                .map(value -> value.replaceFirst("^W/", "").replace("\"", ""))
                .orElse("");
        if (!HubCache.isCommit(commit) || !ETAG.matcher(etag).matches() || etag.contains("..")) {
            throw new ModelDownloadException(
                    address + ": the answer has no valid commit and ETag; is this a Hugging Face hub?");
        }
        long size;
        try {
            // A redirect's own length is not the file's.
            boolean elsewhere = headers.firstValue("X-Linked-Etag").isPresent();
            size = headers.firstValueAsLong("X-Linked-Size")
                    .orElseGet(() -> elsewhere
                            ? -1
                            : headers.firstValueAsLong("Content-Length").orElse(-1));
        } catch (NumberFormatException e) {
            throw new ModelDownloadException(
                    address + ": the answer has no valid size; is this a Hugging Face hub?", e);
        }
        return new Metadata(commit, etag, size);
    }

    private static String header(URI address, HttpHeaders headers, String name) {
        return headers.firstValue(name)
                .orElseThrow(() -> new ModelDownloadException(
                        address + ": the answer has no " + name + "; is this a Hugging Face hub?"));
    }

    private URI address(String id, String revision, String file) {
        String encoded = URLEncoder.encode(revision, StandardCharsets.UTF_8).replace("+", "%20");
        return URI.create(options.endpoint() + "/" + id + "/resolve/" + encoded + "/" + file);
    }

    /**
     * Downloads a file from anywhere, if it is not there yet, with the same care: resumed, locked, whole or not at all.
     *
     * @param address where it is, by http or https
     * @param target where to put it
     * @throws ModelDownloadException if it could not be had
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
        CacheLock.holding(target.resolveSibling(name + ".lock"), () -> {
            if (!Files.exists(target)) {
                Path incomplete = target.resolveSibling(name + ".incomplete");
                http.download(address, incomplete, name, -1);
                HubCache.move(incomplete, target);
            }
        });
    }
}
