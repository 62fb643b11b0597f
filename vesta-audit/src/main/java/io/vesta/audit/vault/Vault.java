package io.vesta.audit.vault;

import io.vesta.audit.AuditError;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.Ref;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.UnitOfWork;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Keeps the disclosures of erasable details, each sealed under a key of its subject, which is
 * itself sealed under the vault's key from the host's secrets. Thread-safe.
 *
 * <p><b>Guarantees.</b> When the keys of a subject are destroyed, nobody can read their values from
 * these tables again, not with the vault's key either. A row that was moved, swapped or changed
 * does not open.
 *
 * <p><b>Not guaranteed.</b> Copies made before, such as backups, hold keys and values until they
 * are deleted. A transaction that is open while a subject is erased may still add a value of
 * theirs; it can be erased like any other.
 */
public final class Vault {

  /** Keys to a transaction: it keeps the host's writers waiting on SQLite. */
  private static final int REWRAPPED_AT_ONCE = 250;

  private final Random random;
  private final Supplier<String> ids;
  private final Supplier<Secret> secret;
  private final Optional<Supplier<Secret>> other;

  /**
   * @param config gives randomness and ids
   * @param secret the vault's key, asked for when it is needed: base64 of 32 bytes
   * @param other a second key that opens and does not seal, while the key is changed
   */
  public Vault(VestaConfig config, Supplier<Secret> secret, Optional<Supplier<Secret>> other) {
    this.random = config.random();
    this.ids = () -> config.newId().toString();
    this.secret = secret;
    this.other = other;
  }

  /**
   * Keeps the erasable details of an event in the transaction that records it. Waits for no other
   * host transaction: two that meet a new subject at the same time each make a key.
   *
   * @return the digests for the entry, in ascending order
   * @throws VestaException with code {@code VESTA-AUDIT-013} if the vault has no usable key
   */
  public List<String> keep(UnitOfWork work, AuditEvent event) {
    if (event.erasables().isEmpty()) {
      return List.of();
    }
    Cipher256 master = cipher(secret);
    Map<Ref, SubjectKey> keys = new HashMap<>();
    List<String> digests = new ArrayList<>();
    event
        .erasables()
        .forEach(
            (name, detail) -> {
              SubjectKey key =
                  keys.computeIfAbsent(
                      detail.subject(), subject -> key(work, master, event.brokerage(), subject));
              Disclosure disclosure = Disclosure.of(name, detail, random);
              String digest = disclosure.digest();
              byte[] plain = disclosure.text().getBytes(StandardCharsets.US_ASCII);
              byte[] sealed =
                  key.cipher.seal(plain, place(event.brokerage(), key.id, digest), random);
              work.handle()
                  .execute(
                      "insert into vesta_audit_vault (digest, key_id, sealed) values (?, ?, ?)",
                      digest,
                      key.id,
                      sealed);
              digests.add(digest);
            });
    return digests.stream().sorted().toList();
  }

  /**
   * The details of an entry that are still there.
   *
   * @param brokerage whose entry it is
   * @param digests what stands in the entry
   * @return one for each that was not erased
   * @throws VestaException with code {@code VESTA-AUDIT-014} if what is kept is not what was
   *     recorded
   */
  public List<Disclosure> open(UnitOfWork work, BrokerageId brokerage, List<String> digests) {
    List<Disclosure> found = new ArrayList<>();
    for (String digest : digests) {
      find(work, digest)
          .ifPresent(
              row -> {
                try {
                  String subject = wrapping(brokerage, row.subject, row.keyId);
                  Cipher256 key = new Cipher256(unwrap(cipher(secret), row.wrapped, subject));
                  byte[] plain = key.open(row.sealed, place(brokerage, row.keyId, digest));
                  Disclosure disclosure =
                      Disclosure.parse(new String(plain, StandardCharsets.US_ASCII));
                  if (!disclosure.digest().equals(digest)) {
                    throw new GeneralSecurityException("another's");
                  }
                  found.add(disclosure);
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                  // Without its cause, which may quote what was opened.
                  throw new VestaException(
                      AuditError.VAULT_DAMAGED,
                      "a kept value is not the one that was recorded, or the vault has another key"
                          + " than it had; restore the rows of the vault");
                }
              });
    }
    return found;
  }

  /**
   * Destroys the keys and the values of a subject.
   *
   * @return how many values were destroyed
   */
  public int destroy(UnitOfWork work, BrokerageId brokerage, Ref subject) {
    List<String> keys =
        work.handle()
            .createQuery(
                "delete from vesta_audit_vault_key where brokerage = ? and subject = ?"
                    + " returning id")
            .bind(0, brokerage.key())
            .bind(1, subject.toString())
            .mapTo(String.class)
            .list();
    int values = 0;
    // By one key at a time: no planner may think of reading the whole table.
    for (String key : keys) {
      values += work.handle().execute("delete from vesta_audit_vault where key_id = ?", key);
    }
    return values;
  }

  /** Destroys the values of an entry that is pruned. */
  public void destroy(UnitOfWork work, List<String> digests) {
    digests.forEach(
        digest -> work.handle().execute("delete from vesta_audit_vault where digest = ?", digest));
  }

  private SubjectKey key(UnitOfWork work, Cipher256 master, BrokerageId brokerage, Ref subject) {
    return work.handle()
        .createQuery(
            "select id, wrapped from vesta_audit_vault_key"
                + " where brokerage = ? and subject = ? order by id limit 1")
        .bind(0, brokerage.key())
        .bind(1, subject.toString())
        .map((row, context) -> new Wrapped(row.getString(1), row.getBytes(2)))
        .findOne()
        .map(wrapped -> unwrap(master, brokerage, subject, wrapped))
        .orElseGet(() -> make(work, master, brokerage, subject));
  }

  private SubjectKey unwrap(Cipher256 master, BrokerageId brokerage, Ref subject, Wrapped wrapped) {
    try {
      String place = wrapping(brokerage, subject.toString(), wrapped.id);
      return new SubjectKey(wrapped.id, new Cipher256(unwrap(master, wrapped.bytes, place)));
    } catch (GeneralSecurityException e) {
      throw keyDamaged();
    }
  }

  /** Opens a subject's key, with the other key if the vault's did not seal it. */
  private byte[] unwrap(Cipher256 master, byte[] wrapped, String place)
      throws GeneralSecurityException {
    try {
      return master.open(wrapped, place);
    } catch (GeneralSecurityException e) {
      if (other.isEmpty()) {
        throw e;
      }
      return cipher(other.get()).open(wrapped, place);
    }
  }

  /**
   * Seals the next of a brokerage's subjects' keys anew under the vault's key, as far as the other
   * key sealed them.
   *
   * @param after the id after which to go on; empty to begin
   * @throws VestaException with code {@code VESTA-AUDIT-014} if one opens with neither key
   */
  public Rewrapped rewrap(UnitOfWork work, BrokerageId brokerage, String after) {
    Cipher256 master = cipher(secret);
    List<SubjectWrapped> next =
        work.handle()
            .createQuery(
                "select id, wrapped, subject from vesta_audit_vault_key"
                    + " where brokerage = ? and id > ? order by id limit "
                    + REWRAPPED_AT_ONCE)
            .bind(0, brokerage.key())
            .bind(1, after)
            .map(
                (row, context) ->
                    new SubjectWrapped(
                        new Wrapped(row.getString(1), row.getBytes(2)), row.getString(3)))
            .list();
    int keys = 0;
    for (SubjectWrapped each : next) {
      String place = wrapping(brokerage, each.subject, each.wrapped.id);
      try {
        if (sealedBy(master, each.wrapped.bytes, place)) {
          continue;
        }
        byte[] key = unwrap(master, each.wrapped.bytes, place);
        // None if the subject is erased meanwhile.
        keys +=
            work.handle()
                .execute(
                    "update vesta_audit_vault_key set wrapped = ? where id = ?",
                    master.seal(key, place, random),
                    each.wrapped.id);
      } catch (GeneralSecurityException e) {
        throw keyDamaged();
      }
    }
    boolean more = next.size() == REWRAPPED_AT_ONCE;
    return new Rewrapped(
        keys, more ? Optional.of(next.get(next.size() - 1).wrapped.id) : Optional.empty());
  }

  private static boolean sealedBy(Cipher256 master, byte[] wrapped, String place) {
    try {
      master.open(wrapped, place);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static VestaException keyDamaged() {
    return new VestaException(
        AuditError.VAULT_DAMAGED,
        "a subject's key does not open: the vault has another key than it had, or the row was"
            + " changed");
  }

  private SubjectKey make(UnitOfWork work, Cipher256 master, BrokerageId brokerage, Ref subject) {
    String id = ids.get();
    byte[] key = new byte[Cipher256.KEY_BYTES];
    random.nextBytes(key);
    work.handle()
        .execute(
            "insert into vesta_audit_vault_key (id, brokerage, subject, wrapped)"
                + " values (?, ?, ?, ?)",
            id,
            brokerage.key(),
            subject.toString(),
            master.seal(key, wrapping(brokerage, subject.toString(), id), random));
    return new SubjectKey(id, new Cipher256(key));
  }

  private static Optional<Row> find(UnitOfWork work, String digest) {
    return work.handle()
        .createQuery(
            "select k.id, k.subject, k.wrapped, v.sealed from vesta_audit_vault v"
                + " join vesta_audit_vault_key k on k.id = v.key_id where v.digest = ?")
        .bind(0, digest)
        .map(
            (row, context) ->
                new Row(row.getString(1), row.getString(2), row.getBytes(3), row.getBytes(4)))
        .findOne();
  }

  private static Cipher256 cipher(Supplier<Secret> secret) {
    byte[] key = secret.get().revealBase64();
    if (key.length != Cipher256.KEY_BYTES) {
      throw new VestaException(
          AuditError.VAULT_KEY_INVALID,
          "a key of the vault has " + key.length + " bytes; give base64 of 32 random bytes");
    }
    return new Cipher256(key);
  }

  private static String wrapping(BrokerageId brokerage, String subject, String id) {
    return "vesta audit vault key\n" + brokerage.key() + "\n" + subject + "\n" + id;
  }

  private static String place(BrokerageId brokerage, String keyId, String digest) {
    return "vesta audit vault value\n" + brokerage.key() + "\n" + keyId + "\n" + digest;
  }

  /**
   * What a step of {@link #rewrap} did.
   *
   * @param keys how many keys were sealed anew
   * @param last after which id to go on; empty if that was all
   */
  public record Rewrapped(int keys, Optional<String> last) {}

  private record SubjectKey(String id, Cipher256 cipher) {}

  private record SubjectWrapped(Wrapped wrapped, String subject) {}

  private static final class Wrapped {

    private final String id;
    private final byte[] bytes;

    Wrapped(String id, byte[] bytes) {
      this.id = id;
      this.bytes = bytes;
    }
  }

  private static final class Row {

    private final String keyId;
    private final String subject;
    private final byte[] wrapped;
    private final byte[] sealed;

    Row(String keyId, String subject, byte[] wrapped, byte[] sealed) {
      this.keyId = keyId;
      this.subject = subject;
      this.wrapped = wrapped;
      this.sealed = sealed;
    }
  }
}
