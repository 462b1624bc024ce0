import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import { sweepTranscriptions } from '../../../src/intelligence/transcription-runs/sweep-transcriptions.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { SpeechStandIn, spoken, THREE_PIECES } from '../../support/ai/speech-stand-in.ts';
import { createVideo } from '../../support/file-compressions.ts';
import { uploadFile } from '../../support/files.ts';
import { createRecordableRoom, insertRecording } from '../../support/recordings.ts';

let app: TestApp;
let ann: Person;
let ben: Person;
let service: SpeechStandIn;
beforeAll(async () => {
  service = new SpeechStandIn();
  await service.start();
});
afterAll(() => service.stop());

beforeEach(async () => {
  service.answers.length = 0;
  service.sources.clear();
  service.groups.length = 0;
  service.forms.length = 0;
  service.pieces = THREE_PIECES;
  service.piecesAnswer = undefined;
  service.said = spoken('Nothing special.');
  app = createTestApp({ speech: createSpeechService({ url: service.url, secret: service.secret }) });
  ann = await app.person();
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
});

const PATH = '/api/v1/ai/transcriptions';
const SIZE = 12_000;
const upload = async (access = 'private', content: string | Uint8Array<ArrayBuffer> = createVideo(SIZE)) => {
  const { body } = await uploadFile(app, ann.token, { content, name: 'call.mp4', query: { access } });
  await app.drain();
  return body.id as string;
};
const send = (method: string, path: string, { token } = ann, body?: unknown) =>
  app.send(method, `${PATH}${path}`, { token, ...(body === undefined ? {} : { body }) });
const create = async (body: object, person = ann) => {
  const answer = await send('POST', '', person, body);
  expect(answer).toMatchObject({ status: 202 });
  await app.drain();
  return answer.body.id as string;
};
const getIt = async (id: string, person = ann) => (await send('GET', `/${id}`, person)).body;
const ok = (body: object) => ({ status: 200, body });

describe('a transcription', () => {
  it('has each word at its time in the whole file, and leaves out what is silent', async () => {
    service.answers.push(ok(spoken('The budget review moved.')), ok(spoken('To Thursday at ten.', 0.5)));
    const fileId = await upload();
    const id = await create({ fileId });
    expect(await getIt(id)).toMatchObject({
      state: 'ready',
      progress: 100,
      language: 'en',
      languageConfidence: 0.98,
      durationSeconds: 130,
      requestedBy: ann.userId,
      fileId,
    });
    const { data } = (await send('GET', `/${id}/segments`)).body;
    expect(data).toMatchObject([
      { position: 0, startSeconds: 1, endSeconds: 3, text: 'The budget review moved.' },
      { position: 20_000, startSeconds: 110.5, endSeconds: 112.5, text: 'To Thursday at ten.' },
    ]);
    expect(data[1].words[1]).toEqual({
      text: 'Thursday',
      startSeconds: 111,
      endSeconds: 111.4,
      confidence: 0.9,
    });
    expect(data[0].confidence).toBeCloseTo(0.905, 2);
    expect([service.forms.length, service.sources.size]).toEqual([2, 0]);
    // Found out once, so that one transcript has one language.
    expect(service.forms[0]).not.toContain('name="language"');
    expect(service.forms[1]).toContain('name="language"\r\n\r\nen');
    expect(new Set(service.groups)).toEqual(new Set([ann.organizationId]));
  });

  it('is exported as subtitles, text and JSON, in which no text becomes a cue', async () => {
    service.pieces = [THREE_PIECES[0]!];
    service.said = spoken('A <b>\n\n00:00 --> 00:01 & more');
    const id = await create({ fileId: await upload() });
    const read = async (format: string) => {
      const answer = await send('GET', `/${id}/export?format=${format}`);
      return [answer.headers.get('content-type'), answer.body];
    };
    expect(await read('vtt')).toEqual([
      'text/vtt; charset=utf-8',
      'WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nA &lt;b&gt; 00:00 → 00:01 &amp; more\n',
    ]);
    expect((await read('srt'))[1]).toBe('1\n00:00:01,000 --> 00:00:03,000\nA <b> 00:00 → 00:01 & more\n');
    expect((await read('txt'))[1]).toBe('A <b> 00:00 → 00:01 & more\n');
    expect((await send('GET', `/${id}/export?format=json`)).body).toMatchObject({
      id,
      language: 'en',
      segments: [{ startSeconds: 1, isCorrected: false }],
    });
  });

  it('names the person whose microphone alone was recorded, and exports the name, also after they have left', async () => {
    service.pieces = [THREE_PIECES[0]!];
    const { roomId, callId, organizationId } = await createRecordableRoom(app, ann, [ben.userId, ann.userId]);
    await ownerSql(`update call_participants set name = 'Ben <B>' where identity = $1`, [ben.userId]);
    for (const [sid, source] of [
      ['TR_mic', 'microphone'],
      ['TR_screen', 'screen_share_audio'],
    ])
      await ownerSql(
        `insert into call_tracks (organization_id, call_id, sid, connection_sid, participant_id, kind, source, published, published_at, evidence, version)
         select organization_id, call_id, $2, 'PA_1', id, 'audio', $3, '{}', created_at, '{}', 1 from call_participants
         where call_id = $1 and identity = $4`,
        [callId, sid, source, ben.userId],
      );
    await ownerSql('delete from members where user_id = $1', [ben.userId]);
    const transcribed = async (kind: 'participant' | 'track' | 'composite', subject: string) => {
      const recording = { organizationId, roomId, callId, storage: 'product', kind, subject } as const;
      const id = await create({ roomId, recordingId: await insertRecording(app, recording) });
      return [id, (await send('GET', `/${id}/segments`)).body.data[0].speaker] as const;
    };
    const [id, speaker] = await transcribed('participant', ben.userId);
    expect(speaker).toBe(ben.userId);
    expect((await transcribed('track', 'TR_mic'))[1]).toBe(ben.userId);
    expect((await transcribed('track', 'TR_screen'))[1]).toBeNull();
    expect((await transcribed('composite', ''))[1]).toBeNull();
    const exported = async (format: string) => (await send('GET', `/${id}/export?format=${format}`)).body;
    expect(await exported('vtt')).toContain('\n<v Ben &lt;B&gt;>Nothing special.\n');
    expect(await exported('srt')).toContain('\nBen <B>: Nothing special.\n');
    expect(await exported('txt')).toBe('Ben <B>: Nothing special.\n');
    expect((await exported('json')).segments[0]).toMatchObject({
      speaker: ben.userId,
      speakerName: 'Ben <B>',
    });
    await ownerSql('update users set erased_at = now() where id = $1', [ben.userId]);
    expect((await transcribed('participant', ben.userId))[1]).toBeNull();
  });

  it('keeps what a segment said before each correction, with the person who corrected it', async () => {
    service.pieces = [THREE_PIECES[0]!];
    service.said = spoken('The budget revue.');
    const id = await create({ fileId: await upload('organization') });
    const path = `/${id}/corrections`;
    expect((await send('POST', path, ben, { position: 0, text: 'Nonsense.' })).status).toBe(404);
    const corrected = await send('POST', path, ann, { position: 0, text: 'The budget review.', version: 1 });
    expect(corrected).toMatchObject({
      status: 200,
      body: {
        text: 'The budget review.',
        correctedBy: ann.userId,
        version: 2,
        words: [{ text: 'The' }, {}, {}],
      },
    });
    expect((await send('POST', path, ann, { position: 0, text: 'Another.', version: 1 })).status).toBe(412);
    expect((await send('GET', path, ben)).body.data).toMatchObject([
      { previousText: 'The budget revue.', text: 'The budget review.', correctedBy: ann.userId },
    ]);
    expect((await send('GET', `/${id}/export?format=txt`, ben)).body).toBe('The budget review.\n');
    expect((await send('POST', path, ann, { position: 7, text: 'x' })).status).toBe(404);
  });

  it('is found by what is said in it, also after a correction', async () => {
    service.pieces = [THREE_PIECES[0]!];
    service.said = spoken('The quarterly budget.');
    const id = await create({ fileId: await upload() });
    service.said = spoken('A walk in the park.');
    await create({ fileId: await upload() });
    const search = async (q: string, person = ann) =>
      (await send('GET', `?q=${encodeURIComponent(q)}`, person)).body.data.map(
        (each: { id: string }) => each.id,
      );
    expect(await search('BUDGET quarterly')).toEqual([id]);
    expect(await search('"budget quarterly"')).toEqual([]);
    expect(await search('budget', ben)).toEqual([]);
    await send('POST', `/${id}/corrections`, ann, { position: 0, text: 'The yearly plan.' });
    expect([await search('budget'), await search('yearly')]).toEqual([[], [id]]);
    expect((await send('GET', `/${id}/segments?q=nothing`)).body.data).toEqual([]);
  });
});

describe('access', () => {
  it('is that to the file: it is hidden with it, and shown with it', async () => {
    const [hidden, shared] = [
      await create({ fileId: await upload() }),
      await create({ fileId: await upload('organization') }),
    ];
    for (const path of [`/${hidden}`, `/${hidden}/segments`, `/${hidden}/export`])
      expect((await send('GET', path, ben)).body.code, path).toBe('transcripts.not_found');
    expect((await send('DELETE', `/${hidden}`, ben)).status).toBe(404);
    expect((await getIt(shared, ben)).state).toBe('ready');
    expect((await send('GET', '', ben)).body.data).toHaveLength(1);
    const eve = await app.person();
    expect((await send('GET', `/${shared}`, eve)).status).toBe(404);
    const fileId = (await getIt(hidden)).fileId as string;
    expect((await send('POST', '', ben, { fileId })).body.code).toBe('files.not_found');
    await app.send('DELETE', `/api/v1/files/${fileId}`, { token: ann.token });
    expect((await send('GET', `/${hidden}`)).status).toBe(404);
  });

  it('to that of a recording have moderators of its room, until its file is gone', async () => {
    const { roomId, callId, organizationId } = await createRecordableRoom(app, ann);
    const recordingId = await insertRecording(app, { organizationId, roomId, callId, storage: 'product' });
    service.pieces = [THREE_PIECES[0]!];
    service.said = spoken('What the board decided.');
    const id = await create({ roomId, recordingId });
    expect(await getIt(id)).toMatchObject({ state: 'ready', roomId, recordingId, fileId: null });
    expect((await send('GET', `/${id}`, ben)).status).toBe(404);
    expect((await send('GET', `?roomId=${roomId}`, ben)).status).toBe(403);
    expect((await send('GET', `?roomId=${roomId}&q=board`)).body.data).toMatchObject([{ id, roomId }]);
    expect((await send('GET', '')).body.data).toEqual([]);
    await app.send('DELETE', `/api/v1/rooms/${roomId}/recordings/${recordingId}`, { token: ann.token });
    await app.drain();
    await app.drain();
    expect(await ownerSql('select state from recordings where id = $1', [recordingId])).toEqual([
      { state: 'deleted' },
    ]);
    expect(await ownerSql('select id from transcriptions where id = $1', [id])).toEqual([]);
  });

  it('is refused for what is no sound, not scanned, or named twice', async () => {
    const notes = await uploadFile(app, ann.token, { content: 'notes' });
    expect((await send('POST', '', ann, { fileId: notes.body.id })).body.code).toBe('transcripts.not_sound');
    const fileId = await upload();
    await ownerSql(`update files set scan_status = 'infected' where id = $1`, [fileId]);
    expect((await send('POST', '', ann, { fileId })).body.code).toBe('transcripts.not_scanned');
    expect((await send('POST', '', ann, {})).status).toBe(400);
    const { roomId } = await createRecordableRoom(app, ann);
    expect((await send('POST', '', ann, { fileId, roomId })).status).toBe(400);
    expect((await send('POST', '', ann, { fileId, language: 'zz' })).status).toBe(400);
  });
});

describe('what fails', () => {
  it.each([
    ['no_sound', 422, 'no_sound'],
    ['not_readable', 422, 'not_readable'],
    ['too_long', 413, 'too_long'],
  ])('for its content (%s) ends the transcription', async (code, status, reason) => {
    service.piecesAnswer = { status, body: { error: { code, message: 'the file …' } } };
    expect(await getIt(await create({ fileId: await upload() }))).toMatchObject({ state: 'failed', reason });
  });

  it.each([
    ['busy', { status: 429, headers: { 'retry-after': '2' }, body: { error: { code: 'busy' } } }],
    ['broken', { status: 500 }],
    ['answering nonsense', { status: 200, body: { text: 7 } }],
    ['answering a page', { status: 200, body: '<html>' }],
    ['refusing the secret', { status: 401 }],
    ['redirecting', { status: 302, headers: { location: 'http://169.254.169.254/' } }],
  ])('while the service is %s continues where it stood, and nothing is there twice', async (_, failure) => {
    service.answers.push(ok(spoken('One.')), failure);
    service.said = spoken('Two.');
    const id = await create({ fileId: await upload() });
    expect(await getIt(id)).toMatchObject({ state: 'running', progress: 70 });
    // The service was started again meanwhile, and knows nothing of the file.
    service.sources.clear();
    app.clock.advanceSeconds(180);
    await sweepTranscriptions(app.services);
    await app.drain();
    const texts = await ownerSql(
      'select text from transcript_segments where transcription_id = $1 order by position',
      [id],
    );
    expect(texts).toEqual([{ text: 'One.' }, { text: 'Two.' }]);
    expect(await ownerSql('select state from transcriptions where id = $1', [id])).toEqual([
      { state: 'ready' },
    ]);
  });

  it('for a day ends it, also where no service is configured any more', async () => {
    service.answers.push({ status: 500 }, { status: 500 });
    const id = await create({ fileId: await upload() });
    app.clock.advanceSeconds(86_500);
    await sweepTranscriptions(app.services);
    await app.drain();
    expect(await ownerSql('select state, reason from transcriptions where id = $1', [id])).toEqual([
      { state: 'failed', reason: 'service_unavailable' },
    ]);
  });

  it('in the storage makes it wait, and ends it after a day', async () => {
    service.answers.push({ status: 500 });
    const id = await create({ fileId: await upload() });
    service.sources.clear();
    const { objects } = app.services.ports;
    app.services.ports.objects = { ...objects, get: () => Promise.reject(new Error('the storage is away')) };
    const sweep = async (seconds: number) => {
      app.clock.advanceSeconds(seconds);
      await sweepTranscriptions(app.services);
      await app.drain();
      return ownerSql('select state, reason from transcriptions where id = $1', [id]);
    };
    expect(await sweep(180)).toEqual([{ state: 'requested', reason: null }]);
    expect(
      await ownerSql(
        `select 1 from deliveries where subscriber = 'transcription-runs.advance' and finished_at is null`,
      ),
    ).toEqual([]);
    expect(await sweep(86_400)).toEqual([{ state: 'failed', reason: 'service_unavailable' }]);
  });

  it('because the service refuses it for good ends at once, so that it keeps no place there', async () => {
    service.answers.push({ status: 400, body: { error: { code: 'language_unknown', message: 'no' } } });
    const id = await create({ fileId: await upload() });
    expect(await getIt(id)).toMatchObject({ state: 'failed', reason: 'not_readable' });
    expect(service.sources.size).toBe(0);
  });

  it('because its file was deleted while it ran ends, and deleted itself leaves nothing', async () => {
    service.answers.push({ status: 500 }, { status: 500 });
    const [one, two] = [await upload(), await upload()];
    const [gone, deleted] = [await create({ fileId: one }), await create({ fileId: two })];
    await app.send('DELETE', `/api/v1/files/${one}`, { token: ann.token });
    expect((await send('DELETE', `/${deleted}`)).status).toBe(204);
    app.clock.advanceSeconds(180);
    await sweepTranscriptions(app.services);
    await app.drain();
    expect(
      await ownerSql('select id, reason from transcriptions where organization_id = $1', [
        ann.organizationId,
      ]),
    ).toEqual([{ id: gone, reason: 'source_gone' }]);
    expect(
      await ownerSql('select text from transcript_segments where organization_id = $1', [ann.organizationId]),
    ).toEqual([]);
  });

  it('is refused at once without a service, and while one of the same file runs', async () => {
    const fileId = await upload();
    service.answers.push({ status: 500 });
    await create({ fileId });
    expect((await send('POST', '', ann, { fileId })).body.code).toBe('transcripts.already_running');
    app = createTestApp();
    ann = await app.person();
    const answer = await send('POST', '', ann, { fileId: await upload() });
    expect(answer.body.code).toBe('transcripts.not_configured');
  });
});

describe('minutes that were written down', () => {
  const selectMetered = async (id: string) => {
    await app.drain();
    return ownerSql(
      `select quantity::int, user_id from usage_events where meter = 'transcription_minutes' and key = $1`,
      [id],
    );
  };

  it('are metered, without what is silent', async () => {
    const id = await create({ fileId: await upload() });
    expect(await selectMetered(id)).toEqual([{ quantity: 70_000, user_id: ann.userId }]);
  });

  it('are metered also of a transcription that is deleted before its end, or right after', async () => {
    service.answers.push(ok(spoken('One.')), { status: 500 });
    const running = await create({ fileId: await upload() });
    expect((await send('GET', `/${running}/segments`)).body.data).toHaveLength(1);
    expect((await send('DELETE', `/${running}`)).status).toBe(204);
    expect(await selectMetered(running)).toEqual([{ quantity: 50_000, user_id: ann.userId }]);
    const ready = await create({ fileId: await upload() });
    expect((await send('DELETE', `/${ready}`)).status).toBe(204);
    expect(await selectMetered(ready)).toEqual([{ quantity: 70_000, user_id: ann.userId }]);
  });

  it('are metered also when the recording is deleted meanwhile', async () => {
    service.answers.push(ok(spoken('One.')), { status: 500 });
    const { roomId, callId, organizationId } = await createRecordableRoom(app, ann);
    const recordingId = await insertRecording(app, { organizationId, roomId, callId, storage: 'product' });
    const id = await create({ roomId, recordingId });
    await app.send('DELETE', `/api/v1/rooms/${roomId}/recordings/${recordingId}`, { token: ann.token });
    await app.drain();
    expect(await selectMetered(id)).toEqual([{ quantity: 50_000, user_id: ann.userId }]);
    expect(await ownerSql('select id from transcriptions where id = $1', [id])).toEqual([]);
  });
});
