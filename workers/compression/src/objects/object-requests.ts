import { create } from '@bufbuild/protobuf';
import {
  type CompressObjectRequest,
  DocumentImages,
  ImageFormat,
  KeptReason,
  type ObjectLocation,
  ObjectOutcome,
  type ObjectResult,
  ObjectResultSchema,
  ObjectStage,
  VideoCodec,
  VideoContainer,
  type WrittenImage,
  WrittenImageSchema,
} from '../../generated/auralink/aic/v1/objects_pb.js';
import type { Location, WrittenObject } from './locations.ts';
import { ObjectError } from './locations.ts';
import type { CompressedObject, ImageFile, ImageTask, Stage, VideoTask } from './object-messages.ts';

const KEPT = {
  not_smaller: KeptReason.NOT_SMALLER,
  quality_not_reached: KeptReason.QUALITY_NOT_REACHED,
  copy_differs: KeptReason.COPY_DIFFERS,
} as const;
export const STAGES: Readonly<Record<Stage, ObjectStage>> = {
  searching: ObjectStage.SEARCHING,
  encoding: ObjectStage.ENCODING,
  verifying: ObjectStage.VERIFYING,
};
export const IMAGE_FORMATS = {
  [ImageFormat.AVIF]: 'avif',
  [ImageFormat.WEBP]: 'webp',
  [ImageFormat.JPEG]: 'jpeg',
} as const;
export const DOCUMENT_IMAGES = {
  pages: DocumentImages.PAGES,
  text: DocumentImages.TEXT,
  thumbnail: DocumentImages.THUMBNAIL,
} as const;
const DEFAULT_SSIM = 0.96;

export const readLocation = (location: ObjectLocation | undefined): Location => ({
  place: location?.place ?? { case: undefined },
  headers: location?.headers ?? {},
});

function readSsim(value: number, most: number): number {
  const ssim = value || DEFAULT_SSIM;
  if (!(ssim >= 0.8 && ssim <= most)) throw new ObjectError(`min_ssim is from 0.80 to ${most}`);
  return ssim;
}

/** The work that a request asks for. @throws ObjectError naming what is wrong */
export function readTask(
  { settings }: CompressObjectRequest,
  input: string,
  output: string,
): VideoTask | ImageTask {
  if (settings.case === 'image') {
    const format = IMAGE_FORMATS[settings.value.format];
    if (format !== 'avif' && format !== 'webp') throw new ObjectError('format is AVIF or WEBP');
    return { type: 'image', input, output, format, minSsim: readSsim(settings.value.minSsim, 0.999) };
  }
  if (settings.case !== 'video') throw new ObjectError('settings are those of a video or of an image');
  const { codec, container, minSsim, minXpsnrDb, preset } = settings.value;
  const isH264 = codec === VideoCodec.H264;
  if (isH264 && container === VideoContainer.WEBM) throw new ObjectError('H.264 is not written to WebM');
  if (preset !== 0 && (preset < 4 || preset > 10)) throw new ObjectError('preset is from 4 to 10');
  return {
    type: 'video',
    input,
    output,
    codec: isH264 ? 'h264' : 'av1',
    container: container === VideoContainer.WEBM ? 'webm' : 'mp4',
    minSsim: readSsim(minSsim, 0.995),
    minXpsnr: minXpsnrDb,
    preset,
  };
}

export interface Finished {
  copy: CompressedObject;
  originalBytes: number;
  peakBytes: number;
  written: WrittenObject | undefined;
}

export function presentResult({ copy, originalBytes, peakBytes, written }: Finished): ObjectResult {
  const { kept, quality, cpuMs } = copy;
  return create(ObjectResultSchema, {
    outcome: kept ? ObjectOutcome.KEPT_ORIGINAL : ObjectOutcome.COMPRESSED,
    keptReason: kept ? KEPT[kept.reason] : KeptReason.NONE,
    detail: kept?.detail ?? '',
    originalBytes: BigInt(originalBytes),
    compressedBytes: BigInt(copy.bytes),
    sha256: written?.sha256 ?? '',
    contentType: copy.contentType,
    codec: copy.codec,
    preset: copy.preset,
    qualitySetting: copy.setting,
    quality: {
      ssim: quality.ssim,
      lowestSsim: quality.lowestSsim,
      xpsnrDb: quality.xpsnr,
      framesCompared: BigInt(quality.frames),
    },
    durationSeconds: copy.durationSeconds,
    width: copy.width,
    height: copy.height,
    searchCpuMs: BigInt(Math.round(cpuMs.search)),
    encodeCpuMs: BigInt(Math.round(cpuMs.encode)),
    verifyCpuMs: BigInt(Math.round(cpuMs.verify)),
    probes: copy.probes,
    peakMemoryBytes: BigInt(peakBytes),
  });
}

export const presentImage = (
  { width, height, contentType }: ImageFile,
  { bytes, sha256 }: WrittenObject,
): WrittenImage => create(WrittenImageSchema, { width, height, contentType, bytes: BigInt(bytes), sha256 });
