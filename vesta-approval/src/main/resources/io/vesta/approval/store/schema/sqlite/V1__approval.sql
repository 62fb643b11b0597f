-- One row per draft: where it stands and how far sending has come, sealed. Until hold_until the dispatcher leaves it alone. Times are milliseconds since 1970, UTC.
create table vesta_draft (
  brokerage     text    not null,
  draft         text    not null,
  version       integer not null,
  state         text    not null,
  channel       text    not null,
  owner         text    not null,
  team          text    null,
  office        text    null,
  contact       text    null,
  thread        text    null,
  approvals     integer not null,
  priority      integer not null,
  routed        integer not null,
  creator       text    not null,
  created_at    integer not null,
  expires_at    integer not null,
  context       blob    not null,
  revision      integer not null,
  dedupe_key    text    not null,
  attempts      integer not null,
  fence         integer not null,
  lease_until   integer null,
  next_at       integer null,
  first_at      integer null,
  maybe_out     integer not null,
  evidence      text    not null,
  assignee      text    null,
  reason        text    not null,
  seal          text    not null,
  hold_until    integer null,
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
  brokerage  text    not null,
  draft      text    not null,
  revision   integer not null,
  envelope   blob    not null,
  lint       blob    not null,
  author     text    not null,
  model      text    not null,
  written_at integer not null,
  primary key (brokerage, draft, revision),
  foreign key (brokerage, draft) references vesta_draft (brokerage, draft)
);

-- Approvals, sealed. A revoked one stays, as part of the story.
create table vesta_approval (
  brokerage       text    not null,
  draft           text    not null,
  id              text    not null,
  revision        integer not null,
  approver        text    not null,
  capacity        text    not null,
  envelope_sha256 text    not null,
  context_sha256  text    not null,
  lint_sha256     text    not null,
  policy_version  text    not null,
  needed          integer not null,
  approved_at     integer not null,
  expires_at      integer not null,
  key_id          text    not null,
  seal            text    not null,
  revoked         integer not null default 0,
  primary key (brokerage, draft, id),
  foreign key (brokerage, draft) references vesta_draft (brokerage, draft)
);
create unique index vesta_approval_once on vesta_approval (brokerage, draft, revision, approver) where revoked = 0;
