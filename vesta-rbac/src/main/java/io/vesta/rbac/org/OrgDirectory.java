package io.vesta.rbac.org;

/**
 * SPI: where the organisation comes from, usually the host's member tables.
 *
 * <p><b>Contract.</b> Thread-safe. The answer is a consistent snapshot of every brokerage that the
 * host serves; a directory that cannot answer throws, and the guard keeps the snapshot that it has.
 */
public interface OrgDirectory {

  /** The organisation as it is now; never null. */
  OrgSnapshot snapshot();
}
