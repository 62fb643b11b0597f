-- Logins and consents that wait for their callback. The state is a digest; nonce and verifier are derived from it by a key.
create table vesta_pending_flow (
  state      char(64) not null primary key,
  kind       varchar(128) not null,
  provider   varchar(128) not null,
  client     text not null,
  key_id     text not null,
  browser    char(64) not null,
  return_to  text not null,
  brokerage  varchar(128),
  member     varchar(128),
  scopes     text not null,
  expires_at bigint not null
);
create index vesta_pending_flow_expiry on vesta_pending_flow (expires_at);

-- Whose logins are whose: by issuer and subject, never by e-mail address.
create table vesta_subject (
  issuer    text not null,
  subject   text not null,
  brokerage varchar(128) not null,
  member    varchar(128) not null,
  linked_at bigint not null,
  primary key (issuer, subject)
);
create index vesta_subject_member on vesta_subject (brokerage, member);

-- Sessions; the token is a digest.
create table vesta_session (
  token      char(64) not null primary key,
  brokerage  varchar(128) not null,
  member     varchar(128) not null,
  begun_at   bigint not null,
  expires_at bigint not null
);
create index vesta_session_member on vesta_session (brokerage, member);
create index vesta_session_expiry on vesta_session (expires_at);

-- Connected accounts; tokens are sealed, and there is no way to connect one but OAuth.
create table vesta_account (
  brokerage    varchar(128) not null,
  id           varchar(128) not null,
  member       varchar(128) not null,
  provider     varchar(128) not null,
  subject      text not null,
  scopes       text not null,
  mechanism    varchar(128) not null check (mechanism = 'OAUTH2'),
  state        varchar(128) not null,
  version      bigint not null,
  key_id       text,
  serial       bigint not null,
  sealed       text,
  fresh_until  bigint not null,
  attempt      varchar(128),
  lease_until  bigint,
  doubtful     bigint not null,
  failures     bigint not null,
  retry_at     bigint,
  connected_at bigint not null,
  primary key (brokerage, id)
);
create index vesta_account_member on vesta_account (brokerage, member);
create index vesta_account_key on vesta_account (key_id);
