package org.distilqa.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A library that an application may bring in a version of its own, which then is the one on the class path: the oldest version
 * that DistilQA runs with, and what is there.
 */
public enum SharedLibrary {
    /** Jackson, which reads JSON; its three artifacts go together. */
    JACKSON(
            "com.fasterxml.jackson.core:jackson-databind",
            2,
            12,
            " (with jackson-core and jackson-annotations that go with it)",
            List.of(
                    new Part("jackson-databind", "com.fasterxml.jackson.databind.JsonNode"),
                    new Part("jackson-core", "com.fasterxml.jackson.core.JsonFactory"),
                    new Part("jackson-annotations", "com.fasterxml.jackson.annotation.JsonProperty"))),
    /** JNA, which calls native libraries. */
    JNA("net.java.dev.jna:jna", 5, 8, "", List.of(new Part("jna", "com.sun.jna.Library")));

    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

    private final String coordinates;
    private final int major;
    private final int minor;
    private final String together;
    private final List<Part> parts;

    /**
     * An artifact.
     *
     * @param artifact its id
     * @param type the name of a class that has always been in it
     */
    private record Part(String artifact, String type) {

        /** The package that its classes are in, or below. */
        String packageName() {
            return type.substring(0, type.lastIndexOf('.'));
        }

        Optional<Class<?>> loaded(ClassLoader loader) {
            try {
                return Optional.of(Class.forName(type, false, loader));
            } catch (ClassNotFoundException | LinkageError e) {
                return Optional.empty();
            }
        }

        /**
         * The version that its jar or module tells; empty if there is none. A jar that holds an application with all of its
         * libraries tells the application's: its title or name is another.
         */
        String version(Class<?> type) {
            if (type.getModule().isNamed()) {
                boolean own = type.getModule().getName().equals(packageName());
                return own ? type.getModule().getDescriptor().rawVersion().orElse("") : "";
            }
            String title = type.getPackage().getImplementationTitle();
            String version = type.getPackage().getImplementationVersion();
            boolean own = artifact.equalsIgnoreCase(title) || packageName().equals(title);
            return own && version != null ? version : "";
        }

        /** What is there, in words. */
        String found(ClassLoader loader) {
            return artifact + " " + loaded(loader).map(this::describe).orElse("not at all");
        }

        private String describe(Class<?> type) {
            String version = version(type);
            return (version.isEmpty() ? "in a version that it does not tell" : version) + " (" + place(type) + ")";
        }

        private static String place(Class<?> type) {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            if (source == null || source.getLocation() == null) {
                return "its place is not known";
            }
            try {
                return Path.of(source.getLocation().getPath()).getFileName().toString();
            } catch (InvalidPathException e) {
                return source.getLocation().toString();
            }
        }
    }

    SharedLibrary(String coordinates, int major, int minor, String together, List<Part> parts) {
        this.coordinates = coordinates;
        this.major = major;
        this.minor = minor;
        this.together = together;
        this.parts = parts;
    }

    /** The library whose class or package a message names. */
    static Optional<SharedLibrary> namedIn(String message) {
        String dotted = message.replace('/', '.');
        for (SharedLibrary library : values()) {
            if (library.parts.stream().anyMatch(part -> dotted.contains(part.packageName() + "."))) {
                return Optional.of(library);
            }
        }
        return Optional.empty();
    }

    /** What is needed and what is there, in words. */
    String needed(ClassLoader loader) {
        return coordinates + " " + major + "." + minor + " or later" + together
                + " is needed on the class path, which has "
                + parts.stream().map(part -> part.found(loader)).collect(Collectors.joining(", "));
    }

    /**
     * What is wrong with the library that is on the class path.
     *
     * @param loader the class loader of who needs it
     * @return in words, which artifact is needed in which version; empty if it is there, as new as that or of a version that
     *     cannot be told
     */
    public Optional<String> problem(ClassLoader loader) {
        boolean wrong = parts.stream()
                .anyMatch(part -> part.loaded(loader)
                        .map(type -> isTooOld(part.version(type)))
                        .orElse(true));
        return wrong ? Optional.of(needed(loader)) : Optional.empty();
    }

    private boolean isTooOld(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            return false;
        }
        int foundMajor = Integer.parseInt(matcher.group(1));
        return foundMajor < major || foundMajor == major && Integer.parseInt(matcher.group(2)) < minor;
    }
}
