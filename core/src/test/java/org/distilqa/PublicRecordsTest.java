package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.distilqa.device.DeviceOptions;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Shape;
import org.distilqa.tokenizer.TokenizedText;
import org.junit.jupiter.api.Test;

/**
 * A record cannot get a further part without breaking those who make it or take it apart, so only values whose form is finished
 * are records in what users see.
 */
class PublicRecordsTest {
    private static final Set<Class<?>> FINISHED = Set.of(
            Answer.class,
            DeviceOptions.class,
            Graph.class,
            Node.class,
            Op.Embeddings.class,
            Op.LayerNorm.class,
            Op.Linear.class,
            Op.SelfAttention.class,
            Parameter.class,
            PassageAnswer.class,
            Shape.class,
            TokenizedText.class);

    @Test
    void onlyValuesWhoseFormIsFinishedAreRecords() throws Exception {
        Path classes = Path.of(AnswerOptions.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Set<String> records = new TreeSet<>();
        for (String name : exportedPackages(classes)) {
            try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".class")).toList()) {
                    String simpleName = file.getFileName().toString().replaceFirst("\\.class$", "");
                    Class<?> type = Class.forName(name + "." + simpleName, false, AnswerOptions.class.getClassLoader());
                    if (type.isRecord() && isPublic(type)) {
                        records.add(type.getName());
                    }
                }
            }
        }
        assertThat(records)
                .containsExactlyInAnyOrderElementsOf(
                        FINISHED.stream().map(Class::getName).toList());
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    /** The packages that any module may use. */
    private static Set<String> exportedPackages(Path classes) throws Exception {
        try (InputStream descriptor = Files.newInputStream(classes.resolve("module-info.class"))) {
            return ModuleDescriptor.read(descriptor).exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        }
    }
}
