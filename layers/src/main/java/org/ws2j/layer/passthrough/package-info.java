/**
 * The two layers that change nothing: what a layer costs, and where to begin one.
 */
package org.ws2j.layer.passthrough;
