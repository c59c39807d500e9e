package org.distilqa.training;

/**
 * The dimensions of the network.
 *
 * @param vocabulary rows of the token embedding
 * @param positions the longest sequence
 * @param layers transformer blocks
 * @param heads attention heads of a block
 * @param width columns of the hidden states
 * @param hidden columns between the two maps of a feed-forward network
 */
record Dimensions(int vocabulary, int positions, int layers, int heads, int width, int hidden) {
    int headWidth() {
        return width / heads;
    }
}
