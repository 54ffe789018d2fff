package org.ws2j.agent;

import java.util.function.Consumer;
import org.ws2j.agent.install.NativeTransports;

final class ExitReport extends Thread {
    ExitReport(LayeredNetworking n, NativeTransports t, Consumer<String> lines) {
        super("ws2-report");
    }
    static void atExit(LayeredNetworking n, NativeTransports t, Consumer<String> lines) {
      Runtime.getRuntime().addShutdownHook(new ExitReport(n,t,lines));
    }
}
