package org.ws2j.programs.run;

import java.util.List;

/**
 * What has come of a program.
 *
 * @param exitCode its exit code
 * @param output the lines of its standard output
 * @param errors the lines of its standard error
 */
public record Outcome(int exitCode, List<String> output, List<String> errors) {}
