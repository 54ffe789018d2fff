/**
 * What is left of a measurement: the raw data, the table and the plots.
 */
package org.ws2j.bench.report;
