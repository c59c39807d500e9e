package org.distilqa.examples.server;

import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What an application server does: runs applications that each have all of DistilQA in a class loader of their own, and ends them.
 * It knows nothing of DistilQA itself, and prints what happens.
 */
public final class Applications {
    private static final long PATIENCE_NANOS = 150_000_000_000L;

    private Applications() {}

    /**
     * Runs applications.
     *
     * @param arguments {@code two} or the number of redeployments; then the applications' class path; then the devices
     */
    public static void main(String[] arguments) throws Exception {
        URL[] classPath = classPath(arguments[1]);
        List<String> devices = Arrays.asList(arguments).subList(2, arguments.length);
        if (arguments[0].equals("two")) {
            runTwo(classPath, devices);
        } else {
            redeploy(classPath, devices, Integer.parseInt(arguments[0]));
        }
    }

    private static URL[] classPath(String path) throws IOException {
        List<URL> addresses = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator)) {
            addresses.add(Path.of(entry).toUri().toURL());
        }
        return addresses.toArray(URL[]::new);
    }

    private static URLClassLoader application(URL[] classPath) {
        return new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
    }

    /** Two at a time, the first of which goes on answering when the second is there, and when it is gone. */
    private static void runTwo(URL[] classPath, List<String> devices) throws Exception {
        for (String device : devices) {
            try (URLClassLoader first = application(classPath);
                    URLClassLoader second = application(classPath);
                    AutoCloseable firstAnswerer = open(first, device)) {
                print("first", device, answer(firstAnswerer));
                try (AutoCloseable secondAnswerer = open(second, device)) {
                    print("second", device, answer(secondAnswerer));
                    print("first", device, answer(firstAnswerer));
                } catch (InvocationTargetException e) {
                    print("second", device, e.getCause().toString());
                }
                print("first", device, answer(firstAnswerer));
            }
        }
    }

    private static void redeploy(URL[] classPath, List<String> devices, int times) throws Exception {
        List<WeakReference<ClassLoader>> deployed = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            deployed.add(deploy(classPath, devices));
        }
        letGoOfRecords();
        long begin = System.nanoTime();
        while (alive(deployed) > 0 && System.nanoTime() - begin < PATIENCE_NANOS) {
            System.gc();
            Thread.sleep(500);
        }
        System.out.println("class loaders that are left: " + alive(deployed));
        Thread.getAllStackTraces().keySet().forEach(thread -> {
            ClassLoader loader = thread.getContextClassLoader();
            if (loader instanceof URLClassLoader) {
                System.out.println("left: thread " + thread.getName());
            }
        });
    }

    /** A record of the server's own. */
    private record Deployment(Applications server, String name) {}

    /** Java 17 remembers the class of the record whose methods were linked last, whosever it is. */
    private static void letGoOfRecords() {
        Deployment deployment = new Deployment(new Applications(), "last");
        if (!deployment.equals(new Deployment(deployment.server(), "last"))
                || deployment.hashCode() == 0
                || deployment.toString().isEmpty()) {
            throw new AssertionError(deployment);
        }
    }

    private static long alive(List<WeakReference<ClassLoader>> deployed) {
        return deployed.stream().filter(loader -> loader.get() != null).count();
    }

    private static WeakReference<ClassLoader> deploy(URL[] classPath, List<String> devices) throws Exception {
        try (URLClassLoader loader = application(classPath)) {
            for (String device : devices) {
                try (AutoCloseable answerer = open(loader, device)) {
                    print("application", device, answer(answerer));
                }
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("distilqa"))
                        .forEach(name -> System.out.println("outlived close(): thread " + name));
            }
            return new WeakReference<>(loader);
        } finally {
            Thread.currentThread().setContextClassLoader(null);
        }
    }

    private static AutoCloseable open(ClassLoader loader, String device) throws Exception {
        Thread.currentThread().setContextClassLoader(loader);
        Class<?> type = loader.loadClass("org.distilqa.QuestionAnswerer");
        Object builder = type.getMethod("builder").invoke(null);
        builder.getClass().getMethod("model", String.class).invoke(builder, "bundled");
        builder.getClass().getMethod("device", String.class).invoke(builder, device);
        return (AutoCloseable) builder.getClass().getMethod("build").invoke(builder);
    }

    private static String answer(AutoCloseable answerer) throws Exception {
        Thread.currentThread().setContextClassLoader(answerer.getClass().getClassLoader());
        Object answer = answerer.getClass()
                .getMethod("answer", String.class, String.class)
                .invoke(answerer, "Who built the mill?", "The mill was built by Ada Quill in 1912.");
        return (String) answer.getClass().getMethod("text").invoke(answer);
    }

    private static void print(String application, String device, String answer) {
        System.out.println(application + " on " + device + ": " + answer);
    }
}
