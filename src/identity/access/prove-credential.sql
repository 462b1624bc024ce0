-- Proves that a credential holds at this moment, whatever its token says. `now` is the moment. A user: the session has
-- not ended, and the membership, if the token names one, is active with the role of the token, in an organization that
-- is not deleted and has the plan of the token. A user in a socket is proven without role. An API key: neither revoked
-- nor expired, with the secret of the request and with all scopes that are relied on; a key in a socket is proven
-- without these two. Fails with `auth.invalid_token` when the session or the key has ended, and with
-- `auth.outdated_token` when the membership, the organization or the scopes have changed. With `hold`, the rows of the
-- credential are locked first: changes of them wait for this transaction, and earlier changes are seen here.
create or replace function prove_credential(credential jsonb) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  organization text := credential ->> 'organization';
  moment timestamptz := credential ->> 'now';
begin
  if credential ? 'hold' then
    perform from sessions s where s.id = credential ->> 'session' for share;
    perform from members m
    where m.organization_id = organization and m.user_id = credential ->> 'user' for share;
    perform from api_keys k where k.id = credential ->> 'apiKey' for share;
  end if;
  if credential ? 'session' then
    perform from sessions s
    where s.id = credential ->> 'session' and s.user_id = credential ->> 'user'
      and s.revoked_at is null and s.expires_at > moment;
    perform guard(found, 'auth.invalid_token');
  elsif credential ? 'apiKey' then
    perform from api_keys k
    where k.id = credential ->> 'apiKey' and k.organization_id = organization
      and k.revoked_at is null and (k.expires_at is null or k.expires_at > moment)
      and (not credential ? 'secretHash' or k.secret_hash = credential ->> 'secretHash'
        or (k.previous_secret_hash = credential ->> 'secretHash' and k.previous_valid_until > moment));
    perform guard(found, 'auth.invalid_token');
    if credential ? 'scopes' then
      perform from api_keys k where k.id = credential ->> 'apiKey' and k.scopes @> (credential -> 'scopes');
      perform guard(found, 'auth.outdated_token');
    end if;
  end if;
  if organization is null then
    return;
  end if;
  if credential ? 'user' then
    perform from members m
    where m.organization_id = organization and m.user_id = credential ->> 'user' and m.status = 'active'
      and m.role = coalesce(credential ->> 'role', m.role);
    perform guard(found, 'auth.outdated_token');
  end if;
  perform from organizations o
  where o.id = organization and o.deleted_at is null and o.plan = coalesce(credential ->> 'plan', o.plan);
  perform guard(found, 'auth.outdated_token');
end $$;
