package org.ws2j.programs;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

/** A Tomcat in this process, with one servlet, on a free port of the loopback interface. */
final class EmbeddedTomcat implements AutoCloseable {
    /** Held, as a logger that nobody holds forgets its level. */
    private static final Logger CHATTER = Logger.getLogger("org.apache");

    /** Warns when a busy machine takes its time over the first random number. */
    private static final Logger IMPATIENCE = Logger.getLogger("org.apache.catalina.util.SessionIdGeneratorBase");

    private final Tomcat tomcat = new Tomcat();
    private final Connector connector;

    /** Starts one, with its working files in the current directory. */
    EmbeddedTomcat(Connector connector) throws LifecycleException {
        CHATTER.setLevel(Level.WARNING);
        IMPATIENCE.setLevel(Level.SEVERE);
        this.connector = connector;
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setBaseDir("tomcat");
        tomcat.setConnector(connector);
        StandardContext context = (StandardContext) tomcat.addContext("", null);
        context.setClearReferencesRmiTargets(false); // Would look into the JDK, which does not let it.
        context.setClearReferencesThreadLocals(false);
        Tomcat.addServlet(context, "answer", new Answer()).addMapping("/*");
        tomcat.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    private static final class Answer extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentLength(HttpWork.DOWNLOAD.size());
            response.getOutputStream().write(HttpWork.DOWNLOAD.bytes());
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            byte[] body = request.getInputStream().readAllBytes();
            response.getOutputStream().write(body);
        }
    }
}
