package io.vesta.proof.ledger;

import io.vesta.proof.spec.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;

/**
 * One release as the ledger keeps it. Digests are 64 lower-case hexadecimal digits.
 *
 * @param id names it to the public
 * @param number which release of its claim it is, from 1
 * @param at when it was released, to the millisecond
 * @param expires from when nobody shall rely on it
 * @param period the days that its figures cover
 * @param asOf the day on which the rows were read
 * @param page SHA-256 of the page
 * @param shown how many figures it shows
 * @param withheld how many it withholds
 * @param manifest SHA-256 of its manifest
 * @param head the head of the claim's chain with it: SHA-256 of the head before and {@code
 *     manifest}, both as bytes
 */
public record Release(
    UUID id,
    int number,
    Instant at,
    Instant expires,
    Period period,
    LocalDate asOf,
    String page,
    int shown,
    int withheld,
    String manifest,
    String head) {

  /** The head of a claim's chain before its first release. */
  public static final String NO_HEAD = "0".repeat(64);

  /** Checks presence. */
  public Release {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(expires, "expires");
    Objects.requireNonNull(period, "period");
    Objects.requireNonNull(asOf, "asOf");
    Objects.requireNonNull(page, "page");
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(head, "head");
  }
}
