import { transcriptions, transcriptSegments } from '../../src/intelligence/transcripts/transcripts.tables.ts';
import { systemScope } from '../../src/kernel/context/index.ts';
import type { Person, TestApp } from './app.ts';
import { createVideoFile } from './file-compressions.ts';

/** A transcription of somebody, about a file of theirs, that is ready and has one segment. */
export async function createTranscript(
  app: TestApp,
  { token, userId, organizationId }: Pick<Person, 'token' | 'userId' | 'organizationId'>,
): Promise<{ fileId: string; transcriptionId: string }> {
  const { ids, clock, database } = app.services;
  const fileId = await createVideoFile(app, { token });
  const transcriptionId = ids.create('transcription');
  const now = new Date(clock.now());
  const row = {
    id: transcriptionId,
    organizationId,
    fileId,
    state: 'ready',
    model: 'whisper-base',
    requestedBy: userId,
    endedAt: now,
    createdAt: now,
    updatedAt: now,
  } as const;
  const segment = {
    transcriptionId,
    organizationId,
    position: 0,
    startMs: 0,
    endMs: 900,
    text: 'Good day.',
    words: [],
  };
  await database.commit(systemScope, (q) => [
    q.insert(transcriptions).values(row),
    q.insert(transcriptSegments).values(segment),
  ]);
  return { fileId, transcriptionId };
}

/** An extractive summary of such a transcription. */
export async function createSummary(
  app: TestApp,
  owner: Pick<Person, 'token' | 'userId' | 'organizationId'>,
) {
  const made = await createTranscript(app, owner);
  const path = `/api/v1/ai/transcriptions/${made.transcriptionId}/summaries`;
  const { body } = await app.send('POST', path, { token: owner.token, body: {} });
  return { ...made, summaryId: body.id as string };
}
