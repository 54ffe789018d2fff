/**
 * The rows of the table.
 */
package org.ws2j.bench.row;
