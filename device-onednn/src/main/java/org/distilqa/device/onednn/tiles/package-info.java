/**
 * The steps on the tile unit of x86-64 processors (AMX), by our own library, {@code src/main/native/tiles.cpp}. In goes a graph whose
 * shapes fit the tiles, in bfloat16 or int8; out come its steps. Read {@code TileLowering} first: which graphs these are, and which
 * step a node becomes. Each step keeps its constant arguments in native memory, a struct of {@code tiles.h}, and makes one call for a
 * block of rows. The head, whose two columns fill no tile, is oneDNN's.
 */
package org.distilqa.device.onednn.tiles;
