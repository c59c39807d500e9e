package org.distilqa.model;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.distilqa.InvalidModelException;

/** The model that the artifact {@code distilqa-bundled-model} brings as resources of the class path. */
final class BundledModel {
    /** The name that stands for it; no directory's, no repository's. */
    static final String NAME = "bundled";

    /** Where the artifact keeps the checkpoint's files. */
    static final String FOLDER = "org/distilqa/models/" + NAME + "/";

    private static final String MODULE = "org.distilqa.models.bundled";

    private BundledModel() {}

    /**
     * The model's files.
     *
     * @throws InvalidModelException if the artifact is not on the class path, nor on the module path
     */
    static ModelFiles files() {
        return files(
                Thread.currentThread().getContextClassLoader(),
                BundledModel.class.getClassLoader(),
                moduleLoader(BundledModel.class.getModule().getLayer()));
    }

    /** The class loader of the artifact's module, which has one of its own in some layers; null where there is no such module. */
    private static ClassLoader moduleLoader(ModuleLayer layer) {
        return layer == null
                ? null
                : layer.findModule(MODULE).map(Module::getClassLoader).orElse(null);
    }

    /** As {@link #files()}, from the first of these class loaders that has the model; any of them may be null. */
    static ModelFiles files(ClassLoader... loaders) {
        return Stream.of(loaders)
                .filter(Objects::nonNull)
                .map(loader -> ResourceFiles.find(loader, FOLDER, Checkpoint.CONFIG))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new InvalidModelException(
                        "the model \"" + NAME + "\" is not on the class path, nor on the module path; add a"
                                + " dependency on org.distilqa:distilqa-bundled-model, or name another model"));
    }
}
