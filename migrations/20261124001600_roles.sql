-- Two more roles: who distributes beside the admins, and who only looks on.
alter table user_roles drop constraint user_roles_role_check;
alter table user_roles add constraint user_roles_role_check
    check (role in ('admin', 'supervisor', 'measurer', 'manager', 'observer'));
alter table invites drop constraint invites_role_check;
alter table invites add constraint invites_role_check
    check (role in ('admin', 'supervisor', 'measurer', 'manager', 'observer'));
