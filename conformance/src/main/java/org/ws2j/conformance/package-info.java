/**
 * The conformance kit: {@link org.ws2j.conformance.ConformanceRun} runs the checks over {@linkplain
 * org.ws2j.conformance.Stack stacks} of providers, and a {@link org.ws2j.conformance.Suite} holds checks.
 */
package org.ws2j.conformance;
