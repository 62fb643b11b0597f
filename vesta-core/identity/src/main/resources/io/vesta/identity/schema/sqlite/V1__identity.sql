-- Logins and consents that wait for their callback. The state is a digest; nonce and verifier are derived from it by a key.
create table vesta_pending_flow (
  state      text not null primary key,
  kind       text not null,
  provider   text not null,
  client     text not null,
  key_id     text not null,
  browser    text not null,
  return_to  text not null,
  brokerage  text,
  member     text,
  scopes     text not null,
  expires_at integer not null
);
create index vesta_pending_flow_expiry on vesta_pending_flow (expires_at);

-- Whose logins are whose: by issuer and subject, never by e-mail address.
create table vesta_subject (
  issuer    text not null,
  subject   text not null,
  brokerage text not null,
  member    text not null,
  linked_at integer not null,
  primary key (issuer, subject)
);
create index vesta_subject_member on vesta_subject (brokerage, member);

-- Sessions; the token is a digest.
create table vesta_session (
  token      text not null primary key,
  brokerage  text not null,
  member     text not null,
  begun_at   integer not null,
  expires_at integer not null
);
create index vesta_session_member on vesta_session (brokerage, member);
create index vesta_session_expiry on vesta_session (expires_at);

-- Connected accounts; tokens are sealed, and there is no way to connect one but OAuth.
create table vesta_account (
  brokerage    text not null,
  id           text not null,
  member       text not null,
  provider     text not null,
  subject      text not null,
  scopes       text not null,
  mechanism    text not null check (mechanism = 'OAUTH2'),
  state        text not null,
  version      integer not null,
  key_id       text,
  serial       integer not null,
  sealed       text,
  fresh_until  integer not null,
  attempt      text,
  lease_until  integer,
  doubtful     integer not null,
  failures     integer not null,
  retry_at     integer,
  connected_at integer not null,
  primary key (brokerage, id)
);
create index vesta_account_member on vesta_account (brokerage, member);
create index vesta_account_key on vesta_account (key_id);
