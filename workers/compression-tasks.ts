import { base64 } from '../src/kernel/core/index.ts';
import {
  type CompressionSettings,
  type CompressionTasks,
  KEPT_REASONS,
  MediaRefused,
  TASK_STAGES,
  type TaskFailure,
  type TaskState,
} from '../src/media/compression/index.ts';
import {
  type Connection,
  createClients,
  type ObjectClient,
  type ObjectRequest,
  requestObject,
  toMediaError,
  withLength,
} from './compression-client.ts';
import type {
  ObjectResult,
  TaskState as TaskMessage,
} from './compression/generated/auralink/aic/v1/objects_pb.js';

const CALL_MS = 15_000;
/** Time for one piece of a source or copy, which has some megabytes. */
const PIECE_MS = 120_000;

/** `TaskFailureKind` of the contract, in its order. */
const FAILURES: readonly TaskFailure[] = ['unknown', 'refused', 'exhausted', 'too_long', 'source_differs'];
/** `ObjectOutcome` of the contract. */
const COMPRESSED = 1;

const sourceOf = (taskId: string) => `${taskId}.source`;
const copyOf = (taskId: string) => `${taskId}.copy`;
const at = (value: string) => ({ place: { case: 'path' as const, value } });

/** The settings as the contract has them: `VideoCodec`, `VideoContainer` and `ImageFormat` by their numbers. */
function toRequestSettings(settings: CompressionSettings) {
  const { minSsim } = settings;
  if (settings.kind === 'image')
    return { case: 'image' as const, value: { minSsim, format: settings.format === 'avif' ? 0 : 1 } };
  const { codec, container } = settings;
  return {
    case: 'video' as const,
    value: { minSsim, codec: codec === 'av1' ? 0 : 1, container: container === 'mp4' ? 0 : 1 },
  };
}

/** A figure of 4 bytes, without the digits that its conversion adds. */
const round = (value: number) => Math.round(value * 1e5) / 1e5;

const figuresOf = (result: ObjectResult) => ({
  copyBytes: Number(result.compressedBytes),
  codec: result.codec,
  // x264 has one preset, which the service does not number.
  preset: result.codec === 'x264' ? 'medium' : String(result.preset),
  ssim: round(result.quality?.ssim ?? 0),
  lowestSsim: round(result.quality?.lowestSsim ?? 0),
  xpsnrDb: round(result.quality?.xpsnrDb ?? 0),
  framesCompared: Number(result.quality?.framesCompared ?? 0),
  durationSeconds: result.durationSeconds,
  width: result.width,
  height: result.height,
  cpuSeconds: Number(result.searchCpuMs + result.encodeCpuMs + result.verifyCpuMs) / 1000,
});

function toTaskState({ state }: TaskMessage): TaskState {
  if (state.case === 'progress')
    return { kind: 'running', stage: TASK_STAGES[state.value.stage], fraction: state.value.fraction };
  if (state.case === 'failure')
    return { kind: 'failed', failure: FAILURES[state.value.kind] ?? 'unknown', detail: state.value.detail };
  if (state.case !== 'result') throw new Error('the compression service said nothing of a task');
  const { value: result } = state;
  const figures = figuresOf(result);
  if ((result.outcome as number) !== COMPRESSED) {
    const reason = KEPT_REASONS[result.keptReason - 1];
    if (!reason) throw new Error('the compression service did not say why it made no copy');
    return { kind: 'kept', reason, detail: result.detail, figures };
  }
  const { sha256: checksum, contentType } = result;
  return { kind: 'compressed', copy: { sizeBytes: figures.copyBytes, checksum, contentType }, figures };
}

function requireOk(response: Response, what: string): void {
  if (response.ok) return;
  if (response.status === 413) throw new MediaRefused('the content is too large for the service');
  throw new Error(`the compression service answered ${response.status} to ${what}`);
}

async function readPiece(response: Response, length: number): Promise<Uint8Array<ArrayBuffer>> {
  requireOk(response, 'a request for a piece of a copy');
  const bytes = new Uint8Array(await response.arrayBuffer());
  const digest = base64(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  const isWhole = bytes.length === length && response.headers.get('content-digest') === `sha-256=:${digest}:`;
  if (!isWhole) throw new Error('a piece of a copy arrived with other bytes');
  return bytes;
}

/** The folder of objects, where sources go and copies come from. */
function exchangePieces(
  connection: Connection,
): Pick<CompressionTasks, 'findOffset' | 'sendPiece' | 'readCopy'> {
  const request = (name: string, timeMs: number, init: ObjectRequest) =>
    requestObject(connection, name, { ...init, signal: AbortSignal.timeout(timeMs) });
  return {
    async findOffset(taskId) {
      const response = await request(sourceOf(taskId), CALL_MS, { method: 'HEAD' });
      if (response.status === 404) return 0;
      requireOk(response, 'a question for a source');
      return Number(response.headers.get('upload-offset'));
    },
    async sendPiece(taskId, { body, offset, length, sizeBytes }) {
      const response = await request(sourceOf(taskId), PIECE_MS, {
        method: 'PUT',
        headers: { 'Content-Range': `bytes ${offset}-${offset + length - 1}/${sizeBytes}` },
        body: withLength(body, length),
        duplex: 'half',
      });
      await response.body?.cancel();
      requireOk(response, 'a piece of a source');
    },
    async readCopy(taskId, { offset, length }) {
      const headers = { Range: `bytes=${offset}-${offset + length - 1}` };
      return readPiece(await request(copyOf(taskId), PIECE_MS, { method: 'GET', headers }), length);
    },
  };
}

async function deleteObjects(connection: Connection, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const signal = AbortSignal.timeout(CALL_MS);
    requireOk(await requestObject(connection, name, { method: 'DELETE', signal }), 'the end of a task');
  }
}

async function isNotFound(error: unknown): Promise<boolean> {
  const { Code, ConnectError } = await import('@connectrpc/connect');
  return error instanceof ConnectError && error.code === Code.NotFound;
}

/** The tasks of the service, without its breaker. */
export function connectTasks(connection: Connection): CompressionTasks {
  const clientFor = createClients(connection);
  const call = async <T>(
    taskId: string,
    work: (client: ObjectClient, signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    try {
      return await work(await clientFor(taskId), AbortSignal.timeout(CALL_MS));
    } catch (error) {
      throw await toMediaError(error);
    }
  };
  return {
    ...exchangePieces(connection),
    async start({ taskId, settings, checksum, organizationId: owner }) {
      const [input, output] = [at(sourceOf(taskId)), at(copyOf(taskId))];
      const task = { taskId, owner, input, output, settings: toRequestSettings(settings) };
      await call(taskId, (objects, signal) =>
        objects.startTask({ ...task, inputSha256: checksum ?? '' }, { signal }),
      );
    },
    async find(taskId) {
      try {
        return toTaskState(await call(taskId, (objects, signal) => objects.getTask({ taskId }, { signal })));
      } catch (error) {
        if (await isNotFound(error)) return undefined;
        throw error;
      }
    },
    async end(taskId) {
      await call(taskId, (objects, signal) => objects.endTask({ taskId }, { signal }));
      await deleteObjects(connection, [sourceOf(taskId), copyOf(taskId)]);
    },
  };
}
