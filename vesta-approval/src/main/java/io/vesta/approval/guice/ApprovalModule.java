package io.vesta.approval.guice;

import com.google.inject.AbstractModule;
import com.google.inject.PrivateModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.approval.draft.ContextSource;
import io.vesta.approval.drafting.Drafter;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.exempt.Exemptions;
import io.vesta.approval.exempt.internal.Exempting;
import io.vesta.approval.gate.ApprovalConfig;
import io.vesta.approval.gate.internal.Moves;
import io.vesta.approval.gate.internal.Observed;
import io.vesta.approval.gate.internal.Review;
import io.vesta.approval.gate.internal.Seals;
import io.vesta.approval.gate.internal.Waivers;
import io.vesta.approval.hold.KillSwitch;
import io.vesta.approval.hold.QuietHours;
import io.vesta.approval.hold.RateLimit;
import io.vesta.approval.hold.RecipientZones;
import io.vesta.approval.hold.SuppressionList;
import io.vesta.approval.hold.internal.PhoneZones;
import io.vesta.approval.hold.internal.SendRules;
import io.vesta.approval.lint.LintRulePack;
import io.vesta.approval.lint.Linter;
import io.vesta.approval.lint.PackLinter;
import io.vesta.approval.lint.RulePack;
import io.vesta.approval.metrics.ApprovalMetrics;
import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.approval.outbox.Dispatcher;
import io.vesta.approval.report.DeliveryReports;
import io.vesta.approval.report.ReportReader;
import io.vesta.approval.review.Coverage;
import io.vesta.approval.review.ReviewDesk;
import io.vesta.approval.store.DraftStore;
import io.vesta.approval.store.internal.JdbcDraftStore;
import io.vesta.core.access.Authorizer;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.error.VestaException;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Approval-gated drafting for an injector: exposes {@link Drafter}, {@link ReviewDesk}, {@link
 * Dispatcher}, {@link DeliveryReports}, {@link KillSwitch} and {@link Exemptions}. Needs {@code
 * CoreModule}, the ports {@link Authorizer} and {@link AuditTrail}, and for drafts that a model
 * writes {@link LanguageModel}; reads the configuration {@code vesta.approval} (see {@link
 * ApprovalConfig}).
 */
public final class ApprovalModule extends AbstractModule implements VestaModule {

  private final Services services;
  private final @Nullable LanguageModel model;

  private ApprovalModule(Builder b) {
    services = new Services(b);
    model = b.model;
  }

  /**
   * Starts a module with the shipped rule packs and the built-in store.
   *
   * @param contexts the host's word on what a draft relies on
   */
  public static Builder builder(ContextSource contexts) {
    return new Builder(contexts);
  }

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), Authorizer.class);
    OptionalBinder.newOptionalBinder(binder(), AuditTrail.class);
    OptionalBinder<LanguageModel> port =
        OptionalBinder.newOptionalBinder(binder(), LanguageModel.class);
    if (model != null) {
      port.setBinding().toInstance(model);
    }
    Multibinder.newSetBinder(binder(), Schema.class).addBinding().toInstance(DraftStore.schema());
    // What a host binds here applies beside the shipped rule packs.
    Multibinder.newSetBinder(binder(), LintRulePack.class);
    install(services);
  }

  /** Collects the parts; not thread-safe. */
  public static final class Builder {

    private final ContextSource contexts;
    private final Map<Channel, DeliveryChannel> channels = new LinkedHashMap<>();
    private final Map<Channel, QuietHours> quiet = new LinkedHashMap<>();
    private final Map<Channel, List<RateLimit>> rates = new LinkedHashMap<>();
    private SuppressionList suppression = (work, brokerage, channel, address) -> false;
    private @Nullable RecipientZones zones;
    private @Nullable Linter linter;
    private final List<String> pluginPacks = new ArrayList<>();
    private @Nullable LanguageModel model;
    private DraftStore store = new JdbcDraftStore();
    private @Nullable ApprovalMetrics metrics;
    private Coverage coverage = (work, member) -> Set.of();
    private final Map<Channel, ReportReader> reports = new LinkedHashMap<>();

    private Builder(ContextSource contexts) {
      this.contexts = Objects.requireNonNull(contexts, "contexts");
      quiet.put(Channel.SMS, QuietHours.FEDERAL);
    }

    /**
     * When messages of a channel may arrive; {@link QuietHours#FEDERAL} for {@link Channel#SMS} and
     * at any time for others, if not given. Looked at when a message is sent, not when it is
     * approved.
     */
    public Builder quietHours(Channel channel, QuietHours value) {
      quiet.put(channel, Objects.requireNonNull(value, "quietHours"));
      return this;
    }

    /** How many attempts a channel allows; each given one holds. None if not given. */
    public Builder rateLimit(Channel channel, RateLimit value) {
      rates
          .computeIfAbsent(channel, none -> new ArrayList<>())
          .add(Objects.requireNonNull(value, "rateLimit"));
      return this;
    }

    /** Who must not be written to; nobody if not given. */
    public Builder suppression(SuppressionList value) {
      suppression = Objects.requireNonNull(value, "suppression");
      return this;
    }

    /** Where recipients live; what telephone numbers tell if not given. */
    public Builder zones(RecipientZones value) {
      zones = Objects.requireNonNull(value, "zones");
      return this;
    }

    /** How messages of a channel leave; once per channel. */
    public Builder channel(Channel channel, DeliveryChannel value) {
      if (channels.putIfAbsent(channel, Objects.requireNonNull(value, "channel")) != null) {
        throw VestaException.invalid("channel " + channel.name(), "given twice", "give it once");
      }
      return this;
    }

    /** What reads what the provider of a channel tells afterwards; once per channel. */
    public Builder reports(Channel channel, ReportReader value) {
      if (reports.putIfAbsent(channel, Objects.requireNonNull(value, "reports")) != null) {
        throw VestaException.invalid(
            "reports of channel " + channel.name(), "given twice", "give them once");
      }
      return this;
    }

    /** Where the host counts; nowhere if not given. */
    public Builder metrics(ApprovalMetrics value) {
      metrics = Objects.requireNonNull(value, "metrics");
      return this;
    }

    /** Who stands in for whom; nobody for anybody if not given. */
    public Builder coverage(Coverage value) {
      coverage = Objects.requireNonNull(value, "coverage");
      return this;
    }

    /**
     * A rule pack of a plug-in, beside the shipped packs and those that the host binds to the set
     * of {@link LintRulePack}.
     *
     * @param name how the plug-in calls it
     */
    public Builder rulePack(String name) {
      pluginPacks.add(Objects.requireNonNull(name, "rulePack"));
      return this;
    }

    /** Other rules than all those packs. */
    public Builder linter(Linter value) {
      linter = Objects.requireNonNull(value, "linter");
      return this;
    }

    /** The language model, for a host that does not bind the port itself. */
    public Builder model(LanguageModel value) {
      model = Objects.requireNonNull(value, "model");
      return this;
    }

    /** Another store than the built-in one. */
    public Builder store(DraftStore value) {
      store = Objects.requireNonNull(value, "store");
      return this;
    }

    /** The module. */
    public ApprovalModule build() {
      return new ApprovalModule(this);
    }
  }

  /** Hides what only the services need. */
  static final class Services extends PrivateModule {

    private final ContextSource contexts;
    private final Map<Channel, DeliveryChannel> channels;
    private final @Nullable Linter linter;
    private final List<String> pluginPacks;
    private final DraftStore store;
    private final Map<Channel, QuietHours> quiet;
    private final Map<Channel, List<RateLimit>> rates;
    private final SuppressionList suppression;
    private final @Nullable RecipientZones zones;
    private final @Nullable ApprovalMetrics metrics;
    private final Coverage coverage;
    private final Map<Channel, ReportReader> reports;

    Services(Builder b) {
      metrics = b.metrics;
      coverage = b.coverage;
      reports = Map.copyOf(b.reports);
      quiet = Map.copyOf(b.quiet);
      rates = Map.copyOf(b.rates);
      suppression = b.suppression;
      zones = b.zones;
      contexts = b.contexts;
      channels = Map.copyOf(b.channels);
      linter = b.linter;
      pluginPacks = List.copyOf(b.pluginPacks);
      store = b.store;
    }

    @Override
    protected void configure() {
      for (Class<?> service :
          List.of(
              Drafter.class,
              ReviewDesk.class,
              Dispatcher.class,
              DeliveryReports.class,
              KillSwitch.class,
              Exemptions.class)) {
        bind(service).in(Scopes.SINGLETON);
        expose(service);
      }
    }

    @Provides
    @Singleton
    DraftStore store() {
      return store;
    }

    @Provides
    @Singleton
    Map<Channel, DeliveryChannel> channels() {
      return channels;
    }

    @Provides
    @Singleton
    Review review(VestaConfig config, Set<LintRulePack> bound) {
      Linter rules = linter;
      return new Review(rules == null ? shipped(config, bound) : rules, contexts);
    }

    private Linter shipped(VestaConfig config, Set<LintRulePack> bound) {
      List<RulePack> packs = new ArrayList<>(RulePack.shipped());
      bound.forEach(pack -> packs.add(RulePack.load(pack)));
      for (String name : pluginPacks) {
        packs.add(RulePack.load(config.fromPlugin(LintRulePack.class, name)));
      }
      return new PackLinter(packs, config.clock());
    }

    @Provides
    @Singleton
    SendRules rules(Seals seals) {
      RecipientZones known = zones;
      return new SendRules(
          quiet, rates, suppression, known == null ? new PhoneZones() : known, seals);
    }

    @Provides
    @Singleton
    Moves moves(Optional<AuditTrail> audit, Seals seals, VestaConfig config) {
      return new Moves(
          store,
          Port.require(audit, AuditTrail.class, "AuditModule of vesta-audit"),
          seals,
          new Observed(Optional.ofNullable(metrics), config.clock()));
    }

    @Provides
    @Singleton
    Waivers waivers(Optional<Authorizer> authorizer, Seals seals) {
      return new Waivers(store, seals, required(authorizer));
    }

    @Provides
    @Singleton
    Exempting exempting(
        VestaConfig config,
        ApprovalConfig approval,
        Optional<Authorizer> authorizer,
        Moves moves,
        Review review,
        Seals seals) {
      boolean on = Objects.requireNonNull(approval.exemptions(), "has a default");
      return new Exempting(config, required(authorizer), moves, review, seals, on);
    }

    @Provides
    @Singleton
    Coverage coverage() {
      return coverage;
    }

    @Provides
    @Singleton
    Map<Channel, ReportReader> reports() {
      return reports;
    }

    private static Authorizer required(Optional<Authorizer> authorizer) {
      return Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac");
    }

    @Provides
    @Singleton
    ApprovalConfig approval(VestaConfig config) {
      return config.bind("vesta.approval", ApprovalConfig.class);
    }

    @Provides
    @Singleton
    Seals seals(VestaConfig config, ApprovalConfig approval) {
      Map<String, Secret> keys = new LinkedHashMap<>();
      for (String name : Objects.requireNonNull(approval.sealingKeys(), "has a default")) {
        keys.put(name, config.secret(name));
      }
      return new Seals(keys);
    }
  }
}
