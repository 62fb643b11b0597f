create table other (id bigint);
create tabel broken;
