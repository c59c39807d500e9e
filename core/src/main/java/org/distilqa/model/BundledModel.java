package org.distilqa.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.distilqa.InvalidModelException;
import org.distilqa.QuestionAnsweringException;

/**
 * The model that the artifact {@code distilqa-demo-model} brings as resources of the class path. Tokenizers and the reader of
 * weights work on files, so the resources are copied to a temporary directory, which goes when the JVM ends; from there on it
 * is a checkpoint like any other.
 */
final class BundledModel {
    /** The name that stands for it; no directory's, no repository's. */
    static final String NAME = "demo";

    /** Where the artifact keeps the checkpoint's files. */
    static final String FOLDER = "org/distilqa/models/" + NAME + "/";

    private static final List<String> REQUIRED = List.of("config.json", "model.safetensors");
    private static final List<String> OPTIONAL = List.of("tokenizer.json", "tokenizer_config.json", "vocab.txt");

    private final ClassLoader loader;

    private BundledModel(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * Copies the model to a directory of its own.
     *
     * @throws InvalidModelException if the artifact, or a file in it, is not on the class path
     * @throws QuestionAnsweringException if the files cannot be written
     */
    static Path unpack() {
        return unpack(Thread.currentThread().getContextClassLoader(), BundledModel.class.getClassLoader());
    }

    /** As {@link #unpack()}, from the first of these class loaders that has the model; one may be null. */
    static Path unpack(ClassLoader... loaders) {
        return Stream.of(loaders)
                .filter(loader -> loader != null && loader.getResource(FOLDER + REQUIRED.get(0)) != null)
                .findFirst()
                .map(BundledModel::new)
                .orElseThrow(
                        () -> new InvalidModelException("the model \"" + NAME + "\" is not on the class path; add a"
                                + " dependency on org.distilqa:distilqa-demo-model, or name another model"))
                .copy();
    }

    private Path copy() {
        try {
            Path directory = Files.createTempDirectory("distilqa-" + NAME + "-");
            // Files go in the reverse of the order in which they are asked to.
            directory.toFile().deleteOnExit();
            for (String name : REQUIRED) {
                copy(
                        resource(name)
                                .orElseThrow(
                                        () -> new InvalidModelException("the class path has " + FOLDER + REQUIRED.get(0)
                                                + ", but not " + FOLDER + name + "; is distilqa-demo-model whole?")),
                        directory.resolve(name));
            }
            for (String name : OPTIONAL) {
                Optional<URL> resource = resource(name);
                if (resource.isPresent()) {
                    copy(resource.get(), directory.resolve(name));
                }
            }
            return directory;
        } catch (IOException e) {
            throw new QuestionAnsweringException(
                    "the model \"" + NAME + "\" could not be copied to a temporary directory (the system property"
                            + " java.io.tmpdir says where): " + e,
                    e);
        }
    }

    private Optional<URL> resource(String name) {
        return Optional.ofNullable(loader.getResource(FOLDER + name));
    }

    private static void copy(URL resource, Path target) throws IOException {
        target.toFile().deleteOnExit();
        try (InputStream in = resource.openStream()) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
