package io.vesta.proof.signed;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.proof.ProofError;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.ReleasedTable.Axis;
import io.vesta.proof.protect.RowVersion;
import io.vesta.proof.signed.internal.Canonical;
import io.vesta.proof.signed.internal.Digests;
import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Unit;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;

/**
 * What a release says of itself, version 1; its bytes are RFC 8785 canonical JSON. It holds no
 * figure: those are in the files, of which it has the digests. Equal rows, rules and words give
 * equal bytes. Immutable.
 *
 * @param brokerage whose figures they are
 * @param claim the key of the page within the brokerage
 * @param release the id of the release
 * @param number which release of the claim it is, from 1
 * @param title the heading of the page
 * @param notice whose information it is based on, of which period, as of which day
 * @param from the first day that the figures cover
 * @param through the last one
 * @param asOf the day on which the rows were read
 * @param issued when it was released
 * @param expires from when nobody shall rely on it
 * @param method which version of disclosure control made it
 * @param spec SHA-256 of the declared words
 * @param policy a commitment to the rules: some of their numbers help an attacker
 * @param inputRoot the RFC 6962 root over keyed digests of the rows, which nobody can guess rows
 *     against without the brokerage's secret
 * @param previous the head of the claim's chain of manifests before this one
 * @param files SHA-256 by file name
 */
public record Manifest(
    String brokerage,
    String claim,
    UUID release,
    int number,
    String title,
    String notice,
    LocalDate from,
    LocalDate through,
    LocalDate asOf,
    Instant issued,
    Instant expires,
    String method,
    String spec,
    String policy,
    String inputRoot,
    String previous,
    Map<String, String> files) {

  /**
   * Which figures equal rows give: to be raised with every change of protection or of a file's
   * form.
   */
  public static final String METHOD = "vesta-proof-1";

  /** Copies the files. */
  public Manifest {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /**
   * Who says it, as which release, and for how long.
   *
   * @param brokerage whose figures they are
   * @param claim the key of the page
   * @param release the id of the release
   * @param number which release of the claim it is
   * @param issued when
   * @param expires until when
   * @param previous the head of the chain before
   */
  public record Facts(
      BrokerageId brokerage,
      String claim,
      UUID release,
      int number,
      Instant issued,
      Instant expires,
      String previous) {}

  /**
   * The manifest of a release.
   *
   * @param facts who, when, which
   * @param table what it shows
   * @param rows the rows behind it, contributors by their keys
   * @param commitments the brokerage's keyed digest, from kind and text
   * @param files the files by name
   */
  public static Manifest of(
      Facts facts,
      ReleasedTable table,
      List<RowVersion> rows,
      BinaryOperator<String> commitments,
      Map<String, byte[]> files) {
    Map<String, String> digests = new TreeMap<>();
    files.forEach((name, bytes) -> digests.put(name, Digests.hex(bytes)));
    return new Manifest(
        facts.brokerage().key(),
        facts.claim(),
        facts.release(),
        facts.number(),
        table.title(),
        table.notice(),
        table.period().first(),
        table.period().to(),
        table.asOf(),
        facts.issued(),
        facts.expires(),
        METHOD,
        Digests.hex(Canonical.write(spec(table))),
        commitments.apply("POLICY", text(Canonical.write(policy(table.policy())))),
        Digests.root(
            rows.stream()
                .map(row -> commitments.apply("ROW", text(Canonical.write(row(row)))))
                .toList()),
        facts.previous(),
        digests);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static Map<String, Object> row(RowVersion row) {
    Map<String, String> contributors = new TreeMap<>();
    row.contributors().forEach((unit, key) -> contributors.put(unit.name(), plain(key)));
    Map<String, String> amounts = new TreeMap<>();
    row.amounts().forEach((key, amount) -> amounts.put(key, amount.toPlainString()));
    return Map.of(
        "contributors",
        contributors,
        "amounts",
        amounts,
        "rows",
        row.rows(),
        "columns",
        row.columns());
  }

  /** A host's key may hold anything: as digits it has one form. */
  private static String plain(String key) {
    return Digests.hex(key.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, Object> policy(DisclosurePolicy policy) {
    return Map.of(
        "deals",
        policy.deals(),
        "clients",
        policy.clients(),
        "brokers",
        policy.brokers(),
        "estimatePercent",
        policy.estimatePercent(),
        "dominance",
        policy.dominance().stream().map(d -> List.of(d.largest(), d.percent())).toList());
  }

  private static Map<String, Object> spec(ReleasedTable table) {
    Map<String, Object> spec = new TreeMap<>();
    spec.put("title", table.title());
    spec.put("source", table.source());
    spec.put("method", table.method());
    spec.put("rows", axis(table.rows()));
    table.columns().ifPresent(columns -> spec.put("columns", axis(columns)));
    spec.put(
        "measures",
        table.measures().stream()
            .map(
                m ->
                    Map.of(
                        "kind",
                        m.kind().name(),
                        "key",
                        m.key(),
                        "label",
                        m.label(),
                        "suffix",
                        m.suffix(),
                        "decimals",
                        m.decimals()))
            .toList());
    spec.put("fewestDeals", table.policy().fewest(Unit.DEAL));
    spec.put("fewestBrokers", table.policy().fewest(Unit.BROKER));
    return spec;
  }

  private static List<String> axis(Axis axis) {
    List<String> words = new ArrayList<>(List.of(axis.title(), axis.totalLabel()));
    for (Code code : axis.codes()) {
      words.add(code.key());
      words.add(code.label());
    }
    words.add(axis.overlapping() ? "OVERLAPPING" : "APART");
    return words;
  }

  /** The canonical bytes; never null. */
  public byte[] bytes() {
    Map<String, Object> object = new TreeMap<>();
    object.put("v", 1);
    object.put("brokerage", brokerage);
    object.put("claim", claim);
    object.put("release", release.toString());
    object.put("number", number);
    object.put("title", title);
    object.put("notice", notice);
    object.put("from", from.toString());
    object.put("through", through.toString());
    object.put("asOf", asOf.toString());
    object.put("issued", issued.toString());
    object.put("expires", expires.toString());
    object.put("method", method);
    object.put("spec", spec);
    object.put("policy", policy);
    object.put("inputRoot", inputRoot);
    object.put("previous", previous);
    object.put("files", files);
    return Canonical.write(object);
  }

  /** SHA-256 of the bytes; 64 digits. */
  public String digest() {
    return Digests.hex(bytes());
  }

  /**
   * Reads a manifest.
   *
   * @throws VestaException with code {@code VESTA-PROOF-007} if the bytes are none of version 1, to
   *     the byte
   */
  static Manifest parse(byte[] bytes) {
    Map<String, Object> object = Canonical.read(bytes);
    if (!Objects.equals(object.get("v"), 1)) {
      throw new VestaException(
          ProofError.PACKAGE_INVALID, "the manifest is of another version than 1");
    }
    try {
      Map<String, String> files = new TreeMap<>();
      ((Map<?, ?>) value(object, "files"))
          .forEach((name, digest) -> files.put((String) name, (String) digest));
      Manifest manifest =
          new Manifest(
              text(object, "brokerage"),
              text(object, "claim"),
              UUID.fromString(text(object, "release")),
              (Integer) value(object, "number"),
              text(object, "title"),
              text(object, "notice"),
              LocalDate.parse(text(object, "from")),
              LocalDate.parse(text(object, "through")),
              LocalDate.parse(text(object, "asOf")),
              Instant.parse(text(object, "issued")),
              Instant.parse(text(object, "expires")),
              text(object, "method"),
              text(object, "spec"),
              text(object, "policy"),
              text(object, "inputRoot"),
              text(object, "previous"),
              files);
      if (Arrays.equals(manifest.bytes(), bytes)) {
        return manifest;
      }
    } catch (ClassCastException | DateTimeException | IllegalArgumentException e) {
      throw new VestaException(
          ProofError.PACKAGE_INVALID, "a member of the manifest has another form", e);
    }
    throw new VestaException(
        ProofError.PACKAGE_INVALID, "the manifest has members that version 1 does not know");
  }

  private static String text(Map<String, Object> object, String member) {
    return (String) value(object, member);
  }

  private static Object value(Map<String, Object> object, String member) {
    Object value = object.get(member);
    if (value == null) {
      throw new VestaException(ProofError.PACKAGE_INVALID, "the manifest lacks " + member);
    }
    return value;
  }
}
