package org.distilqa.device.onednn.library;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The jars with the native libraries. They are modules that require the Java classes which go with them, and which are not used
 * here. On the module path they are therefore read without being part of the program.
 */
public final class NativeJars {
    private NativeJars() {}

    /** Finds a file of theirs on the class path, or in the module that its folder names. */
    public static Optional<URL> resource(String name) {
        URL onClassPath = NativeJars.class.getClassLoader().getResource(name);
        if (onClassPath != null) {
            return Optional.of(onClassPath);
        }
        String module =
                name.substring(0, name.lastIndexOf('/')).replace('/', '.').replace('-', '.');
        return inLayer(NativeJars.class.getModule().getLayer(), module)
                .or(() -> onModulePath(System.getProperty("jdk.module.path", ""), module))
                .flatMap(reference -> find(reference, name));
    }

    private static Optional<ModuleReference> inLayer(ModuleLayer layer, String module) {
        return Optional.ofNullable(layer)
                .flatMap(own -> own.configuration().findModule(module))
                .map(ResolvedModule::reference);
    }

    /** One that nobody requires, as the launcher of Java would find it. */
    static Optional<ModuleReference> onModulePath(String modulePath, String module) {
        Path[] path = Arrays.stream(modulePath.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toArray(Path[]::new);
        try {
            return ModuleFinder.of(path).find(module);
        } catch (FindException e) {
            // Of a module that has nothing to do with this one; those that the program needs were found before.
            return Optional.empty();
        }
    }

    private static Optional<URL> find(ModuleReference module, String name) {
        try (ModuleReader reader = module.open()) {
            Optional<URI> found = reader.find(name);
            return found.isPresent() ? Optional.of(found.get().toURL()) : Optional.empty();
        } catch (MalformedURLException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("module " + module.descriptor().name() + " cannot be read", e);
        }
    }
}
