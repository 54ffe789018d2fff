package org.ws2j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
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
}
