package io.vesta.examples.quickstart;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.RowFilter;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.ContactId;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.examples.quickstart.reso.BrokerageData.Contact;
import java.util.List;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/**
 * The host's own table of contacts, beside Vesta's tables: what a host's lists look like when the
 * authorizer's filter is part of their SQL. It also keeps each contact's consent, whose version
 * drafts rely on.
 */
final class ContactBook {

  private static final ResourceColumns COLUMNS =
      ResourceColumns.builder(ResourceType.CONTACT, "c.brokerage")
          .owner("c.owner")
          .team("c.team")
          .office("c.office")
          .ownership("c.ownership")
          .linkedToTransaction("c.linked")
          .build();

  private final BrokerageId brokerage;
  private final Database database;
  private final Organisation organisation;

  ContactBook(BrokerageId brokerage, Database database, Organisation organisation) {
    this.brokerage = brokerage;
    this.database = database;
    this.organisation = organisation;
  }

  void fill(List<Contact> contacts) {
    database.write(
        work -> {
          work.handle()
              .execute(
                  "create table contact (brokerage varchar(128) not null,"
                      + " contact varchar(128) not null, owner varchar(128) not null,"
                      + " team varchar(128) null, office varchar(128) not null,"
                      + " ownership varchar(16) not null, linked integer not null,"
                      + " consent integer not null, thread integer not null,"
                      + " primary key (brokerage, contact))");
          PreparedBatch batch =
              work.handle().prepareBatch("insert into contact values (?, ?, ?, ?, ?, ?, 0, 1, 1)");
          for (Contact contact : contacts) {
            Resource resource = resource(contact);
            batch
                .bind(0, brokerage.key())
                .bind(1, contact.key())
                .bind(2, contact.ownerKey())
                .bind(3, resource.team().map(team -> team.key()).orElse(null))
                .bind(4, resource.office().orElseThrow().key())
                .bind(5, contact.ownership().name())
                .add();
          }
          return batch.execute();
        });
  }

  /** One contact as the authorizer sees it. */
  Resource resource(Contact contact) {
    return Resource.builder(ResourceType.CONTACT, brokerage, contact.key())
        .owner(organisation.id(contact.ownerKey()))
        .team(organisation.teamOf(contact.ownerKey()).orElse(null))
        .office(organisation.office(organisation.member(contact.ownerKey()).officeKey()))
        .ownership(contact.ownership())
        .build();
  }

  /** How many contacts are in somebody's list; the database counts. */
  int count(Actor actor, Authorizer authorizer) {
    RowFilter filter = authorizer.filter(actor, Action.READ, COLUMNS);
    return database.read(
        work -> {
          Query query =
              work.handle().createQuery("select count(*) from contact c where " + filter.sql());
          for (int i = 0; i < filter.binds().size(); i++) {
            query.bind(i, filter.binds().get(i));
          }
          return query.mapTo(Integer.class).one();
        });
  }

  /** Which consent and which message of a contact a draft relies on. */
  Versions versions(UnitOfWork work, ContactId contact) {
    return work.handle()
        .createQuery("select consent, thread from contact where brokerage = ? and contact = ?")
        .bind(0, contact.brokerage().key())
        .bind(1, contact.key())
        .map((row, context) -> new Versions(row.getInt(1), row.getInt(2)))
        .one();
  }

  /** A contact wants no more mail. */
  void optOut(UnitOfWork work, ContactId contact) {
    work.handle()
        .execute(
            "update contact set consent = consent + 1 where brokerage = ? and contact = ?",
            contact.brokerage().key(),
            contact.key());
  }

  /**
   * What changes when a client says something new.
   *
   * @param consent rises with every change of consent
   * @param thread the number of the last message
   */
  record Versions(int consent, int thread) {}
}
