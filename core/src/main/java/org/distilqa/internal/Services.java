package org.distilqa.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The implementations of an interface that {@link ServiceLoader} finds, from the thread's context class loader and from the
 * one that loaded DistilQA (in an application server the two differ), each class once. One that cannot be loaded does not
 * hide the others.
 *
 * @param <S> the interface
 * @param providers the implementations, in the order they were found
 * @param failures why others could not be loaded, in words
 */
public record Services<S>(List<S> providers, List<String> failures) {
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    /**
     * Copies the lists.
     *
     * @param providers the implementations
     * @param failures why others could not be loaded
     */
    public Services {
        providers = List.copyOf(providers);
        failures = List.copyOf(failures);
    }

    /**
     * Finds the implementations of an interface.
     *
     * @param <S> the interface
     * @param service the interface
     * @return the implementations found
     */
    public static <S> Services<S> load(Class<S> service) {
        List<S> providers = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        Set<Class<?>> seen = new HashSet<>();
        collect(ServiceLoader.load(service), seen, providers, failures);
        collect(ServiceLoader.load(service, Services.class.getClassLoader()), seen, providers, failures);
        ModuleLayer layer = Services.class.getModule().getLayer();
        if (layer != null && layer != ModuleLayer.boot()) {
            // Its modules may each have a class loader that knows nothing of the others.
            collect(ServiceLoader.load(layer, service), seen, providers, failures);
        }
        return new Services<>(providers, failures);
    }

    private static <S> void collect(
            ServiceLoader<S> loader, Set<Class<?>> seen, List<S> providers, List<String> failures) {
        Iterator<S> iterator = loader.iterator();
        boolean hasMore = true;
        while (hasMore) {
            try {
                hasMore = iterator.hasNext();
                if (!hasMore) {
                    return;
                }
                S provider = iterator.next();
                if (seen.add(provider.getClass())) {
                    providers.add(provider);
                }
            } catch (Error e) {
                LibraryFault.rethrowUnlessOne(e);
                String failure = "a provider could not be loaded: "
                        + (e instanceof ServiceConfigurationError ? e.getMessage() : LibraryFault.explain(e));
                if (e.getCause() instanceof IOException) {
                    // The list of providers could not be read; asked again, the loader would try and fail for ever.
                    hasMore = false;
                }
                if (!failures.contains(failure)) {
                    LOG.warn(failure, e);
                    failures.add(failure);
                }
            }
        }
    }
}
