import { PermanentFailure } from '../../kernel/core/index.ts';

/** The content of a file that the service reads: a picture or a video. */
export interface SourceMedia {
  body: ReadableStream<Uint8Array>;
  sizeBytes: number;
  /** The organization: they take turns where contents wait. */
  organizationId: string;
}

/** An image that the service made, whole: previews are small. */
export interface MadeImage {
  bytes: Uint8Array<ArrayBuffer>;
  contentType: string;
  /** In pixels. */
  width: number;
  height: number;
}

export interface ImageVariant {
  format: 'webp' | 'avif';
  /** Most pixels in width and height; the image is never enlarged. */
  maxPixels: number;
}

export interface ImageVariants {
  /** Width of the picture as it is shown, in pixels. */
  width: number;
  height: number;
  blurhash: string;
  /** In the order in which they were asked for, without metadata. */
  images: MadeImage[];
}

export interface VideoPreview {
  /** In pixels. */
  width: number;
  height: number;
  durationSeconds: number;
  /** BlurHash of the poster. */
  blurhash: string;
  poster: MadeImage;
  /** Frames side by side, evenly over the duration. */
  strip: MadeImage;
}

/** An image of a page, from 1. */
export interface PageImage {
  page: number;
  /** Pixels of the longer edge at most. */
  maxPixels: number;
}

/** What the images of a document show: its pages, the text at its beginning, or the thumbnail stored in it; in the order of the contract. */
export const DOCUMENT_IMAGES = ['pages', 'text', 'thumbnail'] as const;
export type DocumentImages = (typeof DOCUMENT_IMAGES)[number];

export interface DocumentPreview {
  /** Undefined where only a program that lays the document out could say. */
  pageCount: number | undefined;
  shows: DocumentImages;
  /** Width of the first page, in points. */
  width: number;
  height: number;
  /** BlurHash of the first page. */
  blurhash: string;
  /** In the order in which they were asked for, up to the last page that there is. */
  images: MadeImage[];
}

/** The service does not take this content, or it takes more than the service gives to one: another attempt is of no use. */
export class MediaRefused extends PermanentFailure {
  override readonly name = 'MediaRefused';
}

/**
 * The service works, but has no time or memory for this content now: others wait before it, or it takes too much. This
 * is no failure of the service, so it must not block the service for others.
 */
export class ServiceExhausted extends Error {
  override readonly name: string = 'ServiceExhausted';
}

/** Others wait before this content, so it was not begun: that says nothing about the content. */
export class ServiceBusy extends ServiceExhausted {
  override readonly name = 'ServiceBusy';
}

/** The compression service: what reads and makes pictures, videos and documents. */
export interface CompressionService {
  /** @throws MediaRefused; any other error may pass */
  makeImageVariants(source: SourceMedia, variants: readonly ImageVariant[]): Promise<ImageVariants>;
  /** @throws MediaRefused; any other error may pass */
  makeVideoPreview(source: SourceMedia): Promise<VideoPreview>;
  /** @param images in the order of their pages @throws MediaRefused; any other error may pass */
  makeDocumentPreview(source: SourceMedia, images: readonly PageImage[]): Promise<DocumentPreview>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    /** Undefined where none is configured: what needs it waits. */
    compression: CompressionService | undefined;
  }
}
