package org.ws2j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ws2j.agent.boot.InstallationException;
import org.ws2j.agent.boot.LayerChoice;
import org.ws2j.layer.LayerModule;
import org.ws2j.spi.TransportModule;

final class LayerStackTest {
    @Test
    void everyLayerThatComesWithWs2jCanBeNamed() {
        for (TransportModule module : ServiceLoader.load(TransportModule.class)) {
            if (module instanceof LayerModule && module.getClass().getName().startsWith("org.ws2j.layer.")) {
                assertThat(LayerStack.isBuiltin(module.name())).as(module.name()).isTrue();
            }
        }
    }

    @Test
    void moreThanSixLayersAreTooMany() throws Exception {
        List<LayerChoice> layers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            layers.add(LayerChoice.parse("passthrough"));
        }
        assertThat(new LayerStack(layers).layers()).hasSize(6);
        layers.add(LayerChoice.parse("trace"));
        assertThatExceptionOfType(InstallationException.class).isThrownBy(() -> new LayerStack(layers));
    }

    @ParameterizedTest
    @CsvSource({"lib.so, true", "lib.DLL, true", "lib.dylib, true", "layer.jar, false", "so, false"})
    void librariesInCAreKnownByTheirNames(String name, boolean isLibrary, @TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve(name));
        LayerStack layers =
                new LayerStack(List.of(LayerChoice.parse("passthrough"), LayerChoice.parse(file.toString())));
        assertThat(layers.hasSharedLibrary()).isEqualTo(isLibrary);
    }
}
