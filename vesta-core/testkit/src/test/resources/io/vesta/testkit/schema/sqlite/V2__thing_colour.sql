alter table thing add column colour varchar(20) default 'none; yet';
