import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import {
  type AICObjectService,
  type CompressObjectRequest,
  type CompressObjectResponse,
  CompressObjectResponseSchema,
  ObjectStage,
} from '../../generated/auralink/aic/v1/objects_pb.js';
import { PoolFull } from '../frames/single-frames.ts';
import { ProcessEnded, WorkerRefusal } from '../processes/worker-process.ts';
import { ObjectError } from './locations.ts';
import { makeDocumentPreview, makePreview, makeVariants } from './make-previews.ts';
import {
  checkRequest,
  compressObject,
  type CompressionEvent,
  IMAGE_SECONDS,
  InputDiffers,
  type ObjectServiceOptions,
  presentProgress,
} from './compress-object.ts';
import type { ObjectTasks } from './object-tasks.ts';
import { inTurn, TooCostly } from './in-turn.ts';
import { latest } from './latest.ts';
import type { TaskRun } from './task-queue.ts';

/**
 * Drawing a page takes milliseconds; a page that takes much longer would not be done with more time either. Counted
 * from its turn, and less than callers wait, so that they have the answer.
 */
const DOCUMENT_SECONDS = 15;
/** With that, less than callers wait: they have to know that it was not begun. */
const WAIT_SECONDS = 8;
/** Progress is repeated, so that nothing between takes the stream for idle. */
const HEARTBEAT_MS = 4_000;

/** The error in terms of the protocol. */
function toConnectError(error: unknown): ConnectError {
  if (error instanceof ObjectError || error instanceof InputDiffers || error instanceof WorkerRefusal)
    return new ConnectError(error.message, Code.InvalidArgument);
  // A preview that takes too much is refused for its content.
  if (error instanceof TooCostly) return new ConnectError(error.message, Code.InvalidArgument);
  // It was not begun; what ends its process was.
  if (error instanceof PoolFull) return new ConnectError(error.message, Code.ResourceExhausted);
  if (error instanceof ProcessEnded) return new ConnectError(error.message, Code.Aborted);
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return new ConnectError('the work took longer than it may', Code.DeadlineExceeded);
  return ConnectError.from(error);
}

const toResponse = (event: CompressionEvent) => create(CompressObjectResponseSchema, { event });

async function* serveCompressObject(
  request: CompressObjectRequest,
  signal: AbortSignal,
  options: ObjectServiceOptions,
): AsyncGenerator<CompressObjectResponse> {
  const left = new AbortController();
  try {
    await checkRequest(request, options.limits);
    const first = toResponse(presentProgress(ObjectStage.WAITING));
    yield* latest<CompressObjectResponse>(first, HEARTBEAT_MS, (emit) =>
      compressObject(request, AbortSignal.any([signal, left.signal]), options, (event) =>
        emit(toResponse(event)),
      ),
    );
  } catch (error) {
    throw toConnectError(error);
  } finally {
    left.abort(new Error('the caller has left'));
  }
}

/** Whole files. Each is worked on in a process of its own. */
export function createObjectService(
  options: ObjectServiceOptions,
  tasks: ObjectTasks,
): ServiceImpl<typeof AICObjectService> {
  const { images, limits } = options;
  const answer = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw toConnectError(error);
    }
  };
  const preview = <T>(
    { owner }: { owner: string },
    signal: AbortSignal,
    work: (run: TaskRun) => Promise<T>,
    seconds = IMAGE_SECONDS,
  ): Promise<T> => answer(inTurn(images, { owner, signal, waitSeconds: WAIT_SECONDS, seconds }, work));
  return {
    compressObject: (request, { signal }) => serveCompressObject(request, signal, options),
    startTask: (request) => answer(tasks.start(request)),
    getTask({ taskId }) {
      const state = tasks.find(taskId);
      if (!state) throw new ConnectError('there is no such task', Code.NotFound);
      return state;
    },
    async endTask({ taskId }) {
      await tasks.end(taskId);
      return {};
    },
    imageVariants: (request, { signal }) =>
      preview(request, signal, (run) => makeVariants(request, run, limits)),
    previewVideo: (request, { signal }) =>
      preview(request, signal, (run) => makePreview(request, run, limits)),
    previewDocument: (request, { signal }) =>
      preview(request, signal, (run) => makeDocumentPreview(request, run, limits), DOCUMENT_SECONDS),
  };
}
