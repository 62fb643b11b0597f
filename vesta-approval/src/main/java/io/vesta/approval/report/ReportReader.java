package io.vesta.approval.report;

import java.util.Map;
import java.util.Optional;

/**
 * SPI: verifies and reads what a provider sends to the host afterwards, in the provider's own form.
 * {@link StandardWebhooks} verifies what follows that specification.
 *
 * <p><b>Contract.</b> Thread-safe. It believes nothing before it has verified that the bytes come
 * from the provider, in constant time. Nothing that it throws or logs holds a secret or a client's
 * data.
 */
@FunctionalInterface
public interface ReportReader {

  /**
   * Reads a report.
   *
   * @param headers of the request, by their names in lower case
   * @param body of the request, byte for byte
   * @return what it says; empty if it is not verified, or says nothing of whether a message was
   *     taken
   */
  Optional<Report> read(Map<String, String> headers, byte[] body);
}
