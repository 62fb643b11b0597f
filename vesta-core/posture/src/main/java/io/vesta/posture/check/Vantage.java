package io.vesta.posture.check;

/** From where something was seen, which bounds what could be. */
public enum Vantage {
  /** Inside this process. */
  PROCESS,
  /** On this machine, in this network name space. */
  HOST,
  /** In files: a repository, an artifact, a configuration. */
  FILES,
  /** From outside, as the public would. */
  OUTSIDE,
  /** Somebody says so, by name. */
  ATTESTED
}
