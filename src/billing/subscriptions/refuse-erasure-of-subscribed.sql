-- The trigger that keeps an organization until its subscription has ended at the provider and refunds were made:
-- nothing can be charged after the erasure, when reports of the provider could no longer be understood.
create or replace function refuse_erasure_of_subscribed() returns trigger language plpgsql as $$
begin
  perform guard(not exists (select from subscriptions s where s.organization_id = old.id
    and (s.ended_at is null or s.refund_due_at is not null)), 'billing.already_subscribed');
  return old;
end $$;
