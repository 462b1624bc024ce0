import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import {
  type CompressObjectRequest,
  type CompressObjectResponse,
  CompressObjectResponseSchema,
  ObjectStage,
} from '../../generated/auralink/aic/v1/objects_pb.js';
import { compressVideo } from './compress-video.ts';
import { checkLocation, hashFile, type LocationLimits, readObject, writeObject } from './locations.ts';
import type { TaskProgress } from './object-messages.ts';
import { presentResult, readLocation, readTask, STAGES } from './object-requests.ts';
import type { TaskQueue, TaskRun } from './task-queue.ts';

export interface ObjectServiceOptions {
  videos: TaskQueue;
  images: TaskQueue;
  limits: LocationLimits;
  maxSeconds: number;
}

/** For images and previews, from reading to writing. A large AVIF takes minutes of a busy core. */
export const IMAGE_SECONDS = 900;

export type CompressionEvent = CompressObjectResponse['event'];
type Emit = (event: CompressionEvent) => void;

export const within = (signal: AbortSignal, seconds: number) =>
  AbortSignal.any([signal, AbortSignal.timeout(seconds * 1_000)]);

export const presentProgress = (stage: ObjectStage, fraction = 0): CompressionEvent =>
  create(CompressObjectResponseSchema, { event: { case: 'progress', value: { stage, fraction } } }).event;

/** Refuses before anything is read what would be refused later. @throws ObjectError */
export async function checkRequest(request: CompressObjectRequest, limits: LocationLimits): Promise<void> {
  readTask(request, '', '');
  await checkLocation(readLocation(request.input), limits);
  await checkLocation(readLocation(request.output), limits);
}

/** The bytes that were read are not those of the request. */
export class InputDiffers extends Error {
  constructor() {
    super('the input has another SHA-256 than the request');
  }
}

async function workOn(request: CompressObjectRequest, run: TaskRun, limits: LocationLimits, emit: Emit) {
  const input = join(run.folder, 'input');
  const output = join(run.folder, 'output');
  const target = readLocation(request.output);
  emit(presentProgress(ObjectStage.READING));
  await readObject(readLocation(request.input), input, limits, run.signal);
  if (request.inputSha256 !== '' && (await hashFile(input)) !== request.inputSha256) throw new InputDiffers();
  const task = readTask(request, input, output);
  const report = ({ stage, fraction }: TaskProgress) => emit(presentProgress(STAGES[stage], fraction));
  const copy =
    task.type === 'video'
      ? await compressVideo(task, run.process, report)
      : await run.process.ask(task, report);
  const { size: originalBytes } = await stat(input);
  run.signal.throwIfAborted();
  if (!copy.kept) emit(presentProgress(ObjectStage.WRITING));
  const written = copy.kept
    ? undefined
    : await writeObject(target, output, copy.contentType, limits, run.signal);
  emit({
    case: 'result',
    value: presentResult({ copy, originalBytes, peakBytes: run.process.peakBytes, written }),
  });
}

/** Compresses an object in its turn; the last event is the result. @throws ObjectError, PoolFull, …; the reason of the signal */
export function compressObject(
  request: CompressObjectRequest,
  signal: AbortSignal,
  { videos, images, limits, maxSeconds }: ObjectServiceOptions,
  emit: Emit,
): Promise<void> {
  const isVideo = request.settings.case === 'video';
  const seconds = isVideo ? Math.min(maxSeconds, request.maxSeconds || maxSeconds) : IMAGE_SECONDS;
  return (isVideo ? videos : images).run(request.owner, within(signal, seconds), (run) =>
    workOn(request, run, limits, emit),
  );
}
