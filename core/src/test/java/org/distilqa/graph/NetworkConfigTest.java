package org.distilqa.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.distilqa.InvalidModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkConfigTest {

    static List<Supplier<?>> builders() {
        return List.of(DistilBertConfig::builder, BertConfig::builder);
    }

    private static NetworkConfig build(Object builder) throws ReflectiveOperationException {
        return (NetworkConfig) builder.getClass().getMethod("build").invoke(builder);
    }

    /** What BERT calls the dimensions that other networks have too. */
    private static final Map<String, String> NAMES_OF_BERT = Map.of(
            "numHiddenLayers",
            "nLayers",
            "numAttentionHeads",
            "nHeads",
            "hiddenSize",
            "dim",
            "intermediateSize",
            "hiddenDim",
            "hiddenAct",
            "activation");

    private static Object get(NetworkConfig config, String name) throws ReflectiveOperationException {
        return config.getClass()
                .getMethod(NAMES_OF_BERT.getOrDefault(name, name))
                .invoke(config);
    }

    /** A value that is sound where the others are the defaults. */
    private static Object another(Object value) {
        if (value instanceof Integer number) {
            return 2 * number;
        }
        return value instanceof Double number ? (Object) (number + 1e-5) : Activation.RELU;
    }

    @ParameterizedTest
    @MethodSource("builders")
    void holdsComparesAndShowsWhateverItsBuilderSets(Supplier<?> builders) throws ReflectiveOperationException {
        NetworkConfig base = build(builders.get());
        assertThat(build(builders.get())).isEqualTo(base).hasSameHashCodeAs(base);
        List<Method> setters = Arrays.stream(builders.get().getClass().getMethods())
                .filter(method -> method.getReturnType() == method.getDeclaringClass())
                .toList();
        long shown = base.toString().chars().filter(c -> c == '=').count();
        assertThat(setters).isNotEmpty().hasSize((int) shown);
        for (Method setter : setters) {
            Object value = another(get(base, setter.getName()));
            Object builder = builders.get();
            setter.invoke(builder, value);
            NetworkConfig changed = build(builder);
            assertThat(get(changed, setter.getName())).isEqualTo(value);
            assertThat(changed).isNotEqualTo(base);
            assertThat(changed.toString()).isNotEqualTo(base.toString()).contains("=" + value);
        }
    }

    @Test
    void configurationsOfTwoKindsDifferWhateverTheirDimensions() {
        NetworkConfig bert = BertConfig.builder().build();
        NetworkConfig distilBert = DistilBertConfig.builder().nLayers(12).build();
        assertThat(distilBert.nLayers()).isEqualTo(bert.nLayers());
        assertThat(distilBert).isNotEqualTo(bert);
    }

    @Test
    void isNotChangedByWhatItsBuilderIsUsedForNext() {
        DistilBertConfig.Builder builder = DistilBertConfig.builder().dim(24);
        DistilBertConfig config = builder.build();
        builder.dim(48).nLayers(1);
        assertThat(config.dim()).isEqualTo(24);
        assertThat(config.nLayers()).isEqualTo(6);
    }

    @Test
    void isCheckedWhenAllIsSet() {
        // 12 heads, the default, do not divide 20.
        assertThat(DistilBertConfig.builder().dim(20).nHeads(5).build().nHeads())
                .isEqualTo(5);
        assertThatThrownBy(() -> DistilBertConfig.builder().dim(20).build())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage("dim is 20, which n_heads, 12, does not divide");
        assertThatThrownBy(() -> BertConfig.builder().hiddenSize(20).build())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage("hidden_size is 20, which num_attention_heads, 12, does not divide");
    }
}
