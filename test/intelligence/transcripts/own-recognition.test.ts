import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHostedRecognition } from '../../../src/intelligence/providers/openai/index.ts';
import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import { sweepTranscriptions } from '../../../src/intelligence/transcription-runs/sweep-transcriptions.ts';
import { ownerSql } from '../../contract/sql.ts';
import { OpenAiStandIn } from '../../support/ai/openai-stand-in.ts';
import { SpeechStandIn, THREE_PIECES } from '../../support/ai/speech-stand-in.ts';
import { STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createVideo } from '../../support/file-compressions.ts';
import { uploadFile } from '../../support/files.ts';

let app: TestApp;
let ann: Person;
let openAi: OpenAiStandIn;
let service: SpeechStandIn;
beforeAll(async () => {
  openAi = await new OpenAiStandIn().start();
  service = new SpeechStandIn();
  await service.start();
  service.pieces = [THREE_PIECES[0]!];
  const settings = { OPENAI_API_KEY: 'key-of-the-platform', OPENAI_API_URL: openAi.url };
  const speech = createSpeechService({ url: service.url, secret: service.secret });
  app = createTestApp({ speech, hostedRecognition: createHostedRecognition(openAi.url) }, settings);
  ann = await app.person();
});
afterAll(() => Promise.all([openAi.stop(), service.stop()]));

const create = (fileId: string) =>
  app.send('POST', '/api/v1/ai/transcriptions', { token: ann.token, body: { fileId, model: 'whisper-1' } });
const stateOf = async (id: string) => {
  const [row] = await ownerSql(
    'select state, transcribed_ms, pieces_done from transcriptions where id = $1',
    [id],
  );
  return row;
};

it('a transcription by OpenAI uses only the key of the organization, waits for it, and counts no minute', async () => {
  const { body: file } = await uploadFile(app, ann.token, { content: createVideo(12_000), name: 'call.mp4' });
  await app.drain();
  expect((await create(file.id)).body.code).toBe('transcripts.no_key');
  const own = { token: ann.token, body: { secret: STAND_IN_KEY } };
  expect((await app.send('PUT', '/api/v1/ai/provider-keys/openai', own)).status).toBe(200);
  openAi.faults.push({ status: 401, body: '{}' });
  const { status, body } = await create(file.id);
  expect([status, body.model]).toEqual([202, 'whisper-1']);
  await app.drain();
  expect(await stateOf(body.id)).toEqual({ state: 'requested', transcribed_ms: 0, pieces_done: 0 });
  app.clock.advanceSeconds(180);
  await sweepTranscriptions(app.services);
  await app.drain();
  expect(await stateOf(body.id)).toEqual({ state: 'ready', transcribed_ms: 0, pieces_done: 1 });
  expect(
    await ownerSql('select text from transcript_segments where transcription_id = $1', [body.id]),
  ).toEqual([{ text: 'By OpenAI.' }]);
  expect(openAi.requests.map(({ path, key }) => [path, key])).toEqual(
    Array.from({ length: 2 }, () => ['/v1/audio/transcriptions', STAND_IN_KEY]),
  );
  const form = String(openAi.requests[1]!.body.form);
  expect(form).toMatch(/name="model"\s+whisper-1/);
  expect(form).toMatch(/name="timestamp_granularities\[\]"\s+word/);
  expect(service.forms).toEqual([]);
});
