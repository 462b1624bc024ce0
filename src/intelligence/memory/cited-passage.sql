-- A passage of a transcript as it is now: its call and times, and when it was last corrected since it was cited.
create or replace function cited_passage(of_transcription text, first_position integer, last_position integer, cited_at timestamptz) returns json
language sql stable as $$
  select json_build_object('first', first_position, 'last', last_position,
    'callId', (select coalesce(t.call_id, r.call_id) from transcriptions t left join recordings r on r.id = t.recording_id where t.id = of_transcription),
    'startMs', coalesce(min(g.start_ms), 0), 'endMs', coalesce(max(g.end_ms), 0),
    'correctedAt', max(g.corrected_at) filter (where g.corrected_at > cited_at))
  from transcript_segments g where g.transcription_id = of_transcription and g.position between first_position and last_position
$$;
