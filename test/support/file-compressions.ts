import { expect } from 'vitest';
import type { Person, TestApp } from './app.ts';
import { uploadFile } from './files.ts';

const MP4 = [0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6f, 0x6d, 0, 0, 2, 0, 0x69, 0x73, 0x6f, 0x6d];

/** Bytes that begin as an MP4 does. */
export const createVideo = (sizeBytes: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: sizeBytes }, (_, at) => MP4[at] ?? 32 + (at % 90));

/** A scanned video of somebody, large enough to be compressed. */
export async function createVideoFile(app: TestApp, { token }: Pick<Person, 'token'>): Promise<string> {
  const answer = await uploadFile(app, token, { content: createVideo(11_000), name: 'call.mp4' });
  expect(answer).toMatchObject({ status: 201 });
  await app.drain();
  return answer.body.id as string;
}

/** A compression of somebody, about a file of theirs. */
export async function createCompression(
  app: TestApp,
  person: Pick<Person, 'token'>,
): Promise<{ fileId: string; compressionId: string }> {
  const fileId = await createVideoFile(app, person);
  const path = `/api/v1/files/${fileId}/compressions`;
  const answer = await app.send('POST', path, { token: person.token, body: {} });
  expect(answer).toMatchObject({ status: 202 });
  return { fileId, compressionId: answer.body.id as string };
}
