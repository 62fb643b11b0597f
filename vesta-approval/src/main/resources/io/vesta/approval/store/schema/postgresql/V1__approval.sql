-- One row per draft: where it stands and how far sending has come, sealed. Until hold_until the dispatcher leaves it alone. Times are milliseconds since 1970, UTC.
create table vesta_draft (
  brokerage     varchar(128) not null,
  draft         varchar(128) not null,
  version       bigint       not null,
  state         varchar(16)  not null,
  channel       varchar(32)  not null,
  owner         varchar(128) not null,
  team          varchar(128) null,
  office        varchar(128) null,
  contact       varchar(128) null,
  thread        varchar(128) null,
  approvals     smallint     not null,
  priority      smallint     not null,
  routed        smallint     not null,
  creator       varchar(200) not null,
  created_at    bigint       not null,
  expires_at    bigint       not null,
  context       bytea        not null,
  revision      integer      not null,
  dedupe_key    varchar(64)  not null,
  attempts      integer      not null,
  fence         bigint       not null,
  lease_until   bigint       null,
  next_at       bigint       null,
  first_at      bigint       null,
  maybe_out     smallint     not null,
  evidence      varchar(200) not null,
  assignee      varchar(128) null,
  reason        varchar(64)  not null,
  seal          varchar(200) not null,
  hold_until    bigint       null,
  primary key (brokerage, draft)
);
create index vesta_draft_queue on vesta_draft (brokerage, state, priority desc, expires_at, draft);
create index vesta_draft_owner on vesta_draft (brokerage, owner, state, priority desc, expires_at, draft);
create index vesta_draft_due on vesta_draft (next_at) where next_at is not null;
create index vesta_draft_lease on vesta_draft (lease_until) where lease_until is not null;
create index vesta_draft_expiry on vesta_draft (expires_at)
  where state in ('GENERATING', 'PENDING', 'STALE', 'APPROVED');

-- Every revision, frozen: what would leave, and what the rules found in it.
create table vesta_draft_content (
  brokerage  varchar(128) not null,
  draft      varchar(128) not null,
  revision   integer      not null,
  envelope   bytea        not null,
  lint       bytea        not null,
  author     varchar(200) not null,
  model      varchar(200) not null,
  written_at bigint       not null,
  primary key (brokerage, draft, revision),
  foreign key (brokerage, draft) references vesta_draft (brokerage, draft)
);

-- Approvals, sealed. A revoked one stays, as part of the story.
create table vesta_approval (
  brokerage       varchar(128) not null,
  draft           varchar(128) not null,
  id              uuid         not null,
  revision        integer      not null,
  approver        varchar(128) not null,
  capacity        varchar(64)  not null,
  envelope_sha256 char(64)     not null,
  context_sha256  char(64)     not null,
  lint_sha256     char(64)     not null,
  policy_version  varchar(200) not null,
  needed          smallint     not null,
  approved_at     bigint       not null,
  expires_at      bigint       not null,
  key_id          varchar(128) not null,
  seal            char(64)     not null,
  revoked         smallint     not null default 0,
  primary key (brokerage, draft, id),
  foreign key (brokerage, draft) references vesta_draft (brokerage, draft)
);
create unique index vesta_approval_once on vesta_approval (brokerage, draft, revision, approver) where revoked = 0;
