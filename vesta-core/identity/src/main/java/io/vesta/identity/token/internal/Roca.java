package io.vesta.identity.token.internal;

import java.math.BigInteger;
import java.util.BitSet;

/**
 * The fingerprint of RSA keys whose primes can be found (CVE-2017-15361, "The Return of
 * Coppersmith's Attack", section 2.3.2): their modulus is a power of 65537 modulo every small
 * prime.
 */
final class Roca {

  private static final int[] PRIMES = {
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167
  };

  private Roca() {}

  /** Whether a modulus has the fingerprint; of other keys about one in 2^28 has it by chance. */
  static boolean suspects(BigInteger modulus) {
    for (int prime : PRIMES) {
      BitSet powers = new BitSet(prime);
      int power = 1;
      while (!powers.get(power)) {
        powers.set(power);
        power = power * 65_537 % prime;
      }
      if (!powers.get(modulus.mod(BigInteger.valueOf(prime)).intValue())) {
        return false;
      }
    }
    return true;
  }
}
