package org.distilqa.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.distilqa.benchmarks.contender.Contender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonTest {
    private static final Path PROGRAM = Path.of("peer.py");

    @Test
    void saysThatThereIsNoSuchInterpreter(@TempDir Path folder) {
        Python python = Python.find("nonesuch-python", folder);
        assertThat(python.packages()).isEmpty();
        assertThat(python.missing(Contender.parse("openvino"))).startsWith("nonesuch-python cannot be started");
        assertThat(python.missing(Contender.parse("cpu"))).isEmpty();
    }

    @Test
    void saysWhichPackagesAreMissingAndHowToGetThem() {
        Python python = new Python("python9", PROGRAM, Map.of("openvino", "1", "torch", "2"), "");
        assertThat(python.missing(Contender.parse("openvino,precision=bfloat16")))
                .isEmpty();
        assertThat(python.missing(Contender.parse("openvino,precision=int8")))
                .isEqualTo(
                        "python9 has no nncf; python9 -m pip install -r benchmarks/requirements.txt brings all that the"
                                + " peers need");
        assertThat(python.missing(Contender.parse("transformers"))).startsWith("python9 has no transformers; ");
        assertThat(python.missing(Contender.parse("cpu"))).isEmpty();
    }

    @Test
    void answersWholeQuestionsOnlyBehindATokenizer() {
        Python without = new Python("python9", PROGRAM, Map.of("openvino", "1"), "");
        Python with = new Python("python9", PROGRAM, Map.of("openvino", "1", "tokenizers", "2"), "");
        assertThat(without.canAnswer(Contender.parse("openvino"))).isFalse();
        assertThat(without.canAnswer(Contender.parse("cpu"))).isTrue();
        assertThat(with.canAnswer(Contender.parse("openvino"))).isTrue();
    }
}
