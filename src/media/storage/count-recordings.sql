-- The trigger of `recordings` that keeps the bytes of each organization that they take of the product's storage. It runs where that changes:
-- once a recording is verified, and once its file or its row is deleted.
create or replace function count_recordings() returns trigger language plpgsql as $$
declare
  changed record := coalesce(new, old);
  added bigint := case when tg_op = 'DELETE' then 0 else new.stored_bytes end
    - case when tg_op = 'INSERT' then 0 else old.stored_bytes end;
begin
  if added = 0 then return null; end if;
  update storage_totals set size_bytes = size_bytes + added where organization_id = changed.organization_id;
  if not found and tg_op <> 'DELETE' then
    insert into storage_totals (organization_id, files, size_bytes) values (changed.organization_id, 0, added)
    on conflict (organization_id) do update set size_bytes = storage_totals.size_bytes + excluded.size_bytes;
  end if;
  return null;
end $$;
