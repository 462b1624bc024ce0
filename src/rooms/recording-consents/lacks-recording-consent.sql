-- Whether a recording of the call needs the consent of each person in it, and this person has not given it, or has taken it back.
-- With `only_agreed` a recording that still waits for the others does not count: people in the call may answer until it begins.
create or replace function lacks_recording_consent(of_call text, person text, only_agreed boolean)
returns boolean language sql stable as $$
  select exists (
    select from announced_recordings a
    where a.call_id = of_call and a.consent_required and (a.agreed_at is not null or not only_agreed)
  ) and not exists (
    select from recording_consents c where c.call_id = of_call and c.identity = person and c.withdrawn_at is null
  )
$$;
