import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import {
  type AICObjectService,
  type CompressObjectRequest,
  type CompressObjectResponse,
  CompressObjectResponseSchema,
  type ImageVariantsRequest,
  ObjectStage,
  type PreviewVideoRequest,
} from '../../generated/auralink/aic/v1/objects_pb.js';
import { PoolFull } from '../frames/single-frames.ts';
import { ProcessEnded, WorkerRefusal } from '../processes/worker-process.ts';
import { checkLocation, type LocationLimits, ObjectError, readObject, writeObject } from './locations.ts';
import {
  checkRequest,
  compressObject,
  type CompressionEvent,
  IMAGE_SECONDS,
  InputDiffers,
  type ObjectServiceOptions,
  presentProgress,
  within,
} from './compress-object.ts';
import { IMAGE_FORMATS, presentImage, readLocation } from './object-requests.ts';
import type { ObjectTasks } from './object-tasks.ts';
import { latest } from './latest.ts';
import type { TaskRun } from './task-queue.ts';

const MAX_VARIANTS = 12;
const MAX_EDGE = 8_192;
/** Progress is repeated, so that nothing between takes the stream for idle. */
const HEARTBEAT_MS = 4_000;

/** What went wrong, as the protocol says it. */
function toConnectError(error: unknown): ConnectError {
  if (error instanceof ObjectError || error instanceof InputDiffers || error instanceof WorkerRefusal)
    return new ConnectError(error.message, Code.InvalidArgument);
  if (error instanceof PoolFull || error instanceof ProcessEnded)
    return new ConnectError(error.message, Code.ResourceExhausted);
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

async function makeVariants(request: ImageVariantsRequest, run: TaskRun, limits: LocationLimits) {
  const input = join(run.folder, 'input');
  const { variants: wanted, blurhash } = request;
  if (wanted.length > MAX_VARIANTS) throw new ObjectError(`there are at most ${MAX_VARIANTS} variants`);
  const variants = wanted.map(({ format, maxWidth, maxHeight, quality }, i) => {
    const isEdge = (edge: number) => edge >= 0 && edge <= MAX_EDGE;
    if (!isEdge(maxWidth) || !isEdge(maxHeight))
      throw new ObjectError(`an edge has at most ${MAX_EDGE} pixels`);
    if (quality < 0 || quality > 100) throw new ObjectError('quality is from 1 to 100');
    return {
      format: IMAGE_FORMATS[format],
      maxWidth,
      maxHeight,
      quality,
      output: join(run.folder, `variant-${i}`),
    };
  });
  for (const { output } of wanted) await checkLocation(readLocation(output), limits);
  await readObject(readLocation(request.input), input, limits, run.signal);
  const { value } = await run.ask({ type: 'variants', input, variants, blurhash });
  const written = await Promise.all(
    value.files.map(async (file, i) => {
      const location = readLocation(wanted[i]!.output);
      return presentImage(
        file,
        await writeObject(location, variants[i]!.output, file.contentType, limits, run.signal),
      );
    }),
  );
  return { ...value, variants: written };
}

async function makePreview(request: PreviewVideoRequest, run: TaskRun, limits: LocationLimits) {
  const [input, poster, strip] = ['input', 'poster', 'strip'].map((name) => join(run.folder, name)) as [
    string,
    string,
    string,
  ];
  const stripFrames = request.stripFrames || 8;
  const maxWidth = request.maxWidth || 1_280;
  if (stripFrames < 2 || stripFrames > 20) throw new ObjectError('strip_frames is from 2 to 20');
  if (maxWidth < 64 || maxWidth > 1_920) throw new ObjectError('max_width is from 64 to 1920');
  await checkLocation(readLocation(request.poster), limits);
  await readObject(readLocation(request.input), input, limits, run.signal);
  const wanted = request.strip ? strip : undefined;
  const { value } = await run.ask({
    type: 'preview',
    input,
    poster,
    strip: wanted,
    stripFrames,
    maxWidth,
  });
  const write = async (location: typeof request.poster, path: string, file: typeof value.poster) =>
    presentImage(file, await writeObject(readLocation(location), path, file.contentType, limits, run.signal));
  return {
    ...value,
    poster: await write(request.poster, poster, value.poster),
    strip: value.strip ? await write(request.strip, strip, value.strip) : undefined,
  };
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
  const inTurn = <T>(signal: AbortSignal, work: (run: TaskRun) => Promise<T>): Promise<T> =>
    answer(images.run(within(signal, IMAGE_SECONDS), work));
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
    imageVariants: (request, { signal }) => inTurn(signal, (run) => makeVariants(request, run, limits)),
    previewVideo: (request, { signal }) => inTurn(signal, (run) => makePreview(request, run, limits)),
  };
}
