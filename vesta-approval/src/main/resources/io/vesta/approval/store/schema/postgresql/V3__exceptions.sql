-- Where a rule that blocks was waived, for exactly one envelope in one context under one set of findings; sealed.
create table vesta_waiver (
  brokerage       varchar(128) not null,
  draft           varchar(128) not null,
  id              uuid         not null,
  revision        integer      not null,
  rule            varchar(64)  not null,
  waived_by       varchar(128) not null,
  capacity        varchar(64)  not null,
  envelope_sha256 char(64)     not null,
  context_sha256  char(64)     not null,
  lint_sha256     char(64)     not null,
  policy_version  varchar(200) not null,
  reason          varchar(64)  not null,
  waived_at       bigint       not null,
  seal            varchar(200) not null,
  primary key (brokerage, draft, id),
  foreign key (brokerage, draft) references vesta_draft (brokerage, draft)
);

-- What needs no person: versions of rules, sealed. The newest version of a rule is the one in force.
create table vesta_exemption (
  brokerage      varchar(128) not null,
  rule           varchar(64)  not null,
  version        integer      not null,
  channel        varchar(32)  not null,
  owner          varchar(128) null,
  text_sha256    char(64)     null,
  from_at        bigint       not null,
  until_at       bigint       not null,
  granted_by     varchar(128) not null,
  capacity       varchar(64)  not null,
  policy_version varchar(200) not null,
  seal           varchar(200) not null,
  primary key (brokerage, rule, version)
);

-- By which version of which exemption an approval stands; empty if a person approved.
alter table vesta_approval add column exemption varchar(80) not null default '';

-- For what a provider says of a key.
create index vesta_draft_key on vesta_draft (brokerage, dedupe_key) where dedupe_key <> '';
