-- Where a rule that blocks was waived, for exactly one envelope in one context under one set of findings; sealed.
create table vesta_waiver (
  brokerage       text    not null,
  draft           text    not null,
  id              text    not null,
  revision        integer not null,
  rule            text    not null,
  waived_by       text    not null,
  capacity        text    not null,
  envelope_sha256 text    not null,
  context_sha256  text    not null,
  lint_sha256     text    not null,
  policy_version  text    not null,
  reason          text    not null,
  waived_at       integer not null,
  seal            text    not null,
  primary key (brokerage, draft, id),
  foreign key (brokerage, draft) references vesta_draft (brokerage, draft)
);

-- What needs no person: versions of rules, sealed. The newest version of a rule is the one in force.
create table vesta_exemption (
  brokerage      text    not null,
  rule           text    not null,
  version        integer not null,
  channel        text    not null,
  owner          text    null,
  text_sha256    text    null,
  from_at        integer not null,
  until_at       integer not null,
  granted_by     text    not null,
  capacity       text    not null,
  policy_version text    not null,
  seal           text    not null,
  primary key (brokerage, rule, version)
);

-- By which version of which exemption an approval stands; empty if a person approved.
alter table vesta_approval add column exemption text not null default '';

-- For what a provider says of a key.
create index vesta_draft_key on vesta_draft (brokerage, dedupe_key) where dedupe_key <> '';
