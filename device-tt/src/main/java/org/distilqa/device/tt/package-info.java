/**
 * Tenstorrent Wormhole cards (n150, n300), through a native library on TT-NN or through its emulator; see docs/wormhole.md.
 */
package org.distilqa.device.tt;
