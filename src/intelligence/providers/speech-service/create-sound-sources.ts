import { z } from '@hono/zod-openapi';
import { ProviderFailure, type SoundPiece, type SoundSources } from '../index.ts';
import { type ApiOptions, callApi, readAnswer } from '../openai/index.ts';

const seconds = z.number().min(0).max(86_400);
const piecesSchema = z.object({
  pieces: z
    .array(z.object({ start: seconds, end: seconds, silent: z.boolean() }))
    .min(1)
    .max(5_000),
});

const sourceOf = (id: string) => `/v1/audio/sources/${id}`;
const toMs = (time: number) => Math.round(time * 1000);

const isUnknown = (error: unknown) => error instanceof ProviderFailure && error.code === 'source_unknown';
/** An answer to `HEAD` has no body for the code. */
const isMissing = (error: unknown) => error instanceof ProviderFailure && error.kind === 'request_refused';

async function findPieces(options: ApiOptions, id: string): Promise<readonly SoundPiece[] | null> {
  const response = await callApi(options, `${sourceOf(id)}/pieces`, { method: 'GET' });
  if (response.status === 202) {
    await response.body?.cancel();
    return null;
  }
  const { pieces } = await readAnswer(options.provider, response, piecesSchema);
  return pieces.map(({ start, end, silent }) => ({
    startMs: toMs(start),
    endMs: toMs(end),
    isSilent: silent,
  }));
}

export const createSoundSources = (options: ApiOptions): SoundSources => ({
  async findOffset(id) {
    try {
      const response = await callApi(options, sourceOf(id), { method: 'HEAD' });
      return z.coerce.number().int().min(0).parse(response.headers.get('upload-offset'));
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  },
  async send(id, { body, offset, length, sizeBytes }) {
    const headers = {
      'Content-Range': `bytes ${offset}-${offset + length - 1}/${sizeBytes}`,
      'Content-Type': 'application/octet-stream',
    };
    const response = await callApi(options, sourceOf(id), { method: 'PUT', headers, body });
    await response.body?.cancel();
  },
  findPieces: (id) => findPieces(options, id),
  async readPiece(id, index) {
    const response = await callApi(options, `${sourceOf(id)}/pieces/${index}?format=flac`, { method: 'GET' });
    return new Blob([await response.arrayBuffer()], { type: 'audio/flac' });
  },
  async end(id) {
    try {
      const response = await callApi(options, sourceOf(id), { method: 'DELETE' });
      await response.body?.cancel();
    } catch (error) {
      if (!isUnknown(error)) throw error;
    }
  },
});
