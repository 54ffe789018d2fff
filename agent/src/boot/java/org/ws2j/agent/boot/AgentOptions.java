package org.ws2j.agent.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a user asks of the agent. As the options of the agent they are words with a semicolon between them; one that belongs to a
 * word is doubled:
 *
 * <ul>
 * <li>{@code layer=NAME[:key=value[,key=value…]]}, as {@link LayerChoice} says: a layer. The first is nearest the program, the
 * last nearest the network.
 * <li>{@code config=FILE}: more of these words, in a file. Its layers come below those that are named outside of it.
 * <li>{@code strict}: without layers the program is not to run.
 * <li>{@code report}: at the end a report is printed.
 * </ul>
 *
 * <p>In a file, in UTF-8, each word has a line of its own, with white space instead of the first equals sign. A line {@code
 * key=value} is one more option of the layer above it, in which nothing is doubled; its key is none of these words. Empty lines
 * and those that begin with {@code #} say nothing.
 */
public final class AgentOptions {
    /** Nothing asked for: the sockets are the host's, with no layer above the operating system. */
    static final AgentOptions NONE = new AgentOptions(Collections.<LayerChoice>emptyList(), false, false);

    /** What some editors begin a file with. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final List<LayerChoice> layers;
    private final boolean isStrict;
    private final boolean isReporting;

    private AgentOptions(List<LayerChoice> layers, boolean isStrict, boolean isReporting) {
        this.layers = Collections.unmodifiableList(layers);
        this.isStrict = isStrict;
        this.isReporting = isReporting;
    }

    /**
     * Reads the options of the agent.
     *
     * @param arguments the words with semicolons between them; null or empty for none
     * @return what they ask for
     * @throws InstallationException if a word is none of the above, or the file cannot be read
     */
    public static AgentOptions parse(String arguments) throws InstallationException {
        Words words = new Words();
        if (arguments != null && !arguments.isEmpty()) {
            for (String word : LayerChoice.split(arguments, ';')) {
                words.add(word, '=');
            }
        }
        return words.options();
    }

    /** {@return the layers, the first nearest the program} */
    public List<LayerChoice> layers() {
        return layers;
    }

    /** {@return whether the program must not run without its layers} */
    public boolean isStrict() {
        return isStrict;
    }

    /** {@return whether a report is to be printed at the end} */
    public boolean isReporting() {
        return isReporting;
    }

    /** What has been read so far. */
    private static final class Words {
        private final List<LayerChoice> layers = new ArrayList<>();
        private final List<LayerChoice> layersOfFile = new ArrayList<>();
        private boolean isStrict;
        private boolean isReporting;

        AgentOptions options() {
            List<LayerChoice> all = new ArrayList<>(layers);
            all.addAll(layersOfFile);
            return new AgentOptions(all, isStrict, isReporting);
        }

        void add(String word, char separator) throws InstallationException {
            int end = word.indexOf(separator);
            String key = end < 0 ? word : word.substring(0, end);
            String value = end < 0 ? "" : word.substring(end + 1).trim();
            boolean isInFile = separator == ' ';
            if (key.equals("layer")) {
                (isInFile ? layersOfFile : layers).add(LayerChoice.parse(value));
            } else if (key.equals("config") && !isInFile) {
                addFile(value);
            } else if (word.equals("strict")) {
                isStrict = true;
            } else if (word.equals("report")) {
                isReporting = true;
            } else {
                throw InstallationException.ofOptions("'" + word + "' is none of layer, "
                        + (isInFile ? "" : "config, ") + "strict and report");
            }
        }

        private void addFile(String name) throws InstallationException {
            int number = 0;
            try {
                Path file = Paths.get(name);
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    boolean isMarked = number == 0 && line.startsWith(BYTE_ORDER_MARK);
                    number++;
                    addLine((isMarked ? line.substring(1) : line).trim());
                }
            } catch (InvalidPathException | IOException e) {
                throw InstallationException.ofOptions("the configuration " + name + " cannot be read (" + e + ")");
            } catch (InstallationException e) {
                throw InstallationException.ofOptions(name + ", line " + number + ": " + e.getMessage());
            }
        }

        private void addLine(String line) throws InstallationException {
            if (line.isEmpty() || line.charAt(0) == '#') {
                return;
            }
            int end = endOfWord(line);
            String word = line.substring(0, end);
            String rest = line.substring(end).trim();
            boolean isOurs = word.equals("layer") || word.equals("strict") || word.equals("report");
            if (isOurs && rest.startsWith("=")) {
                throw InstallationException.ofOptions("'" + line + "': in a file no equals sign is behind " + word);
            }
            if (!isOurs && line.indexOf('=') > 0) {
                addOption(line);
            } else {
                add(rest.isEmpty() ? word : word + ' ' + rest, ' ');
            }
        }

        private static int endOfWord(String line) {
            int end = 0;
            while (end < line.length() && line.charAt(end) != '=' && !Character.isWhitespace(line.charAt(end))) {
                end++;
            }
            return end;
        }

        private void addOption(String option) throws InstallationException {
            if (layersOfFile.isEmpty()) {
                throw InstallationException.ofOptions("'" + option + "' stands below no layer");
            }
            int last = layersOfFile.size() - 1;
            layersOfFile.set(last, layersOfFile.get(last).with(option));
        }
    }
}
