package org.distilqa.model;

import java.util.Optional;
import java.util.stream.Stream;
import org.distilqa.InvalidModelException;

/** The model that the artifact {@code distilqa-bundled-model} brings as resources of the class path. */
final class BundledModel {
    /** The name that stands for it; no directory's, no repository's. */
    static final String NAME = "bundled";

    /** Where the artifact keeps the checkpoint's files. */
    static final String FOLDER = "org/distilqa/models/" + NAME + "/";

    private BundledModel() {}

    /**
     * The model's files.
     *
     * @throws InvalidModelException if the artifact is not on the class path
     */
    static ModelFiles files() {
        return files(Thread.currentThread().getContextClassLoader(), BundledModel.class.getClassLoader());
    }

    /** As {@link #files()}, from the first of these class loaders that has the model; one may be null. */
    static ModelFiles files(ClassLoader... loaders) {
        return Stream.of(loaders)
                .filter(loader -> loader != null)
                .map(loader -> ResourceFiles.find(loader, FOLDER, Checkpoint.CONFIG))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(
                        () -> new InvalidModelException("the model \"" + NAME + "\" is not on the class path; add a"
                                + " dependency on org.distilqa:distilqa-bundled-model, or name another model"));
    }
}
