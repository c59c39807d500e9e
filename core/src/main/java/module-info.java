/**
 * Extractive question answering with DistilBERT: the public API, and the interfaces that devices and tokenizers implement.
 */
@SuppressWarnings("module") // Those that some packages are exported to are compiled after this one.
module org.distilqa.core {
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;

    exports org.distilqa;
    exports org.distilqa.device;
    exports org.distilqa.graph;
    exports org.distilqa.model;
    exports org.distilqa.tokenizer;
    exports org.distilqa.internal to
            org.distilqa.device.cpu,
            org.distilqa.device.onednn,
            org.distilqa.device.tt,
            org.distilqa.search,
            org.distilqa.server,
            org.distilqa.tokenizer.huggingface;
    exports org.distilqa.json to
            org.distilqa.tokenizer.huggingface;
    exports org.distilqa.tokenizer.definition to
            org.distilqa.tokenizer.huggingface;

    uses org.distilqa.device.DeviceProvider;
    uses org.distilqa.model.ModelResources;
    uses org.distilqa.tokenizer.TokenizerProvider;
}
