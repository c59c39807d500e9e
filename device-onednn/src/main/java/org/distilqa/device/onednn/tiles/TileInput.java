package org.distilqa.device.onednn.tiles;

import java.util.Optional;
import org.distilqa.device.onednn.program.Place;

/**
 * The input of linear maps on the tile unit.
 *
 * @param kind what it is, as {@link org.distilqa.device.onednn.binding.Tiles} numbers it
 * @param values bfloat16 or bytes
 * @param scales the scale of each row of bytes
 */
record TileInput(int kind, Place values, Optional<Place> scales) {}
