package org.distilqa.internal;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@link Error}s that a library on the class path leads to where it is missing, too old, or made for other platforms. A
 * caller that catches exceptions would not see them, and they would end its thread: they are told in exceptions of DistilQA.
 */
public final class LibraryFault {
    private static final Pattern TOLD_BEFORE =
            Pattern.compile("NoSuchMethodError|NoSuchFieldError|AbstractMethodError|NoClassDefFoundError");

    private LibraryFault() {}

    /**
     * Whether this is an error that the class path led to. Those of the JVM itself, such as too little memory or too small a
     * stack, are not: what holds then nobody knows, so they go on up.
     */
    static boolean isOne(Throwable failure) {
        return failure instanceof Error && !(failure instanceof VirtualMachineError);
    }

    /**
     * Throws an error again that is one of the JVM itself, such as too little memory or too small a stack.
     *
     * @param error what was thrown
     */
    public static void rethrowUnlessOne(Error error) {
        if (!isOne(error)) {
            throw error;
        }
    }

    /**
     * Says what is wrong and, where a library is missing or of the wrong version, which one is needed.
     *
     * @param failure what was thrown
     * @return for example {@code net.java.dev.jna:jna 5.8 or later is needed on the class path, which has jna not at all
     *     (java.lang.NoClassDefFoundError: com/sun/jna/Native)}
     */
    public static String explain(Throwable failure) {
        Throwable cause = failure;
        while (cause != null) {
            if (isOfLinking(cause)) {
                Optional<SharedLibrary> library = SharedLibrary.namedIn(String.valueOf(cause.getMessage()));
                if (library.isPresent()) {
                    return library.get().needed(LibraryFault.class.getClassLoader()) + " (" + cause + ")";
                }
            }
            cause = cause.getCause();
        }
        return root(failure).toString();
    }

    /** Whether a class is missing or is not as it was when its user was compiled. */
    private static boolean isOfLinking(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof ExceptionInInitializerError) {
            // Asked for a class again that could not be initialised, Java tells the first failure in words alone.
            return TOLD_BEFORE.matcher(message).find();
        }
        return failure instanceof IncompatibleClassChangeError
                || failure instanceof ClassNotFoundException
                || failure instanceof NoClassDefFoundError && !message.startsWith("Could not initialize");
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
