package org.ws2j.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import org.ws2j.agent.boot.AgentEntry;
import org.ws2j.agent.boot.AgentOptions;
import org.ws2j.agent.boot.InstallationException;
import org.ws2j.agent.install.JdkPatches;
import org.ws2j.agent.install.NativeProviders;
import org.ws2j.agent.install.NativeTransports;
import org.ws2j.agent.install.ProviderProperties;

/**
 * The agent. What the start of a program has to wait for is here: who is asked for sockets from now on. The network comes with the
 * first of them.
 */
public final class Agent implements AgentEntry {

    /** For the loader. */
    public Agent() {}

    @Override
    public void install(AgentOptions options, Instrumentation instrumentation) throws InstallationException {
        LayerStack layers = new LayerStack(options.layers());
        if (layers.hasSharedLibrary()) {
            NativeProviders.permit(instrumentation);
        }
        ErrorLines lines = new ErrorLines();
        NativeTransports nativeTransports = new NativeTransports(lines);
        LayeredNetworking networking = new LayeredNetworking(layers, instrumentation, options.isReporting());
        ProviderProperties.installSelectors(networking);
        boolean isDone = false;
        try {
            ProviderProperties.installAsynchronous();
            new JdkPatches(nativeTransports).install(instrumentation);
            isDone = true;
        } finally {
            if (!isDone) {
                PlainNetworking.install(instrumentation);
            }
        }
        if (options.isStrict()) {
            tryLayers(networking);
        }
        if (options.isReporting()) {
            ExitReport.atExit(networking, nativeTransports, lines);
        }
    }

    private static void tryLayers(LayeredNetworking networking) throws InstallationException {
        try {
            networking.start().tryLayers();
        } catch (IOException e) {
            throw new InstallationException("the layers cannot be started (" + e.getMessage() + ")");
        }
    }
}
