package org.ws2j.conformance;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;

/**
 * The suites over the eight stacks, as tests of this build. {@code -Dorg.ws2j.conformance.stacks=memory} and
 * {@code -Dorg.ws2j.conformance.suites=Connecting} run a part of them.
 */
@org.junit.platform.suite.api.Suite
@SelectPackages("org.ws2j.conformance.suite")
@IncludeClassNamePatterns(".*Suite")
final class ConformanceTest {}
