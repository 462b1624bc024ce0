-- The trigger of `files` that keeps the totals of each organization: whatever inserts or deletes rows, also the end of an account or
-- an organization that they go with. A size that changes is `count_file_change`'s. The row of the totals stays locked until the commit, so that
-- uploads which begin at once count each other; of several organizations they are locked in one order.
create or replace function count_files() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into storage_totals (organization_id, files, size_bytes)
    select organization_id, count(*), sum(size_bytes) from changed_files group by organization_id order by organization_id
    on conflict (organization_id) do update
      set files = storage_totals.files + excluded.files, size_bytes = storage_totals.size_bytes + excluded.size_bytes;
  else
    perform from storage_totals where organization_id in (select organization_id from changed_files)
      order by organization_id for update;
    update storage_totals t set files = t.files - c.files, size_bytes = t.size_bytes - c.size_bytes
    from (select organization_id, count(*) as files, sum(size_bytes) as size_bytes from changed_files group by organization_id) c
    where t.organization_id = c.organization_id;
  end if;
  return null;
end $$;
