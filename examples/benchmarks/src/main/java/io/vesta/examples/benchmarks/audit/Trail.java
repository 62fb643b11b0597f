package io.vesta.examples.benchmarks.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One way for a host to record what it does, in the transaction that does it. */
interface Trail {

  /** What the tables call it. */
  String name();

  /**
   * One act: the host's row and its record, committed together.
   *
   * @param number of the act; never used before
   */
  void act(long number) throws Exception;

  /** How many acts are recorded; throws if what is recorded does not hold together. */
  long recorded() throws Exception;

  /** The bytes that a trail without a format of its own records. */
  static byte[] bytes(long number) {
    byte[] bytes = new byte[BenchLog.BYTES];
    Arrays.fill(bytes, (byte) 'x');
    byte[] text = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, bytes, 0, text.length);
    return bytes;
  }
}
