/** Runs the programs, on the JDK alone and under the agent, and looks at what each leaves: its lines, the report and the trace. */
package org.ws2j.programs.run;
