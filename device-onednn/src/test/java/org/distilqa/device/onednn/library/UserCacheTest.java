package org.distilqa.device.onednn.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "absolute paths are others there")
class UserCacheTest {

    @Test
    void isWhereTheFreedesktopSpecificationWantsItOnLinux() {
        assertThat(UserCache.directory("Linux", Map.of(), "/home/ada")).contains(Path.of("/home/ada/.cache/distilqa"));
        assertThat(UserCache.directory("Linux", Map.of("XDG_CACHE_HOME", "/fast"), "/home/ada"))
                .contains(Path.of("/fast/distilqa"));
        assertThat(UserCache.directory("Linux", Map.of("XDG_CACHE_HOME", "not/absolute"), "/home/ada"))
                .contains(Path.of("/home/ada/.cache/distilqa"));
    }

    @Test
    void isInTheLibraryOnMacOs() {
        assertThat(UserCache.directory("Mac OS X", Map.of("XDG_CACHE_HOME", "/fast"), "/Users/ada"))
                .contains(Path.of("/Users/ada/Library/Caches/distilqa"));
    }

    @Test
    void isInTheLocalApplicationDataOnWindows() {
        assertThat(UserCache.directory("Windows 11", Map.of("LOCALAPPDATA", "/local"), "/Users/ada"))
                .contains(Path.of("/local/distilqa"));
    }

    @Test
    void isNowhereWithoutAHome() {
        assertThat(UserCache.directory("Linux", Map.of(), "?")).isEmpty();
        assertThat(UserCache.directory("Linux", Map.of(), null)).isEmpty();
        assertThat(UserCache.directory("Windows 11", Map.of(), "/Users/ada")).isEmpty();
    }
}
