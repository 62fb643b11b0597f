package io.vesta.approval.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.lint.Finding;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.lint.Verdict;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is digested and sealed is read back equal, and two different things never look the same. */
class EncodingProperties {

  private static Arbitrary<String> text(int longest) {
    return Arbitraries.strings()
        .withChars('a', 'b', ' ', ',', ':', '\u0301', '\u00e9', '\u202e', '\u0430', '<')
        .ofMaxLength(longest);
  }

  @Provide
  Arbitrary<Envelope> envelopes() {
    Arbitrary<List<Recipient>> recipients =
        Combinators.combine(
                Arbitraries.of(Recipient.Role.values()),
                Arbitraries.of("a@x.example", "b@x.example", "ab@x.example", "A@x.example"))
            .as((role, address) -> new Recipient(role, new Address(address)))
            .list()
            .uniqueElements(Recipient::address)
            .ofMinSize(1)
            .ofMaxSize(3);
    return Combinators.combine(
            Arbitraries.of("d", "d1", "d11"),
            Arbitraries.integers().between(1, 3),
            Arbitraries.of("ann@acme.example", "an@nacme.example"),
            text(4),
            recipients,
            text(6),
            text(6).map(body -> body + "\n."))
        .as(
            (id, revision, from, name, to, subject, body) -> {
              Envelope.Builder builder =
                  Envelope.builder(
                      new DraftId(new BrokerageId("acme"), id),
                      revision,
                      Channel.EMAIL,
                      new Sender(new Address(from), name));
              to.forEach(one -> builder.add(one.role(), one.address()));
              return builder.subject(subject).body(body).build();
            });
  }

  @Property
  void an_envelope_is_read_back_equal(@ForAll("envelopes") Envelope envelope) {
    Envelope read = Envelope.parse(envelope.bytes());
    assertEquals(envelope, read);
    assertEquals(envelope.recipients(), read.recipients());
    assertEquals(envelope.sender(), read.sender());
    assertEquals(envelope.text(), read.text());
    assertTrue(Arrays.equals(envelope.bytes(), read.bytes()));
  }

  @Property
  void two_envelopes_have_one_digest_only_if_all_their_parts_are_equal(
      @ForAll("envelopes") Envelope one, @ForAll("envelopes") Envelope other) {
    boolean same =
        one.draft().equals(other.draft())
            && one.revision() == other.revision()
            && one.sender().equals(other.sender())
            && one.recipients().equals(other.recipients())
            && one.subject().equals(other.subject())
            && one.body().equals(other.body());
    assertEquals(same, one.digest().equals(other.digest()));
  }

  @Property
  void a_changed_byte_is_another_envelope_or_none(
      @ForAll("envelopes") Envelope envelope, @ForAll int place, @ForAll byte change) {
    byte[] bytes = envelope.bytes();
    int at = Math.floorMod(place, bytes.length);
    if (change == 0) {
      return;
    }
    bytes[at] ^= change;
    try {
      Envelope other = Envelope.parse(bytes);
      assertNotEquals(envelope.digest(), other.digest());
      assertTrue(Arrays.equals(bytes, other.bytes()), "one envelope, two encodings");
    } catch (VestaException refused) {
      assertTrue(refused.getMessage().contains(bytes.length + " bytes"));
    }
  }

  @Provide
  Arbitrary<Map<String, String>> names() {
    return Arbitraries.maps(
            Arbitraries.of("a", "ab", "b", "abc"), Arbitraries.of("", "a", "b", "ab", "1"))
        .ofMaxSize(3);
  }

  @Property
  void a_context_is_read_back_equal_and_differs_when_a_part_does(
      @ForAll("names") Map<String, String> versions,
      @ForAll("names") Map<String, String> facts,
      @ForAll("names") Map<String, String> others) {
    DraftContext context = new DraftContext(versions, facts);
    assertEquals(context, DraftContext.parse(context.bytes()));
    DraftContext other = new DraftContext(versions, others);
    assertEquals(
        new TreeMap<>(facts).equals(new TreeMap<>(others)),
        context.digest().equals(other.digest()));
    assertEquals(
        versions.equals(facts),
        context.digest().equals(new DraftContext(facts, versions).digest()),
        "a version is no fact");
  }

  @Provide
  Arbitrary<LintReport> reports() {
    Arbitrary<Finding> finding =
        Combinators.combine(
                Arbitraries.of("A-1", "A-11", "B-1"),
                Arbitraries.of(Verdict.values()),
                Arbitraries.integers().between(0, 3),
                Arbitraries.integers().between(0, 3),
                text(3),
                text(3))
            .as(
                (rule, severity, start, length, reason, remedy) ->
                    new Finding(rule, severity, start, start + length, reason, remedy));
    return Combinators.combine(
            finding.list().ofMaxSize(3), Arbitraries.of("0".repeat(64), "1".repeat(64)))
        .as(LintReport::new);
  }

  @Property
  void a_lint_report_is_read_back_equal_and_differs_when_a_finding_does(
      @ForAll("reports") LintReport one, @ForAll("reports") LintReport other) {
    assertEquals(one, LintReport.parse(one.bytes()));
    assertEquals(one.equals(other), one.digest().equals(other.digest()));
  }
}
