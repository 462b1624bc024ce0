-- The trigger that keeps an organization while one of its recordings in the storage of the product is held: its file would go with it.
-- On the deletion, after which no credential could release what is held; and on the erasure, for a hold of the same moment.
create or replace function refuse_end_of_held() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (old.deleted_at is null and new.deleted_at is not null) then
    perform guard(not exists (select from recordings r where r.organization_id = old.id
      and r.state = 'held' and r.storage = 'product'), 'organizations.held');
  end if;
  return coalesce(new, old);
end $$;
