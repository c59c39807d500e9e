/**
 * A small DistilBERT that answers questions.
 */
open module org.distilqa.models.bundled {
    requires org.distilqa.core;

    provides org.distilqa.model.ModelResources with
            org.distilqa.models.bundled.BundledModel;
}
