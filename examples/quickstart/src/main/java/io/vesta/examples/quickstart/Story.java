package io.vesta.examples.quickstart;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.drafting.DraftRequest;
import io.vesta.approval.drafting.Drafter;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.envelope.Sender;
import io.vesta.approval.hold.KillSwitch;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.lint.Verdict;
import io.vesta.approval.outbox.Dispatcher;
import io.vesta.approval.review.ReviewDesk;
import io.vesta.approval.review.Seen;
import io.vesta.approval.review.SkipReason;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.store.DraftQuery;
import io.vesta.audit.export.TlogExport;
import io.vesta.audit.log.AuditCheck;
import io.vesta.audit.log.AuditQuery;
import io.vesta.audit.log.EntryFilter;
import io.vesta.audit.log.Sequencer;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.verify.LogVerifier;
import io.vesta.audit.verify.Report;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Decision;
import io.vesta.core.id.DraftId;
import io.vesta.examples.quickstart.reso.BrokerageData.Contact;
import io.vesta.examples.quickstart.reso.BrokerageData.Listing;
import io.vesta.examples.quickstart.reso.BrokerageData.Member;
import io.vesta.examples.quickstart.reso.HomeSale;
import io.vesta.examples.quickstart.reso.Imported;
import io.vesta.proof.brokerage.ClosedListing;
import io.vesta.proof.brokerage.MarketProof;
import io.vesta.proof.brokerage.MarketSale;
import io.vesta.proof.brokerage.ProductionProof;
import io.vesta.proof.brokerage.Sides;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Protector;
import io.vesta.proof.publish.Canaries;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.proof.publish.Publication;
import io.vesta.proof.spec.Code;
import io.vesta.proof.spec.Period;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What happens, in order; each step prints what it did and notes its numbers. */
final class Story {

  /** Which conversations are treated in a particular way. */
  private static final int EDITED = 2;

  private static final int EDITED_TOO = 6;
  private static final int SKIPPED = 3;
  private static final int OPTS_OUT = 4;
  private static final int TAMPERED = 8;
  private static final int LEAD_DECIDES = 10;

  private final House house;
  private final Summary summary;
  private final PrintStream out;
  private final Actor broker;
  private final Actor admin;
  private final List<Conversation> conversations;

  Story(House house, Summary summary, PrintStream out) {
    this.house = house;
    this.summary = summary;
    this.out = out;
    broker = house.organisation.at("M01", Capacity.BROKER);
    admin = house.organisation.at(Organisation.ADMIN, Capacity.ADMIN);
    conversations = Conversation.of(house.data, house.organisation);
  }

  void tell(Path folder) throws IOException {
    imports();
    lists();
    drafts();
    review();
    deliver();
    refusals();
    proofPages(folder.resolve("proof"));
    log(folder.resolve("audit"));
    out.printf("%nEverything is in %s%n", folder.toAbsolutePath().normalize());
  }

  private void imports() {
    title("Import", "RESO-shaped files of a synthetic brokerage, and real home sales");
    List<Imported<?>> files = new ArrayList<>(house.data.files());
    files.add(sales());
    for (Imported<?> file : files) {
      out.printf("  %-16s %5d rows, %d rejected%n", file.file(), file.read(), file.rejected());
      summary.put("read", file.file(), file.read());
      summary.put("rejected", file.file(), file.rejected());
      file.faults().forEach(fault -> out.println("    " + fault));
      file.faults().forEach(fault -> summary.add("faults").put("fault", fault.toString()));
    }
  }

  private static Imported<HomeSale> sales() {
    return HomeSale.read(Story.class, "sales/ames.csv");
  }

  private void lists() {
    title("Access", "who sees how many of " + house.data.contacts().rows().size() + " contacts");
    Authorizer authorizer = house.get(Authorizer.class);
    Map<String, Actor> readers = new TreeMap<>();
    readers.put("broker Ada Alder", broker);
    readers.put("team lead June Juniper", house.organisation.at("M10", Capacity.TEAM_LEAD));
    readers.put("agent Gus Grove", house.organisation.at("M07", Capacity.AGENT));
    readers.put("former agent Omar Oakes", house.organisation.at("M15", Capacity.AGENT));
    readers.forEach(
        (name, actor) -> {
          int listed = house.contacts.count(actor, authorizer);
          long single =
              house.data.contacts().rows().stream()
                  .map(house.contacts::resource)
                  .filter(contact -> authorizer.decide(actor, Action.READ, contact).allowed())
                  .count();
          if (listed != single) {
            throw new IllegalStateException("a list shows other rows than single reads");
          }
          out.printf("  %-24s %4d in the list, as many one by one%n", name, listed);
          summary.put("contactsVisible", name, listed);
        });
  }

  private void drafts() {
    title("Drafts", "a template stands in for a language model (" + TemplateModel.MODEL_ID + ")");
    Drafter drafter = house.get(Drafter.class);
    int blocked = 0;
    for (Conversation one : conversations) {
      Member agent = one.agent();
      Actor bot = Actor.bot("drafter", house.organisation.id(agent.key()));
      DraftRequest.Builder request =
          DraftRequest.builder(
                  one.draft(house.organisation),
                  one.attribution(house.organisation),
                  Channel.EMAIL,
                  new Sender(Address.of(Channel.EMAIL, agent.email()), agent.fullName()))
              .to(one.contact().email())
              .subject("Your question about the home in " + one.listing().city());
      if (one.number() == LEAD_DECIDES) {
        request.routedToReview();
      }
      String office = house.organisation.officeOf(agent).name();
      Draft draft =
          done(drafter.write(bot, request.build(), one.prompt(office, House.POSTAL_ADDRESS)));
      if (draft.state() == DraftState.FAILED) {
        blocked++;
        LintReport lint = draft.written().orElseThrow().lint();
        for (String rule : lint.rules(Verdict.BLOCK)) {
          out.printf("  %s blocked by %s%n", draft.id().key(), rule);
          summary.add("lintBlocks").put("draft", draft.id().key()).put("rule", rule);
        }
      }
    }
    out.printf("  %d created, %d blocked by lint%n", conversations.size(), blocked);
    summary.put("drafts", "created", conversations.size());
    summary.put("drafts", "blockedByLint", blocked);
  }

  private void review() {
    title("Review", "each agent looks at what would go out in their name");
    ReviewDesk desk = house.get(ReviewDesk.class);
    int approved = 0;
    int edited = 0;
    int skipped = 0;
    for (Conversation one : conversations) {
      DraftId id = one.draft(house.organisation);
      Actor agent = agent(one);
      Draft draft = desk.find(agent, id).orElseThrow();
      if (draft.state() != DraftState.PENDING) {
        continue;
      }
      switch (one.number()) {
        case SKIPPED -> {
          done(desk.skip(agent, id, Seen.of(draft), SkipReason.ANSWERED_OTHERWISE));
          skipped++;
        }
        case EDITED, EDITED_TOO -> {
          Envelope before = draft.written().orElseThrow().envelope();
          String body =
              before.body().replace("thank you for your message.", "good to hear from you.");
          Draft changed = done(desk.edit(agent, id, Seen.of(draft), before.subject(), body));
          approve(desk, agent, changed);
          edited++;
        }
        case LEAD_DECIDES -> {
          refused(
              "approval by its owner of what was routed to review",
              desk.approve(agent, id, Seen.of(draft), Set.of()));
          Actor lead = lead(one);
          approve(desk, lead, desk.find(lead, id).orElseThrow());
          approved++;
        }
        default -> {
          approve(desk, agent, draft);
          approved++;
        }
      }
    }
    Conversation optsOut = conversations.get(OPTS_OUT - 1);
    house.database.write(
        work -> {
          // The host's row and Vesta's draft change in one transaction.
          var contact = Objects.requireNonNull(optsOut.attribution(house.organisation).contact());
          house.contacts.optOut(work, contact);
          return done(
              desk.joining(work).contextChanged(agent(optsOut), optsOut.draft(house.organisation)));
        });
    Draft stale = desk.find(agent(optsOut), optsOut.draft(house.organisation)).orElseThrow();
    refused("send after the client opted out", dispatcher().send(agent(optsOut), stale.id()));
    done(desk.skip(agent(optsOut), stale.id(), Seen.of(stale), SkipReason.NOT_APPROPRIATE));
    approved--;
    skipped++;
    out.printf(
        "  %d approved as written, %d edited and approved, %d skipped%n",
        approved, edited, skipped);
    summary.put("drafts", "approved", approved);
    summary.put("drafts", "edited", edited);
    summary.put("drafts", "skipped", skipped);
  }

  private void deliver() {
    title("Delivery", "to a folder of mail files, through the gate");
    Conversation one = conversations.get(TAMPERED - 1);
    DraftId id = one.draft(house.organisation);
    KillSwitch killSwitch = house.get(KillSwitch.class);
    killSwitch.stop(broker, Channel.EMAIL);
    refused("send while the broker has stopped all mail", dispatcher().send(agent(one), id));
    killSwitch.start(broker, Channel.EMAIL);
    byte[] approved = stored(id);
    byte[] changed = approved.clone();
    changed[changed.length - 1] ^= 1;
    store(id, changed);
    refused("send of a text that was changed in the database", dispatcher().send(agent(one), id));
    store(id, approved);
    int sent = dispatcher().dispatch().into(DraftState.SENT);
    // The gate put the changed draft off; its bytes are the approved ones again.
    sent += dispatcher().send(agent(one), id).done() ? 1 : 0;
    int equal = 0;
    for (Conversation each : conversations) {
      Draft draft =
          house
              .get(ReviewDesk.class)
              .find(agent(each), each.draft(house.organisation))
              .orElseThrow();
      if (draft.state() == DraftState.SENT) {
        Envelope envelope = draft.written().orElseThrow().envelope();
        equal +=
            house
                    .mailbox
                    .read(draft.dispatch().key(), draft.id(), envelope.revision())
                    .filter(mail -> mail.digest().equals(envelope.digest()))
                    .isPresent()
                ? 1
                : 0;
      }
    }
    out.printf("  %d delivered, %d of them byte for byte what was approved%n", sent, equal);
    summary.put("drafts", "delivered", sent);
    summary.put("drafts", "deliveredAsApproved", equal);
  }

  private void refusals() {
    title("Refused", "what must not succeed does not, and is in the log");
    ReviewDesk desk = house.get(ReviewDesk.class);
    Conversation sentOne = conversations.get(EDITED - 1);
    Actor agent = agent(sentOne);
    DraftId waiting = new DraftId(House.BROKERAGE, "draft-unapproved");
    DraftRequest request =
        DraftRequest.builder(
                waiting,
                sentOne.attribution(house.organisation),
                Channel.EMAIL,
                new Sender(
                    Address.of(Channel.EMAIL, sentOne.agent().email()), sentOne.agent().fullName()))
            .to(sentOne.contact().email())
            .subject("A follow-up")
            .build();
    String footer = House.POSTAL_ADDRESS + "\nTo stop: " + House.UNSUBSCRIBE;
    Draft draft =
        done(
            house
                .get(Drafter.class)
                .propose(agent, request, "Hello, shall we speak tomorrow?\n\n" + footer));
    refused("send without an approval", dispatcher().send(agent, waiting));
    refused(
        "approval by a bot",
        desk.approve(
            Actor.bot("drafter", house.organisation.id(sentOne.agent().key())),
            waiting,
            Seen.of(draft),
            Set.of()));
    Seen before = Seen.of(draft);
    approve(desk, agent, draft);
    refused(
        "edit after the approval, from what was seen before it",
        desk.edit(agent, waiting, before, "A follow-up", "Hello, I changed my mind.\n\n" + footer));
    Draft approved = desk.find(agent, waiting).orElseThrow();
    done(desk.skip(agent, waiting, Seen.of(approved), SkipReason.NOT_NEEDED));
    Draft sent = desk.find(agent, sentOne.draft(house.organisation)).orElseThrow();
    refused(
        "edit after the delivery",
        desk.edit(agent, sent.id(), Seen.of(sent), "Oh", "Please ignore my message.\n\n" + footer));
    Actor otherLead = otherLead(sentOne);
    refused(
        "decision of another team's lead",
        desk.skip(otherLead, sent.id(), Seen.of(sent), SkipReason.OTHER));
    Decision decision =
        house
            .get(Authorizer.class)
            .decide(otherLead, Action.READ, house.contacts.resource(sentOne.contact()));
    note("read of another team's contact", decision.reason());
    summary.put("drafts", "created", conversations.size() + 1L);
    summary.put("drafts", "skipped", summary.number("drafts", "skipped") + 1);
    summary.put("queue", "openForBroker", desk.queue(broker, DraftQuery.open(100)).size());
  }

  private void proofPages(Path folder) throws IOException {
    title("Proof", "figures for the public, under disclosure control");
    Files.createDirectories(folder);
    Protector protector = house.get(Protector.class);
    Imported<HomeSale> sales = sales();
    List<Code> areas =
        sales.rows().stream()
            .map(HomeSale::subdivisionName)
            .distinct()
            .sorted()
            .map(area -> new Code(area, area.replace('_', ' ')))
            .toList();
    publish(
        "ames-market",
        protector.protect(
            MarketProof.spec(
                "Home sales in Ames, Iowa",
                areas,
                2006,
                2010,
                LocalDate.of(2010, 12, 31),
                "the Ames assessor's records as published by Dean De Cock",
                "Every sale is a real one. The source names no agents: those that disclosure control"
                    + " counts are synthetic."),
            sales.rows().stream()
                .map(
                    sale ->
                        new MarketSale(
                            sale.listingKey(),
                            sale.subdivisionName(),
                            sale.closeYear(),
                            sale.closePrice().movePointRight(2).longValueExact(),
                            sale.listAgentKey()))
                .toList()),
        Canaries.of(List.of()),
        folder.resolve("index.html"),
        folder.resolve("proof.json"));
    List<Code> offices =
        house.data.offices().rows().stream()
            .map(office -> new Code(office.key(), office.name().replaceAll("[()]", "")))
            .toList();
    Sides sides =
        Sides.of(
            house.data.listings().rows().stream().map(Story::closed).toList(),
            offices.stream().map(Code::key).collect(Collectors.toSet()),
            House.AS_OF);
    publish(
        "hearthline-production",
        protector.protect(
            ProductionProof.spec(
                "What Hearthline Realty has closed",
                offices,
                new Period(LocalDate.of(2020, 12, 31), House.AS_OF),
                "the synthetic MLS"),
            sides.sides()),
        canaries(),
        folder.resolve("brokerage.html"),
        folder.resolve("brokerage.json"));
  }

  private void publish(String claim, Protection protection, Canaries canaries, Path page, Path data)
      throws IOException {
    ProofPublisher publisher = house.get(ProofPublisher.class);
    // The broker looks at it and approves, the admin runs the site.
    publisher.approve(broker, publisher.review(broker, claim, protection, canaries));
    Publication published = publisher.publish(admin, claim, protection, canaries);
    Files.write(page, published.page());
    Files.write(data, published.data());
    out.printf(
        "  %-22s %d rows, %d rejected: %d figures shown, %d withheld%n",
        claim,
        protection.rows(),
        protection.rejected().size(),
        published.table().shown(),
        published.table().withheld());
    summary.put("proof/" + claim, "rows", protection.rows());
    summary.put("proof/" + claim, "shown", published.table().shown());
    summary.put("proof/" + claim, "suppressed", published.table().withheld());
  }

  private static ClosedListing closed(Listing listing) {
    return new ClosedListing(
        listing.key(),
        listing.status().value(),
        listing.propertyType(),
        listing.listPrice(),
        listing.closePrice(),
        listing.closeDate(),
        listing.daysOnMarket(),
        listing.listAgentKey(),
        listing.listOfficeKey(),
        listing.buyerAgentKey(),
        listing.buyerOfficeKey());
  }

  /** Whatever names a person or tells a single deal. */
  private Canaries canaries() {
    Stream<String> persons =
        house.data.contacts().rows().stream()
            .flatMap(
                (Contact one) ->
                    Stream.of(
                        one.firstName() + " " + one.lastName(), one.email(), one.mobilePhone()));
    Stream<String> members =
        house.data.members().rows().stream()
            .flatMap((Member one) -> Stream.of(one.fullName(), one.email()));
    Stream<String> deals =
        house.data.listings().rows().stream()
            .flatMap(
                (Listing one) ->
                    Stream.of(
                        one.key(), one.privateRemarks().orElse(""), one.ownerName().orElse("")));
    return Canaries.of(Stream.of(persons, members, deals).flatMap(all -> all).toList());
  }

  private void log(Path folder) throws IOException {
    title("Audit", "one signed log, exported for anybody's verifier");
    house.get(Sequencer.class).sequence(House.BROKERAGE);
    Report inside = house.get(AuditCheck.class).check(House.BROKERAGE);
    Checkpoint checkpoint = house.get(TlogExport.class).write(House.BROKERAGE, folder);
    String vkey = Files.readString(folder.resolve("log.vkey")).strip();
    Report outside = LogVerifier.verify(folder, vkey);
    if (!inside.ok() || !outside.ok()) {
      throw new IllegalStateException("the log does not verify: " + inside + " " + outside);
    }
    int denied =
        house
            .get(AuditQuery.class)
            .find(broker, EntryFilter.builder().limit(1000).build())
            .entries()
            .stream()
            .filter(found -> found.entry().action().name().endsWith(".refused"))
            .toList()
            .size();
    out.printf(
        "  %d entries, %d of them refusals; root %s%n",
        checkpoint.size(), denied, checkpoint.root().base64());
    out.printf("  verified in the database and, as a foreigner would, from the export%n");
    summary.put("audit", "entries", inside.entries());
    summary.put("audit", "treeSize", checkpoint.size());
    summary.put("audit", "root", checkpoint.root().base64());
    summary.put("audit", "refusals", denied);
    summary.put("audit", "verified", outside.ok() ? "yes" : "no");
  }

  private Dispatcher dispatcher() {
    return house.get(Dispatcher.class);
  }

  private Actor agent(Conversation one) {
    return house.organisation.at(one.agent().key(), Capacity.AGENT);
  }

  private Actor lead(Conversation one) {
    String team = Objects.requireNonNull(one.team()).key();
    return house.data.teams().rows().stream()
        .filter(each -> each.key().equals(team))
        .map(each -> house.organisation.at(each.leadKey(), Capacity.TEAM_LEAD))
        .findFirst()
        .orElseThrow();
  }

  private Actor otherLead(Conversation one) {
    String team = Objects.requireNonNull(one.team()).key();
    return house.data.teams().rows().stream()
        .filter(each -> !each.key().equals(team))
        .map(each -> house.organisation.at(each.leadKey(), Capacity.TEAM_LEAD))
        .findFirst()
        .orElseThrow();
  }

  private static void approve(ReviewDesk desk, Actor person, Draft draft) {
    Set<String> noted = draft.written().orElseThrow().lint().rules(Verdict.REVIEW);
    done(desk.approve(person, draft.id(), Seen.of(draft), noted));
  }

  private byte[] stored(DraftId id) {
    return house.database.read(
        work ->
            work.handle()
                .createQuery("select envelope from vesta_draft_content where draft = ?")
                .bind(0, id.key())
                .mapTo(byte[].class)
                .one());
  }

  private void store(DraftId id, byte[] envelope) {
    house.database.write(
        work ->
            work.handle()
                .execute(
                    "update vesta_draft_content set envelope = ? where draft = ?",
                    envelope,
                    id.key()));
  }

  private void refused(String attempt, Result result) {
    if (!(result instanceof Result.Refused refused)) {
      throw new IllegalStateException(attempt + " was not refused");
    }
    note(attempt, refused.reason().name());
  }

  private void note(String attempt, String reason) {
    out.printf("  refused: %s (%s)%n", attempt, reason);
    summary.add("refused").put("attempt", attempt).put("reason", reason);
  }

  private void title(String title, String what) {
    out.printf("%n%s: %s%n", title, what);
  }

  private static Draft done(Result result) {
    if (result instanceof Result.Done done) {
      return done.now();
    }
    throw new IllegalStateException("unexpectedly refused: " + result);
  }
}
