package io.vesta.proof.claims;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.core.error.VestaException;
import io.vesta.proof.ProofError;
import io.vesta.proof.signed.Manifest;
import io.vesta.proof.signed.ProofVerifier;
import io.vesta.proof.signed.ProofVerifier.Fault;
import io.vesta.proof.signed.ProofVerifier.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The released figures of a signed package, read from its own bytes after they were verified: there
 * is no other way to make one, and so no other source of claims. Immutable.
 */
public final class SignedFigures {

  /**
   * One released cell.
   *
   * @param kind COUNT, SUM, MEAN or QUANTILE
   * @param measure what it is, as printed
   * @param suffix its unit; may be empty
   * @param row the label of its row; empty for the total
   * @param column the label of its column; empty for the total
   * @param low its value, or the lower end of its range
   * @param high its value, or the upper end
   */
  public record Figure(
      String kind,
      String measure,
      String suffix,
      Optional<String> row,
      Optional<String> column,
      BigDecimal low,
      BigDecimal high) {

    /** Whether it is a value and no range. */
    public boolean exact() {
      return low.compareTo(high) == 0;
    }
  }

  /** Faults of time, not of truth: what was signed was so. */
  private static final Set<Fault> STALE = EnumSet.of(Fault.EXPIRED, Fault.RETRACTED);

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final Manifest manifest;
  private final URI link;
  private final boolean stale;
  private final List<Figure> figures;
  private final List<String> lines;

  private SignedFigures(
      Manifest manifest, URI link, boolean stale, List<Figure> figures, List<String> lines) {
    this.manifest = manifest;
    this.link = link;
    this.stale = stale;
    this.figures = List.copyOf(figures);
    this.lines = List.copyOf(lines);
  }

  /**
   * Verifies and reads a package. An expired or retracted one can be read, but is {@link #stale}.
   *
   * @param verifier with the trusted keys
   * @param link where the public finds the package, https
   * @param jws as {@link ProofVerifier#verify} takes it
   * @param files likewise
   * @param retractions likewise
   * @param now likewise
   * @throws VestaException with code {@code VESTA-PROOF-007} if it does not verify
   */
  public static SignedFigures of(
      ProofVerifier verifier,
      URI link,
      byte[] jws,
      Map<String, byte[]> files,
      Collection<byte[]> retractions,
      Instant now) {
    if (!"https".equals(link.getScheme()) || link.getHost() == null) {
      throw VestaException.invalid("link", "no https address", "give where the package is");
    }
    Verdict verdict = verifier.verify(jws, files, retractions, now);
    for (ProofVerifier.Finding finding : verdict.findings()) {
      if (!STALE.contains(finding.fault())) {
        throw new VestaException(
            ProofError.PACKAGE_INVALID, "the package does not hold: " + finding);
      }
    }
    try {
      JsonNode data =
          MAPPER.readTree(Objects.requireNonNull(files.get("proof.json"), "proof.json"));
      List<String> lines = new ArrayList<>();
      for (String axis : List.of("rows", "columns")) {
        data.path(axis)
            .path("labels")
            .properties()
            .forEach(
                label -> {
                  if (!label.getKey().equals("*")) {
                    lines.add(label.getValue().asText());
                  }
                });
      }
      return new SignedFigures(
          verdict.manifest().orElseThrow(), link, !verdict.ok(), figures(data), lines);
    } catch (IOException e) {
      throw new VestaException(ProofError.PACKAGE_INVALID, "proof.json is no JSON", e);
    }
  }

  private static List<Figure> figures(JsonNode data) {
    List<Figure> figures = new ArrayList<>();
    for (JsonNode measure : data.path("measures")) {
      for (JsonNode cell : measure.path("cells")) {
        JsonNode low = cell.has("value") ? cell.get("value") : cell.path("low");
        JsonNode high = cell.has("value") ? cell.get("value") : cell.path("high");
        if (low.isNumber() && high.isNumber()) {
          figures.add(
              new Figure(
                  measure.path("kind").asText(),
                  measure.path("label").asText(),
                  measure.path("suffix").asText(),
                  label(data.path("rows"), cell.path("row").asText()),
                  label(data.path("columns"), cell.path("column").asText()),
                  low.decimalValue(),
                  high.decimalValue()));
        }
      }
    }
    return figures;
  }

  private static Optional<String> label(JsonNode axis, String key) {
    return key.equals("*") ? Optional.empty() : Optional.of(axis.path("labels").path(key).asText());
  }

  /** What the package says of itself; never null. */
  public Manifest manifest() {
    return manifest;
  }

  /** Where the public finds the package; never null. */
  public URI link() {
    return link;
  }

  /** Whether it has expired or was retracted: nothing may be claimed from it any more. */
  public boolean stale() {
    return stale;
  }

  /** The released cells; never null. */
  public List<Figure> figures() {
    return figures;
  }

  /** The labels of all rows and columns, totals left out; never null. */
  public List<String> lines() {
    return lines;
  }

  void requireCurrent() {
    if (stale) {
      throw new VestaException(
          ProofError.PACKAGE_INVALID,
          "the package has expired or was retracted; release the figures again");
    }
  }
}
