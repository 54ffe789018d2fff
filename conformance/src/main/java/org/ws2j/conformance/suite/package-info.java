/** The suites, one for each group of functions; {@link org.ws2j.conformance.suite.Suites} lists them. */
package org.ws2j.conformance.suite;
