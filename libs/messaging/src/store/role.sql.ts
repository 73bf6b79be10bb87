/**
 * The restricted login-less role behind every HTTP request. Roles belong to the whole cluster, so several databases migrating at
 * once race for it: losing that race is success.
 */
export const httpRole = `
do $$
begin
  if not exists (select from pg_roles where rolname = 'peyvand_http') then
    begin
      create role peyvand_http nologin;
    exception
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then
        raise exception 'The role peyvand_http is missing and % may not create it. An administrator runs: create role peyvand_http nologin; grant peyvand_http to %;', current_user, current_user;
    end;
  end if;
  for attempt in 1..20 loop
    begin
      exit when pg_has_role(current_user, 'peyvand_http', 'SET');
      execute format('grant peyvand_http to %I with inherit false, set true', current_user);
      exit;
    exception
      when internal_error then perform pg_sleep(0.05); -- "tuple concurrently updated": another database grants at this moment
      when insufficient_privilege then
        raise exception '% may not act as peyvand_http. An administrator runs: grant peyvand_http to %;', current_user, current_user;
    end;
  end loop;
end $$;
`;

/** The http role adds facts but never reads them: of facts and unsent it sees no more than RETURNING needs. */
export const httpGrants = `
do $$ begin execute format('grant usage on schema %I to peyvand_http', current_schema()); end $$;
grant usage on sequence facts_seq to peyvand_http;
grant insert, select (seq, recordedtime) on facts to peyvand_http;
grant insert on unsent to peyvand_http;
grant select, insert, update, delete on deadlines to peyvand_http;
grant select, insert, update, delete on idempotency to peyvand_http;
`;

/**
 * SQL for a service's migration: HTTP callers see and write only rows whose `parties uuid[]` names one of theirs; the service's own
 * login (owner of the table) is not restricted. Someone else's row is simply not there. Throws on a name that is not a plain identifier.
 */
export const protect = (table: string): string => {
  if (!/^[a-z_][a-z0-9_]*$/.test(table)) throw new Error(`Not a table name: ${table}`);
  // The sub-select is evaluated once per statement and not once per row.
  const theirs = `parties && (select current_setting('peyvand.parties', true)::uuid[])`;
  return `
grant select, insert, update, delete on ${table} to peyvand_http;
alter table ${table} enable row level security;
drop policy if exists ${table}_parties on ${table};
create policy ${table}_parties on ${table} to peyvand_http using (${theirs}) with check (${theirs});
`;
};
