-- Room: directory. Indexes that most rows need not stand in: a new organisation
-- without a website, register number or mail host is written faster, and
-- memberships of a cluster are found by memberships_list.
-- To undo: make the four indexes again as 0003 and 0014 have them.
DROP INDEX organisations_web;
CREATE INDEX organisations_web ON organisations (web_host) WHERE web_host <> '';
DROP INDEX organisations_mail_host;
CREATE INDEX organisations_mail_host ON organisations (mail_host) WHERE mail_host <> '';
DROP INDEX organisations_register;
CREATE INDEX organisations_register ON organisations (register_number) WHERE register_number <> '';
DROP INDEX memberships_cluster;
