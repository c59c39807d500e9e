package org.distilqa.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** In local mode an application's executor is its driver, whose JVM may go on. */
class ApplicationEndTest {
    private static final Map<String, String> OPTIONS = Map.of("device", "recording");

    @Test
    void theEngineIsClosedWithTheApplicationAndTheNextOpensOneOfItsOwn() {
        RecordingDeviceProvider.reset();
        for (int application = 1; application <= 2; application++) {
            SparkSession spark = session();
            try {
                // Known to the active session without being registered.
                assertThat(Texts.rows(spark, 3)
                                .select(DistilQa.answer(col("question"), col("context"), OPTIONS)
                                        .getField("text"))
                                .collectAsList())
                        .extracting(row -> row.getString(0))
                        .containsExactly("Ada Quill", "1701", "Mary Dunmore");
                assertThat(RecordingDeviceProvider.OPENED).hasValue(application);
                assertThat(RecordingDeviceProvider.CLOSED).hasValue(application - 1);
            } finally {
                spark.stop();
            }
            assertThat(RecordingDeviceProvider.CLOSED).hasValue(application);
        }
    }

    @Test
    void aSessionThatDoesNotKnowTheFunctionSaysSo() {
        SparkSession spark = session();
        try {
            assertThatThrownBy(() -> spark.sql("SELECT answer_question('Who?', 'Ada.')"))
                    .hasMessageContaining("answer_question")
                    .hasMessageContaining("UNRESOLVED_ROUTINE");
            assertThat(spark.newSession()).isNotNull();
            DistilQa.register(spark);
            assertThat(spark.sql("SELECT answer_question('Who?', 'Ada.', map('device', 'recording')).text")
                            .head()
                            .getString(0))
                    .startsWith("Ada");
        } finally {
            spark.stop();
        }
    }

    private static SparkSession session() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .getOrCreate();
    }
}
