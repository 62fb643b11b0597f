package io.vesta.audit.verify;

import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Proofs;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A C2SP tlog-proof: that an entry is in a log, in one text file that needs nothing else but the
 * entry and the log's verifier key. Immutable.
 */
public final class TlogProof {

  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";

  private final long index;
  private final List<Hash> path;
  private final SignedNote checkpoint;
  private final Optional<byte[]> extra;

  /**
   * A proof.
   *
   * @param index the entry's index, from 0
   * @param path the inclusion proof, leaf's sibling first
   * @param checkpoint the signed checkpoint
   * @param extra anything, which the proof says nothing about; Vesta puts the entry's bytes there
   */
  public TlogProof(long index, List<Hash> path, SignedNote checkpoint, Optional<byte[]> extra) {
    if (index < 0) {
      throw new IllegalArgumentException("an index is not negative");
    }
    this.index = index;
    this.path = List.copyOf(path);
    this.checkpoint = checkpoint;
    this.extra = extra.map(byte[]::clone);
  }

  /**
   * Reads a proof.
   *
   * @param bytes the file
   * @throws IllegalArgumentException if it is none; the message says what is wrong
   */
  public static TlogProof parse(byte[] bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the proof is not UTF-8");
    }
    int blank = text.indexOf("\n\n");
    if (blank < 0) {
      throw new IllegalArgumentException("the proof has no checkpoint after an empty line");
    }
    List<String> lines = new ArrayList<>(List.of(text.substring(0, blank).split("\n", -1)));
    if (!lines.remove(0).equals(HEADER)) {
      throw new IllegalArgumentException("the proof does not begin with " + HEADER);
    }
    Optional<byte[]> extra = Optional.empty();
    if (!lines.isEmpty() && lines.get(0).startsWith(EXTRA)) {
      extra = Optional.of(base64(lines.remove(0).substring(EXTRA.length())));
    }
    if (lines.isEmpty() || !lines.get(0).startsWith(INDEX)) {
      throw new IllegalArgumentException("the proof has no index");
    }
    return new TlogProof(
        Checkpoint.decimal(lines.get(0).substring(INDEX.length())),
        lines.subList(1, lines.size()).stream().map(Hash::ofBase64).toList(),
        SignedNote.parse(text.substring(blank + 2).getBytes(StandardCharsets.UTF_8)),
        extra);
  }

  private static byte[] base64(String text) {
    byte[] decoded = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(decoded).equals(text)) {
      throw new IllegalArgumentException("the proof's extra data is not canonical base64");
    }
    return decoded;
  }

  /**
   * Verifies that an entry is in the log.
   *
   * @param entry the entry's bytes
   * @param log the log's key, from a trusted place
   * @param witnesses all of these must have signed the checkpoint as well
   * @return the signed checkpoint that the entry is under
   * @throws IllegalArgumentException if it is not proven; the message says why
   */
  public Checkpoint verify(byte[] entry, Vkey log, List<Vkey> witnesses) {
    Checkpoint signed = LogVerifier.open(checkpoint, log, witnesses);
    if (!Proofs.verifyInclusion(index, signed.size(), Hash.leaf(entry), path, signed.root())) {
      throw new IllegalArgumentException("the entry is not in the log at index " + index);
    }
    return signed;
  }

  /** The entry's index. */
  public long index() {
    return index;
  }

  /** The extra data: not proven until it is given to {@link #verify} as the entry. */
  public Optional<byte[]> extra() {
    return extra.map(byte[]::clone);
  }

  /** The file's text, to be written in UTF-8 under a name that ends in {@code .tlog-proof}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    extra.ifPresent(
        data -> text.append(EXTRA).append(Base64.getEncoder().encodeToString(data)).append('\n'));
    text.append(INDEX).append(index).append('\n');
    path.forEach(hash -> text.append(hash.base64()).append('\n'));
    return text.append('\n').append(checkpoint).toString();
  }
}
