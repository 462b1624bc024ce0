import { z } from '@hono/zod-openapi';

const url = z
  .string()
  .max(512)
  .regex(
    /^(?:rtmps?:\/\/[^/]+(?:\/[\w.~-]+){1,8}|srt:\/\/[^/]+)\/?$/,
    'must be rtmp:// or rtmps:// with a host and an application, or srt:// with a host',
  )
  .regex(/^[\w.~:/[\]-]+$/, 'must have no query and no special characters');
const streamKey = z.string().regex(/^[\w.~!$&'()*+,;=:@%/?-]{1,512}$/, 'must be the key of a stream');

export const newTargetSchema = z
  .strictObject({
    url: url
      .openapi({ example: 'rtmps://live.video.example/app' })
      .describe(
        'Address of the receiver, without the key, up to 512 characters. `rtmp` (port 1935) and `rtmps` (443, 1935, 2935) have the name of the ' +
          'application, `srt` has a port from 1024. The host must be on the public internet.',
      ),
    streamKey: streamKey
      .optional()
      .openapi({ example: 'abcd-1234-efgh-5678' })
      .describe(
        'Key of the stream at the receiver, up to 512 characters; for SRT it is the stream id, and may be absent. It is stored encrypted ' +
          'until the target is over, and never returned.',
      ),
    passphrase: z
      .string()
      .regex(/^[\x21-\x7e]{10,79}$/, 'must be 10 to 79 visible ASCII characters')
      .optional()
      .describe('Passphrase of an SRT receiver, 10 to 79 visible ASCII characters; treated like the key.'),
  })
  .refine(({ url: to, streamKey: key }) => to.startsWith('srt:') || key !== undefined, {
    path: ['streamKey'],
    message: 'is needed for RTMP',
  })
  .refine(({ url: to, passphrase }) => to.startsWith('srt:') || passphrase === undefined, {
    path: ['passphrase'],
    message: 'must be left out: only an SRT target has one',
  });

export const newTargetExample = { url: 'rtmps://live.video.example/app', streamKey: 'abcd-1234-efgh-5678' };
