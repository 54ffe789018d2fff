package org.ws2j.spi;

/**
 * A quality of service.
 *
 * @param sending the flow in sending direction
 * @param receiving the flow in receiving direction
 */
public record Qos(FlowSpec sending, FlowSpec receiving) {

    /**
     * A flow specification.
     *
     * @param tokenRate bytes per second, -1 for not specified
     * @param tokenBucketSize bytes, -1 for not specified
     * @param peakBandwidth bytes per second, -1 for not specified
     * @param latencyMicros microseconds, -1 for not specified
     * @param delayVariationMicros microseconds, -1 for not specified
     * @param serviceType SERVICETYPE_ bits
     * @param maxSduSize bytes, -1 for not specified
     * @param minimumPolicedSize bytes, -1 for not specified
     */
    public record FlowSpec(
            int tokenRate,
            int tokenBucketSize,
            int peakBandwidth,
            int latencyMicros,
            int delayVariationMicros,
            int serviceType,
            int maxSduSize,
            int minimumPolicedSize) {}
}
