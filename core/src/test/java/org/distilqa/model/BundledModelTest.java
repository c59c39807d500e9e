package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.distilqa.ClosedException;
import org.distilqa.InvalidModelException;
import org.distilqa.OpenFiles;
import org.distilqa.QuestionAnswerer;
import org.distilqa.graph.Parameter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

class BundledModelTest {
    private static final String WEIGHTS = BundledModel.FOLDER + "model.safetensors";

    @TempDir
    private Path directory;

    /** The class path's files before they are in a jar. */
    private Path exploded;

    private Path folder;
    private final List<URLClassLoader> loaders = new ArrayList<>();

    /** Where the model's files are. */
    private enum Form {
        DIRECTORY,
        STORED_IN_A_JAR,
        COMPRESSED_IN_A_JAR,
        IN_A_JAR_OF_A_NAME_WITH_ODD_LETTERS,
        IN_A_JAR_OF_AN_ADDRESS_THAT_IS_NO_URI,
        BEHIND_A_STREAM
    }

    @BeforeEach
    void writeAModelOnAClassPath() throws IOException {
        exploded = directory.resolve("exploded");
        folder = Files.createDirectories(exploded.resolve(BundledModel.FOLDER));
        CheckpointFiles.write(folder);
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n");
    }

    @AfterEach
    void closeTheClassLoaders() throws IOException {
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }

    private ClassLoader loader(Path... classPath) throws IOException {
        URL[] addresses = new URL[classPath.length];
        for (int i = 0; i < classPath.length; i++) {
            addresses[i] = classPath[i].toUri().toURL();
        }
        return loader(addresses);
    }

    private ClassLoader loader(URL... addresses) {
        URLClassLoader loader = new URLClassLoader(addresses, null);
        loaders.add(loader);
        return loader;
    }

    private ClassLoader loader(Form form) throws IOException {
        return switch (form) {
            case DIRECTORY -> loader(exploded);
            case STORED_IN_A_JAR -> loader(Jars.stored(directory.resolve("model.jar"), exploded));
            case COMPRESSED_IN_A_JAR -> loader(Jars.compressed(directory.resolve("model.jar"), exploded));
            case IN_A_JAR_OF_A_NAME_WITH_ODD_LETTERS ->
                loader(Jars.stored(directory.resolve("a model+ü%20#1.jar"), exploded));
            case IN_A_JAR_OF_AN_ADDRESS_THAT_IS_NO_URI ->
                loader(new URL("file:" + Jars.stored(directory.resolve("a model.jar"), exploded)));
            case BEHIND_A_STREAM -> new StreamLoader(exploded);
        };
    }

    /** Gives resources that are no files, such as those of a jar within a jar, under addresses that it alone understands. */
    private static final class StreamLoader extends ClassLoader {
        private final Path root;

        StreamLoader(Path root) {
            super(null);
            this.root = root;
        }

        @Override
        protected URL findResource(String name) {
            Path file = root.resolve(name);
            if (!Files.exists(file)) {
                return null;
            }
            try {
                return new URL("own", "", -1, "/" + name, new URLStreamHandler() {
                    @Override
                    protected URLConnection openConnection(URL address) {
                        return connection(address, file);
                    }
                });
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private static URLConnection connection(URL address, Path file) {
            return new URLConnection(address) {
                @Override
                public void connect() {}

                @Override
                public InputStream getInputStream() throws IOException {
                    return new ByteArrayInputStream(Files.readAllBytes(file));
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void isACheckpointLikeAnyOtherWhereverItIs(Form form) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(BundledModel.files(loader(form)));
        Checkpoint expected = Checkpoint.open(folder);
        assertThat(checkpoint.config()).isEqualTo(expected.config());
        for (Parameter parameter : expected.graph().parameters()) {
            assertThat(checkpoint.parameters().read(parameter))
                    .containsExactly(expected.parameters().read(parameter));
        }
        assertThat(checkpoint.files().read("vocab.txt", 100)).asString().isEqualTo("[PAD]\n");
        assertThat(checkpoint.files().has("tokenizer.json")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void checksItsWeightsAsThoseOfAFile(Form form) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("model.safetensors"));
        Files.write(folder.resolve("model.safetensors"), Arrays.copyOf(bytes, bytes.length - 1));
        ModelFiles files = BundledModel.files(loader(form));
        assertThatThrownBy(() -> Checkpoint.open(files))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith(files.location() + "model.safetensors: ")
                .hasMessageContaining("cut short");
    }

    @ParameterizedTest
    @EnumSource
    void namesTheFileThatIsMissing(Form form) throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        ModelFiles files = BundledModel.files(loader(form));
        assertThatThrownBy(() -> Checkpoint.open(files))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageEndingWith(WEIGHTS + ": there is no such file");
    }

    /** The tests of core have no model on their class path. */
    @Test
    void namesTheDependencyThatIsMissing() {
        assertThatThrownBy(() -> QuestionAnswerer.builder()
                        .model(QuestionAnswerer.BUNDLED_MODEL)
                        .build())
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("org.distilqa:distilqa-bundled-model");
    }

    @Test
    void leavesDirectoriesOfItsNameToThoseWhoWriteThemAsOne() throws IOException {
        Path own = Files.createDirectories(directory.resolve("bundled"));
        CheckpointFiles.write(own);
        assertThat(Checkpoint.load(own.toString(), "main", HubOptions::fromEnvironment)
                        .files()
                        .location())
                .isEqualTo(own.toString());
    }

    @Test
    void takesTheFirstClassLoaderThatHasIt() throws IOException {
        ClassLoader empty = loader(Files.createDirectory(directory.resolve("empty")));
        ModelFiles files = BundledModel.files(null, empty, loader(Form.STORED_IN_A_JAR), loader(Form.DIRECTORY));
        assertThat(files.location()).startsWith("jar:file:").endsWith("model.jar!/" + BundledModel.FOLDER);
    }

    @Test
    void neverMixesTheFilesOfTwoJars() throws IOException {
        Path second = Jars.stored(directory.resolve("second.jar"), exploded);
        Files.delete(folder.resolve("vocab.txt"));
        ModelFiles files = BundledModel.files(loader(Jars.stored(directory.resolve("first.jar"), exploded), second));
        assertThat(files.has("config.json")).isTrue();
        assertThat(files.has("vocab.txt")).isFalse();
        assertThatThrownBy(() -> files.read("vocab.txt", 100)).hasMessageContaining("there is no such file");
    }

    @Test
    void isFoundWithoutAContextClassLoader() throws Exception {
        ClassLoader child = new URLClassLoader(
                classPath(exploded, JsonNode.class, JsonParser.class, Logger.class, Checkpoint.class),
                ClassLoader.getPlatformClassLoader());
        assertThat(locationFoundBy(child)).endsWith(BundledModel.FOLDER);
    }

    private static URL[] classPath(Path exploded, Class<?>... classes) throws Exception {
        List<URL> addresses = new ArrayList<>(List.of(exploded.toUri().toURL()));
        for (Class<?> type : classes) {
            addresses.add(location(type).toUri().toURL());
        }
        return addresses.toArray(URL[]::new);
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Where another DistilQA, which this class loader has, finds the model in a thread without a context class loader. */
    private static String locationFoundBy(ClassLoader loader) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(null);
        try {
            Class<?> type = loader.loadClass(Checkpoint.class.getName());
            Object options = loader.loadClass(HubOptions.class.getName())
                    .getMethod("fromEnvironment")
                    .invoke(null);
            Object checkpoint = type.getMethod("load", String.class, String.class, options.getClass())
                    .invoke(null, "bundled", "main", options);
            Object files = type.getMethod("files").invoke(checkpoint);
            return (String) loader.loadClass(ModelFiles.class.getName())
                    .getMethod("location")
                    .invoke(files);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isFoundInAModuleLayerWithOneClassLoaderOrMany(boolean many) throws Exception {
        ModuleFinder finder = ModuleFinder.of(
                Jars.module(directory.resolve("model.jar"), exploded, "org.distilqa.models.bundled"),
                Jars.module(directory.resolve("core.jar"), location(Checkpoint.class), "org.distilqa.core"),
                location(JsonNode.class),
                location(JsonParser.class),
                location(JsonProperty.class),
                location(Logger.class));
        Configuration configuration = ModuleLayer.boot()
                .configuration()
                .resolve(finder, ModuleFinder.of(), Set.of("org.distilqa.core", "org.distilqa.models.bundled"));
        ClassLoader parent = ClassLoader.getPlatformClassLoader();
        ModuleLayer layer = many
                ? ModuleLayer.boot().defineModulesWithManyLoaders(configuration, parent)
                : ModuleLayer.boot().defineModulesWithOneLoader(configuration, parent);
        assertThat(locationFoundBy(layer.findLoader("org.distilqa.core"))).endsWith(BundledModel.FOLDER);
    }

    /** A checkpoint that alone may have its files open. */
    private Checkpoint onlyOpen(Form form) throws Exception {
        Checkpoint checkpoint = Checkpoint.open(BundledModel.files(loader(form)));
        closeTheClassLoaders();
        return checkpoint;
    }

    /** As a checkpoint's file is: open while its weights can be asked for, and no longer. */
    @ParameterizedTest
    @EnumSource(names = {"STORED_IN_A_JAR", "COMPRESSED_IN_A_JAR", "DIRECTORY"})
    void letsGoOfItsFileWhenItIsGarbage(Form form) throws Exception {
        Checkpoint checkpoint = onlyOpen(form);
        checkpoint.parameters().read(checkpoint.graph().parameters().get(0));
        assertThat(OpenFiles.below(directory) > 0).isEqualTo(form != Form.COMPRESSED_IN_A_JAR);
        checkpoint = null;
        for (int i = 0; i < 500 && OpenFiles.below(directory) > 0; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(OpenFiles.below(directory)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"STORED_IN_A_JAR", "COMPRESSED_IN_A_JAR", "DIRECTORY"})
    void letsGoOfItsFileWhenItIsClosedAndSaysSoToWhoAsks(Form form) throws Exception {
        Checkpoint checkpoint = onlyOpen(form);
        checkpoint.close();
        checkpoint.close();
        assertThat(OpenFiles.below(directory)).isZero();
        Parameter first = checkpoint.graph().parameters().get(0);
        assertThatThrownBy(() -> checkpoint.parameters().read(first))
                .isInstanceOf(ClosedException.class)
                .hasMessageContaining("the checkpoint was closed");
    }
}
