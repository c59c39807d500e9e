package org.distilqa.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void namesTheProcessorAndTheInstructionsThatMatter() {
        assertThat(Machine.processor("""
                        processor\t: 0
                        model name\t: A Processor
                        flags\t\t: fpu avx2 avx512f avx512_vnni amx_int8 sse
                        """)).hasValue("A Processor (AMX int8, AVX2, AVX-512 VNNI, AVX-512)");
        assertThat(Machine.processor("model name\t: Another\n")).hasValue("Another");
        assertThat(Machine.processor("Processor: nothing that is known")).isEmpty();
    }
}
