package io.vesta.examples.quickstart.reso;

import io.vesta.core.access.Resource.Ownership;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A brokerage as its RESO-shaped files tell it. Columns that begin with {@code x_} are ours.
 *
 * @param offices places of business
 * @param members licensees and staff
 * @param teams teams
 * @param teamMembers dated memberships
 * @param contacts persons known to members
 * @param listings properties, in all statuses
 */
public record BrokerageData(
    Imported<Office> offices,
    Imported<Member> members,
    Imported<Team> teams,
    Imported<TeamMember> teamMembers,
    Imported<Contact> contacts,
    Imported<Listing> listings) {

  /** An office (RESO {@code Office}). */
  public record Office(String key, String name, String brokerKey, String managerKey) {}

  /** A member (RESO {@code Member}); {@code officeKey} is the home office. */
  public record Member(
      String key, String fullName, String email, String type, String officeKey, boolean active) {}

  /** A team (RESO {@code Teams}). */
  public record Team(String key, String name, String leadKey, String officeKey) {}

  /** A membership (RESO {@code TeamMembers} with dates of ours), from inclusive, to exclusive. */
  public record TeamMember(
      String teamKey, String memberKey, String type, Instant from, Optional<Instant> to) {}

  /** A contact (RESO {@code Contacts}). */
  public record Contact(
      String key,
      String firstName,
      String lastName,
      String email,
      String mobilePhone,
      String type,
      String ownerKey,
      Ownership ownership,
      boolean emailOptOut,
      String timeZone) {

    /** The key only: the rest is a person's. */
    @Override
    public String toString() {
      return "Contact[" + key + "]";
    }
  }

  /**
   * A listing (RESO {@code Property}). Agents and offices that begin with {@code EXT} are other
   * firms'.
   */
  public record Listing(
      String key,
      StandardStatus status,
      String propertyType,
      String propertySubType,
      String city,
      String postalCode,
      Optional<BigDecimal> listPrice,
      Optional<BigDecimal> closePrice,
      Optional<LocalDate> purchaseContractDate,
      Optional<LocalDate> closeDate,
      int daysOnMarket,
      Optional<String> listAgentKey,
      Optional<String> coListAgentKey,
      Optional<String> buyerAgentKey,
      Optional<String> coBuyerAgentKey,
      Optional<String> listOfficeKey,
      Optional<String> buyerOfficeKey,
      Optional<String> listTeamKey,
      Optional<String> buyerTeamKey,
      Optional<String> privateRemarks,
      Optional<String> ownerName) {

    /** The key only: remarks and owner are confidential. */
    @Override
    public String toString() {
      return "Listing[" + key + "]";
    }
  }

  /** Every file's outcome, in the order in which they are read. */
  public List<Imported<?>> files() {
    return List.of(offices, members, teams, teamMembers, contacts, listings);
  }

  /**
   * Reads the files.
   *
   * @param open gives the UTF-8 text of a file of a name such as {@code offices.csv}
   * @param asOf the day on which the data was exported; a sale cannot have closed later
   */
  public static BrokerageData read(Function<String, Reader> open, LocalDate asOf) {
    Imported<Office> offices =
        CsvTable.read(
            "offices.csv",
            open.apply("offices.csv"),
            "OfficeKey",
            List.of("OfficeKey", "OfficeName", "OfficeBrokerKey", "OfficeManagerKey"),
            row ->
                new Office(
                    row.key("OfficeKey"),
                    row.required("OfficeName"),
                    row.key("OfficeBrokerKey"),
                    row.key("OfficeManagerKey")));
    Set<String> officeKeys = keys(offices, Office::key);
    Imported<Member> members =
        CsvTable.read(
            "members.csv",
            open.apply("members.csv"),
            "MemberKey",
            List.of(
                "MemberKey",
                "MemberFullName",
                "MemberEmail",
                "MemberType",
                "OfficeKey",
                "MemberStatus"),
            row ->
                new Member(
                    row.key("MemberKey"),
                    row.required("MemberFullName"),
                    row.required("MemberEmail"),
                    row.required("MemberType"),
                    row.key("OfficeKey", officeKeys),
                    "Active".equals(row.required("MemberStatus"))));
    Set<String> memberKeys = keys(members, Member::key);
    Imported<Team> teams =
        CsvTable.read(
            "teams.csv",
            open.apply("teams.csv"),
            "TeamKey",
            List.of("TeamKey", "TeamName", "TeamLeadKey", "x_OfficeKey"),
            row ->
                new Team(
                    row.key("TeamKey"),
                    row.required("TeamName"),
                    row.key("TeamLeadKey", memberKeys),
                    row.key("x_OfficeKey", officeKeys)));
    Set<String> teamKeys = keys(teams, Team::key);
    Imported<TeamMember> teamMembers =
        CsvTable.read(
            "team_members.csv",
            open.apply("team_members.csv"),
            "TeamMemberKey",
            List.of(
                "TeamMemberKey",
                "TeamKey",
                "MemberKey",
                "TeamMemberType",
                "x_EffectiveFrom",
                "x_EffectiveTo"),
            row -> teamMember(row, teamKeys, memberKeys));
    Imported<Contact> contacts =
        CsvTable.read(
            "contacts.csv",
            open.apply("contacts.csv"),
            "ContactKey",
            List.of(
                "ContactKey",
                "FirstName",
                "LastName",
                "Email",
                "MobilePhone",
                "ContactType",
                "OwnerMemberKey",
                "x_OwnershipScope",
                "x_EmailOptOut",
                "x_TimeZone"),
            row ->
                new Contact(
                    row.key("ContactKey"),
                    row.required("FirstName"),
                    row.required("LastName"),
                    row.required("Email"),
                    row.required("MobilePhone"),
                    row.required("ContactType"),
                    row.key("OwnerMemberKey", memberKeys),
                    row.word("x_OwnershipScope", Ownership.class),
                    // Anything but a plain no counts as an opt-out: the stricter reading.
                    !"False".equals(row.required("x_EmailOptOut")),
                    row.required("x_TimeZone")));
    Imported<Listing> listings =
        CsvTable.read(
            "property.csv",
            open.apply("property.csv"),
            "ListingKey",
            List.of(
                "ListingKey",
                "StandardStatus",
                "PropertyType",
                "PropertySubType",
                "City",
                "PostalCode",
                "ListPrice",
                "ClosePrice",
                "PurchaseContractDate",
                "CloseDate",
                "DaysOnMarket",
                "ListAgentKey",
                "CoListAgentKey",
                "BuyerAgentKey",
                "CoBuyerAgentKey",
                "ListOfficeKey",
                "BuyerOfficeKey",
                "ListTeamKey",
                "BuyerTeamKey",
                "PrivateRemarks",
                "OwnerName"),
            row -> listing(row, asOf));
    return new BrokerageData(offices, members, teams, teamMembers, contacts, listings);
  }

  /** Reads the files beside a class. */
  public static BrokerageData read(Class<?> anchor, String directory, LocalDate asOf) {
    return read(
        name ->
            new InputStreamReader(
                Objects.requireNonNull(anchor.getResourceAsStream(directory + "/" + name), name),
                StandardCharsets.UTF_8),
        asOf);
  }

  private static <R> Set<String> keys(Imported<R> imported, Function<R, String> key) {
    return new HashSet<>(imported.rows().stream().map(key).toList());
  }

  private static TeamMember teamMember(Row row, Set<String> teamKeys, Set<String> memberKeys) {
    row.key("TeamMemberKey");
    Instant from = row.day("x_EffectiveFrom");
    Optional<Instant> to =
        row.date("x_EffectiveTo").isEmpty()
            ? Optional.empty()
            : Optional.of(row.day("x_EffectiveTo"));
    if (to.isPresent() && to.get().isBefore(from)) {
      row.fault("x_EffectiveTo", "lies before x_EffectiveFrom");
    }
    return new TeamMember(
        row.key("TeamKey", teamKeys),
        row.key("MemberKey", memberKeys),
        row.required("TeamMemberType"),
        from,
        to);
  }

  private static Listing listing(Row row, LocalDate asOf) {
    StandardStatus status = new StandardStatus(row.required("StandardStatus"));
    Optional<BigDecimal> closePrice = row.amount("ClosePrice");
    Optional<LocalDate> closeDate = row.date("CloseDate");
    if (status.equals(StandardStatus.CLOSED)) {
      if (row.text("ClosePrice").isEmpty()) {
        row.fault("ClosePrice", "is missing; a closed sale has one");
      } else if (closePrice.isPresent() && closePrice.get().signum() == 0) {
        row.fault("ClosePrice", "is zero; a closed sale has a price");
      }
      if (row.text("CloseDate").isEmpty()) {
        row.fault("CloseDate", "is missing; a closed sale has one");
      } else if (closeDate.isPresent() && closeDate.get().isAfter(asOf)) {
        row.fault(
            "CloseDate", "lies after the export of " + asOf + "; a closed sale is in the past");
      }
    }
    return new Listing(
        row.key("ListingKey"),
        status,
        row.required("PropertyType"),
        row.required("PropertySubType"),
        row.required("City"),
        row.required("PostalCode"),
        row.amount("ListPrice"),
        closePrice,
        row.date("PurchaseContractDate"),
        closeDate,
        row.number("DaysOnMarket", 0, 10_000),
        row.text("ListAgentKey"),
        row.text("CoListAgentKey"),
        row.text("BuyerAgentKey"),
        row.text("CoBuyerAgentKey"),
        row.text("ListOfficeKey"),
        row.text("BuyerOfficeKey"),
        row.text("ListTeamKey"),
        row.text("BuyerTeamKey"),
        row.text("PrivateRemarks"),
        row.text("OwnerName"));
  }

  /** Our members who take part in a listing's deal. */
  public static Stream<String> participants(Listing listing) {
    return Stream.of(
            listing.listAgentKey(),
            listing.coListAgentKey(),
            listing.buyerAgentKey(),
            listing.coBuyerAgentKey())
        .flatMap(Optional::stream)
        .filter(key -> !key.startsWith("EXT"));
  }
}
