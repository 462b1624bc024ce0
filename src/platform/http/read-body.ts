import type { StreamRouteBody } from './route.ts';
import { findRepeatedName, requestErrors } from '../../kernel/core/index.ts';

/** At most `limitBytes` of the body. @throws AppError `request.body_too_large`: before reading when the length is declared */
async function readBytes(request: Request, limitBytes: number): Promise<Uint8Array[]> {
  const tooLarge = () => requestErrors.bodyTooLarge({ detail: `at most ${limitBytes} bytes` });
  const declared = request.headers.get('content-length');
  if (declared !== null && Number(declared) > limitBytes) throw tooLarge();
  if (declared !== null || request.body === null) return [new Uint8Array(await request.arrayBuffer())];
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength;
    if (size > limitBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    parts.push(part.value);
  }
  return parts;
}

/**
 * Reads the body as UTF-8, at most `limitBytes` of it; a byte order mark is left out.
 * @throws AppError `request.unsupported_media_type` when it is compressed, `request.body_too_large`, or
 * `request.malformed_json` when it is in another encoding
 */
async function readText(request: Request, limitBytes: number): Promise<string> {
  requireNoEncoding(request);
  const parts = await readBytes(request, limitBytes);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  try {
    return parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
  } catch (cause) {
    throw requestErrors.malformedJson({ detail: 'the body must be encoded in UTF-8', cause });
  }
}

/**
 * A body is not decompressed: a few bytes could become any number of them.
 * @throws AppError `request.unsupported_media_type` when the body is compressed
 */
function requireNoEncoding({ headers }: Request): void {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity')
    throw requestErrors.unsupportedMediaType({ detail: 'the body must not be compressed' });
}

/** @throws AppError `request.unsupported_media_type` unless the type is one of these, in UTF-8 */
function requireMediaType(contentType: string | null, mediaTypes: readonly string[]): void {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (!mediaTypes.includes(type)) throw requestErrors.unsupportedMediaType();
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !['utf-8', '"utf-8"', 'utf8', 'us-ascii'].includes(charset))
    throw requestErrors.unsupportedMediaType({ detail: 'the body must be encoded in UTF-8' });
}

const JSON_TYPES = ['application/json'];

/**
 * Reads the JSON body; `{}` when there is none, so that a schema without required fields passes. A request without content
 * needs no media type: runtimes give it an empty stream, which differs from a body only by what it holds.
 * @param otherMediaTypes of JSON, beside `application/json`
 * @throws AppError `request.unsupported_media_type`, `request.body_too_large`, `request.malformed_json`, or `request.invalid`
 * when an object has a name twice
 */
export async function readJsonBody(
  request: Request,
  limitBytes: number,
  otherMediaTypes: readonly string[] = [],
): Promise<unknown> {
  const type = request.headers.get('content-type');
  if (type !== null) requireMediaType(type, [...JSON_TYPES, ...otherMediaTypes]);
  const text = await readText(request, limitBytes);
  if (text === '') return {};
  if (type === null) throw requestErrors.unsupportedMediaType({ detail: 'the body has no Content-Type' });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw requestErrors.malformedJson({ cause });
  }
  const pointer = findRepeatedName(text);
  if (pointer !== undefined)
    throw requestErrors.invalid({ errors: [{ pointer, message: 'is in the object twice' }] });
  return value;
}

/**
 * Reads the body as text, unparsed.
 * @throws AppError `request.unsupported_media_type`, `request.body_too_large` or `request.malformed_json`
 */
export async function readRawBody(
  request: Request,
  mediaTypes: readonly string[],
  limitBytes: number,
): Promise<string> {
  requireMediaType(request.headers.get('content-type'), mediaTypes);
  return readText(request, limitBytes);
}

/**
 * Checks the headers of a body that is read as a stream.
 * @throws AppError `request.unsupported_media_type`
 */
export function requireStreamable(request: Request, { mediaTypes, optional }: StreamRouteBody): void {
  requireNoEncoding(request);
  const type = request.headers.get('content-type');
  if (mediaTypes.length > 0 && !(optional && type === null)) requireMediaType(type, mediaTypes);
}
