-- Forgets what transcripts of these files and recordings supported, if they are gone or show to fewer people.
create or replace function forget_lost_transcripts(of_organization text, ids_of_subjects text[]) returns bigint
language plpgsql set role to auralink_system as $$
begin
  return forget_lost_sources(of_organization, 'transcript', array(
    select t.id::text from transcriptions t
    where t.organization_id = of_organization and (t.file_id = any(ids_of_subjects) or t.recording_id = any(ids_of_subjects))));
end $$;
