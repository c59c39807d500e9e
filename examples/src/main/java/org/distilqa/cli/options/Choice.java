package org.distilqa.cli.options;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The values that an option may have, by name: reads one, refuses what is none of them, and gives the names to whoever completes.
 *
 * @param <T> what is chosen among
 */
public abstract class Choice<T> implements ITypeConverter<T>, Iterable<String> {
    private final Map<String, T> values = new LinkedHashMap<>();

    /**
     * Some values, in the order in which they are listed.
     *
     * @param values the values
     * @param name gives the name of each
     */
    protected Choice(List<T> values, Function<T, String> name) {
        values.forEach(value -> this.values.put(name.apply(value), value));
    }

    @Override
    public T convert(String name) {
        if (!values.containsKey(name)) {
            throw new TypeConversionException("'" + name + "' is none of " + String.join(", ", values.keySet()));
        }
        return values.get(name);
    }

    @Override
    public Iterator<String> iterator() {
        return values.keySet().iterator();
    }
}
